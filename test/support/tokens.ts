import { type CryptoKey, importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { signingKeySealContext } from '../../src/modules/tokens/signing-key.store'
import type { Gatehouse } from './gatehouse'
import type { Answer, GraphQLClient } from './graphql-client'

export const MINT = `mutation ($input: MintAccessTokenInput!) { mintAccessToken(input: $input) {
  accessToken expiresAt audience refreshToken refreshExpiresAt userErrors { code path message } } }`

/** Access and refresh token of a session. */
export interface Minted {
  accessToken: string
  expiresAt: string
  audience: string
  refreshToken: string
  refreshExpiresAt: string
}

/** Mints in the name of a session. @throws when it is refused */
export async function mint(client: GraphQLClient, input: object = { withRefreshToken: true }): Promise<Minted> {
  const answer = await client.send(MINT, { input })
  if (answer.data?.mintAccessToken?.accessToken) return answer.data.mintAccessToken as Minted
  throw new Error(`Not minted: ${JSON.stringify(answer)}`)
}

/** A form sent to one of the OAuth endpoints. */
export async function postForm(
  url: string,
  path: '/oauth/token' | '/oauth/revoke',
  form: Record<string, string> | string,
): Promise<{ status: number; headers: Headers; body: Answer }> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer }
}

/** Uses a refresh token. */
export async function refresh(url: string, refreshToken: string): Promise<{ status: number; body: Answer }> {
  return postForm(url, '/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken })
}

/** The claims of a token, unproven. */
export function claimsOf(token: string): Answer {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Answer
}

/** The key that signs, as only the installation itself can have it: for tokens that it would never sign. */
export async function stealSigningKey(gatehouse: Gatehouse): Promise<{ id: string; key: CryptoKey }> {
  const [row] = await gatehouse.superuser.rows<{ id: string; sealed_private: Buffer }>(
    `SELECT id, sealed_private FROM signing_keys WHERE status = 'ACTIVE'`,
  )
  const { id, sealed_private } = row!
  const jwk = gatehouse.app.spine.sealer.open(sealed_private, signingKeySealContext(id))
  return { id, key: (await importJWK(JSON.parse(jwk), 'ES256')) as CryptoKey }
}

/** Signs whatever is wanted. */
export function forge(claims: JWTPayload, header: JWTHeaderParameters, key: CryptoKey | Uint8Array): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(key)
}
