import type { Outside } from '../../platform/outside'
import type { OidcSettings } from '../sso'

/** What a provider says of a grant: it stands, it has ended, or nothing that one could rely on. */
export type GrantAnswer =
  | { readonly kind: 'stands'; readonly refreshToken: string | null }
  | { readonly kind: 'ended' }
  | { readonly kind: 'unclear' }

const LONGEST_TOKEN = 8_192

/**
 * Uses a refresh token at a provider to learn whether its grant still stands (RFC 6749 §6). Five seconds at most. Only
 * `invalid_grant` says that it has ended; an outage, a changed client secret or garbage say nothing about the person.
 */
export async function askGrant(
  { fetch }: Outside,
  { clientId, clientAuthentication, metadata }: OidcSettings,
  clientSecret: string,
  refreshToken: string,
): Promise<GrantAnswer> {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
  const headers: Record<string, string> = { accept: 'application/json' }
  if (clientAuthentication === 'client_secret_basic') headers.authorization = basic(clientId, clientSecret)
  else
    for (const [name, value] of Object.entries({ client_id: clientId, client_secret: clientSecret }))
      form.set(name, value)
  const response = await fetch(metadata.token_endpoint, { method: 'POST', headers, body: form }).catch(() => null)
  const answer = response && (await response.json().catch(() => null))
  if (!response || typeof answer !== 'object' || answer === null) return { kind: 'unclear' }
  const { error, access_token: accessToken, refresh_token: next } = answer as Record<string, unknown>
  if (response.status === 200 && typeof accessToken === 'string') return { kind: 'stands', refreshToken: tokenIn(next) }
  return {
    kind: (response.status === 400 || response.status === 401) && error === 'invalid_grant' ? 'ended' : 'unclear',
  }
}

/** RFC 6749 §2.3.1: both parts are encoded as in a form before they are joined. */
function basic(clientId: string, clientSecret: string): string {
  const [id, secret] = [clientId, clientSecret].map((part) => new URLSearchParams({ part }).toString().slice(5))
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
}

function tokenIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TOKEN ? value : null
}
