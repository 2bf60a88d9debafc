import { hash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { notFound } from '../access'
import { AppError } from '../kernel/errors'
import { newId } from '../kernel/ids'
import { randomOctets } from '../kernel/random-octets'
import { beginSignIn, browserHashOf } from '../modules/accounts'
import { getMemberWhoConnects } from '../modules/own-sign-in'
import type { RedirectProvider, SignInSecrets } from './provider'
import { purposeOf } from './show-login'
import type { Visit } from './visit'

/** `GET /login/{provider}/start`: remembers the sign-in and sends the browser to the provider. */
export async function startSignIn(visit: Visit): Promise<FastifyReply> {
  const provider = providerOf(visit)
  const { link, connect, separate } = purposeOf(visit)
  if (link && visit.isFromElsewhere())
    throw new AppError('FORBIDDEN', 'Begin on your account page to link another way to sign in.')
  // Only the page that explains what is going to be connected knows this token.
  if (connect && !visit.isOwnToken(visit.query('token')))
    throw new AppError('FORBIDDEN', 'Begin on the page of your organization to connect a way to sign in of your own.')
  const connecting = connect ? await visit.run(getMemberWhoConnects, {}) : null
  const secrets = newSecrets()
  const address = await provider.authorizationUrl(secrets)
  const id = newId()
  const remembered: Remembered = { nonce: secrets.nonce, codeVerifier: secrets.codeVerifier, isSeparate: !!separate }
  await visit.runOnAccountSide(beginSignIn, {
    id,
    provider: provider.provider,
    browserHash: browserHashOf(visit.browserSecret()),
    stateHash: stateHashOf(secrets.state),
    sealed: visit.site.spine.sealer.seal(JSON.stringify(remembered), attemptSealContext(id)),
    returnTo: visit.returnTo(),
    isLinking: link !== undefined,
    connecting,
  })
  return visit.goTo(address.href)
}

/** What is sealed into the row of an attempt. */
export interface Remembered {
  readonly nonce: string
  readonly codeVerifier: string
  /** The person wants an account apart from the one with the same address. */
  readonly isSeparate: boolean
}

/** What an attempt's secrets are sealed against. */
export function attemptSealContext(attemptId: string): string {
  return `sign_in_attempts/${attemptId}`
}

/** What the database keeps of a state parameter, SHA-256. */
export function stateHashOf(state: string): Buffer {
  return hash('sha256', state, 'buffer')
}

/** @throws NOT_FOUND  this installation does not offer the provider in the path */
export function providerOf(visit: Visit): RedirectProvider {
  const slug = visit.pathPart('provider')
  const provider = visit.site.providers.find((each) => each.slug === slug)
  if (!provider) throw notFound('This way to sign in')
  return provider
}

function newSecrets(): SignInSecrets {
  const random = (): string => randomOctets(32).toString('base64url')
  return { state: random(), nonce: random(), codeVerifier: random() }
}
