import type { FastifyReply } from 'fastify'
import { AppError } from '../kernel/errors'
import { browserHashOf, takeSignInAttempt } from '../modules/accounts'
import { finishSignIn } from './finish-sign-in'
import { callbackPath } from './providers'
import { attemptSealContext, providerOf, type Remembered, stateHashOf } from './start-sign-in'
import type { Visit } from './visit'

/**
 * `GET /login/{provider}/callback`: the browser comes back from its provider. The attempt is used up before the answer
 * is looked at, so that one answer can be tried once.
 */
export async function returnFromProvider(visit: Visit): Promise<FastifyReply> {
  const provider = providerOf(visit)
  const state = visit.query('state')
  const browserSecret = visit.knownBrowserSecret()
  if (!state || !browserSecret)
    throw new AppError('EXPIRED', 'This sign-in began in another browser, or cookies are blocked here.')
  const attempt = await visit.runOnAccountSide(takeSignInAttempt, {
    provider: provider.provider,
    browserHash: browserHashOf(browserSecret),
    stateHash: stateHashOf(state),
  })
  const { sealer } = visit.site.spine
  const { isSeparate, ...secrets } = JSON.parse(
    sealer.open(attempt.sealed, attemptSealContext(attempt.id)),
  ) as Remembered
  const identity = await provider.identify(callbackAddress(visit, provider.slug), { state, ...secrets })
  return finishSignIn(visit, { ...attempt, identity, wantsSeparateAccount: isSeparate })
}

/** The address as it is registered, never as the Host header says, with the query exactly as it came. */
function callbackAddress(visit: Visit, slug: string): URL {
  const query = visit.request.raw.url?.split(/\?(.*)/s, 2)[1] ?? ''
  return new URL(`${visit.site.publicUrl}${callbackPath(slug)}?${query}`)
}
