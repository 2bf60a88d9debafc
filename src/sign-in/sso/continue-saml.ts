import type { FastifyReply } from 'fastify'
import { AppError } from '../../kernel/errors'
import { answerSealContext } from '../../modules/sso'
import type { ProvenAnswer } from '../company/proven-answer'
import { SsoRefusal } from '../company/refusal'
import type { Visit } from '../visit'
import { connectionFor, connectionKeyInPath } from './find-connection'
import { finishSso } from './finish-sso'
import type { KeptAnswer } from './receive-saml-answer'
import { rememberedOf, takeAttempt } from './return-from-company'

/**
 * `GET /sso/saml/{ssoProviderId}/continue`: the browser that began the sign-in, told by its cookie, fetches what its
 * company has answered. The attempt is used up before the answer is looked at.
 */
export async function continueSaml(visit: Visit): Promise<FastifyReply> {
  const key = await connectionKeyInPath(visit)
  const { attempt, provider } = await takeAttempt(visit, key, visit.query('request'))
  const { organizationId } = key
  const { sealedAnswer, intent } = attempt
  if (!sealedAnswer) throw new AppError('EXPIRED', 'Your company’s sign-in has not answered; begin again.')
  const { appState } = rememberedOf(visit, organizationId, attempt)
  const kept = visit.site.spine.sealer.open(sealedAnswer, answerSealContext(organizationId, attempt.id))
  const returned = { connection: connectionFor(visit, { organizationId, provider }, intent), attempt, appState }
  return finishSso(visit, returned, () => provenOf(JSON.parse(kept) as KeptAnswer))
}

/** As it was kept; JSON carries instants as text. */
function provenOf(kept: KeptAnswer): ProvenAnswer {
  if ('refusal' in kept) throw new SsoRefusal(kept.refusal.code, kept.refusal.message)
  const { proven } = kept
  const { message, sessionEnd } = proven
  return {
    ...proven,
    message: message && { ...message, expiresAt: new Date(message.expiresAt) },
    authenticatedAt: new Date(proven.authenticatedAt),
    sessionEnd: sessionEnd && new Date(sessionEnd),
  }
}
