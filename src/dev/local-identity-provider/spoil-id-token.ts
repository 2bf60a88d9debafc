import type { SelfSigned } from '../../platform/crypto'
import type { Answer } from './answers'
import { claimsIn, encode, signJwt, unsignedJwt } from './jwt'

/** Makes the ID token wrong in the way that was chosen; a token that need not be wrong stays as it is. */
export function spoilIdToken(
  token: string,
  answer: Answer,
  keys: { own: SelfSigned; kid: string; foreign: () => SelfSigned },
): string {
  const claims = claimsIn(token)
  const again = (changes: Record<string, unknown>) => signJwt({ kid: keys.kid }, { ...claims, ...changes }, keys.own)
  const past = Math.floor(Date.now() / 1000) - 600
  switch (answer) {
    case 'expired':
      return again({ iat: past - 600, exp: past })
    case 'wrong-audience':
      return again({ aud: 'another-application' })
    case 'wrong-issuer':
      return again({ iss: 'https://another-provider.example' })
    case 'other-request':
      return again({ nonce: 'of-another-request' })
    case 'no-address':
      return again({ email: undefined, email_verified: undefined })
    case 'wrong-key':
      return signJwt({ kid: keys.kid }, claims, keys.foreign())
    case 'unsigned':
      return unsignedJwt(claims)
    case 'tampered': {
      const [header, , signature] = token.split('.')
      return `${header}.${encode({ ...claims, sub: 'somebody-else' })}.${signature}`
    }
    default:
      return token
  }
}
