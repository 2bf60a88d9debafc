import { randomUUID } from 'node:crypto'
import type { CompanyState } from './company-state'
import { signJwt } from './jwt'

const LIFETIME_SECONDS = 120
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const PATIENCE_MILLISECONDS = 5_000

/**
 * Tells every application where somebody has signed in by OpenID Connect that they have signed out (OpenID Connect
 * Back-Channel Logout 1.0 §2.5). The journal says what each has answered.
 */
export async function logOut(state: CompanyState, email: string): Promise<void> {
  const known = state.findSignedIn(email)
  const callbacks = [...(known?.applications ?? [])].filter((address) => state.callbackUris.has(address))
  for (const callback of callbacks) {
    const to = callback.replace(/\/callback$/, '/backchannel-logout')
    const remark = await deliver(to, logoutToken(state, known!.account.subject))
    state.journal.add({ protocol: 'OIDC', email, what: 'logout', to, remark })
  }
  if (callbacks.length === 0)
    state.journal.add({ protocol: 'OIDC', email, what: 'logout', to: 'nobody', remark: 'not signed in by OIDC' })
}

function logoutToken({ company, connection }: CompanyState, subject: string): string {
  const { issuer: iss, clientId: aud } = connection.oidc
  const iat = Math.floor(Date.now() / 1000)
  const claims = {
    iss,
    aud,
    iat,
    exp: iat + LIFETIME_SECONDS,
    jti: randomUUID(),
    sub: subject,
    events: { [EVENT]: {} },
  }
  return signJwt({ kid: `${company.slug}-1`, typ: 'logout+jwt' }, claims, company.key)
}

async function deliver(to: string, logoutToken: string): Promise<string> {
  const body = new URLSearchParams({ logout_token: logoutToken })
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS)
  return fetch(to, { method: 'POST', body, signal, redirect: 'error' }).then(
    ({ status }) => `answered ${status}`,
    (error: Error) => error.message,
  )
}
