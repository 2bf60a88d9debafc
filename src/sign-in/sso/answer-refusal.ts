import type { FastifyReply } from 'fastify'
import { toTypeId } from '../../kernel/ids'
import { SSO_REFUSALS } from '../../modules/sso'
import type { SsoRefusal } from '../company/refusal'
import { renderMessagePage } from '../pages'
import type { Visit } from '../visit'

/** What an employee sees whose sign-in was refused. What exactly was wrong stands where Admins read it. */
export function answerRefusal(visit: Visit, { code, cause }: SsoRefusal, providerId: string): FastifyReply {
  const { message, status } = SSO_REFUSALS[code]
  const { request } = visit
  request.log.info({ requestId: request.id, code, err: cause }, 'sign-in through a company refused')
  if (status === 503) visit.reply.header('retry-after', '10')
  return visit.html(
    renderMessagePage({
      title: status === 503 ? 'Not available right now' : 'You could not sign in',
      whatHappened: message,
      whatNext: 'If it goes on, give an Admin of your organization the number below: they can see the reason.',
      requestId: request.id,
      action: { label: 'Try again', url: `/sso/${toTypeId('SsoProvider', providerId)}/start` },
    }),
    status,
  )
}
