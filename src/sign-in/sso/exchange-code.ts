import type { FastifyReply } from 'fastify'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { exchangeSessionCode } from '../../modules/sso-sign-in'
import type { Visit } from '../visit'

/**
 * `POST /sso/session`: a frontend on another origin exchanges the code of a finished sign-in for the session, as JSON or
 * as a form. The code and its verifier are all that counts, and no cookie, so any page may call.
 */
export async function exchangeCode(visit: Visit): Promise<FastifyReply> {
  allowAnyPage(visit)
  const [code, codeVerifier, returnUrl] = [visit.field('code'), visit.field('codeVerifier'), visit.field('returnUrl')]
  const session = await visit.runOnAccountSide(exchangeSessionCode, { code, codeVerifier, returnUrl })
  if (!session) throw new AppError('EXPIRED', 'This code is too old, was used, or belongs to another sign-in.')
  return visit.reply.send({
    token: session.token,
    tokenType: 'Bearer',
    expiresAt: session.expiresAt.toISOString(),
    organizationId: toTypeId('Organization', session.organizationId),
  })
}

/** `OPTIONS /sso/session`: what a browser asks before it sends JSON from another origin. */
export function answerPreflight(visit: Visit): FastifyReply {
  allowAnyPage(visit)
  visit.reply.headers({
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '3600',
  })
  return visit.reply.code(204).send()
}

function allowAnyPage({ reply }: Visit): void {
  reply.header('access-control-allow-origin', '*')
}
