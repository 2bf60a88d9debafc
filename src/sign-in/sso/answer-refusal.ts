import type { FastifyReply } from 'fastify'
import { toTypeId } from '../../kernel/ids'
import { findWaysIn, SSO_REFUSALS, type SsoRefusalCode } from '../../modules/sso'
import type { SsoRefusal } from '../company/refusal'
import { type MessagePageProps, renderMessagePage } from '../pages'
import type { Visit } from '../visit'

/** What an employee sees whose sign-in was refused. What exactly was wrong stands where Admins read it. */
export async function answerRefusal(
  visit: Visit,
  { code, cause }: SsoRefusal,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<FastifyReply> {
  const { message, status } = SSO_REFUSALS[code]
  const { request } = visit
  request.log.info({ requestId: request.id, code, err: cause }, 'sign-in through a company refused')
  if (status === 503) visit.reply.header('retry-after', '10')
  const isFinal = status === 403 || status === 409
  const next = isFinal ? await finalStep(visit, code, organizationId) : nextAttempt(id)
  const title = status === 503 ? 'Not available right now' : 'You could not sign in'
  return visit.html(renderMessagePage({ title, whatHappened: message, requestId: request.id, ...next }), status)
}

type NextStep = Pick<MessagePageProps, 'whatNext' | 'action'>

function nextAttempt(providerId: string): NextStep {
  return {
    whatNext: 'If it goes on, give an Admin of your organization the number below: they can see the reason.',
    action: { label: 'Try again', url: `/sso/${toTypeId('SsoProvider', providerId)}/start` },
  }
}

/** The company has said who it is, and another attempt would end in the same way: only somebody else can help. */
async function finalStep(visit: Visit, code: SsoRefusalCode, organizationId: string): Promise<NextStep> {
  const ways = await visit.runOnAccountSide(findWaysIn, { organizationId })
  const organization = ways?.name ?? 'your organization'
  if (code === 'ADDRESS_IN_USE' && ways)
    return {
      whatNext: `If it is not you, ask an Admin of ${organization}, and name the number below: they can see the reason.`,
      action: { label: 'Sign in as before', url: `/organizations/${encodeURIComponent(ways.slug)}/enter` },
    }
  const [before, after] = HELP[code] ?? ['Ask an Admin of ', ', and name the number below: they can see the reason.']
  return { whatNext: before + organization + after, action: null }
}

const HELP: Partial<Record<SsoRefusalCode, readonly [before: string, after: string]>> = {
  REMOVED: ['An Admin of ', ' can let you in again: ask one, and name the number below.'],
  SUSPENDED: ['An Admin of ', ' can give it back: ask one, and name the number below.'],
}
