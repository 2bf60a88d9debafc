import { OWN_ORGANIZATION, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId, toTypeId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import type { TokenIssuer } from './access-token.model'
import { type IssuedAccessToken, issueAccessToken } from './issue-access-token'
import { insertRefreshToken } from './refresh-token.store'

/** What an application asks for in the name of the session that asks. */
export interface MintAccessToken {
  issuer: TokenIssuer
  /** Whom the token is for; null takes the usual one. */
  audience: string | null
  /** Also a refresh token, with which the application goes on without the session's own token. */
  withRefreshToken: boolean
}

/** Tokens of an application. */
export interface MintedTokens {
  readonly accessToken: string
  readonly expiresAt: Date
  /** 0..300, rounded down. */
  readonly expiresInSeconds: number
  readonly audience: string
  /** Shown once. */
  readonly refreshToken: string | null
  /** When the refresh token and all that follow it end: with the session. */
  readonly refreshExpiresAt: Date | null
}

/**
 * Signs an access token (RFC 9068) for the session that asks: at most five minutes, one organization.
 *
 * @throws INVALID  nobody has listed this audience
 * @throws FORBIDDEN  the caller is no session: keys and the operator are asked about by introspection
 * @throws UNAVAILABLE  the signing keys are being made
 */
export const mintAccessToken = writeUseCase({
  name: 'mintAccessToken',
  requires: 'member',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  // Access tokens are not kept, so their making is no change; a refresh token stands in the audit log.
  unaudited: true,
  async run(context, { issuer, audience, withRefreshToken }: MintAccessToken): Promise<MintedTokens> {
    const { actor } = context
    if (actor.kind !== 'member')
      throw new AppError('FORBIDDEN', 'Access tokens speak for a session; services learn about a key by introspection.')
    const wanted = audienceOf(issuer, audience)
    const issued = await issueAccessToken(context, actor.sessionId, issuer, wanted)
    if (!issued) throw new AppError('UNAUTHENTICATED', 'Your session has ended; sign in again.')
    const refreshToken = withRefreshToken ? await beginFamily(context, issued, wanted) : null
    return mintedTokens(issued, wanted, refreshToken)
  },
})

/** What is given out. */
export function mintedTokens(
  { accessToken, expiresAt, facts }: IssuedAccessToken,
  audience: string,
  refreshToken: string | null,
): MintedTokens {
  const expiresInSeconds = Math.floor((expiresAt.getTime() - facts.now.getTime()) / 1000)
  const refreshExpiresAt = refreshToken === null ? null : facts.sessionExpiresAt
  return { accessToken, expiresAt, expiresInSeconds, audience, refreshToken, refreshExpiresAt }
}

function audienceOf({ audiences }: TokenIssuer, named: string | null): string {
  const audience = named ?? audiences[0]!
  if (audiences.includes(audience)) return audience
  throw new AppError('INVALID', 'No application of this name is listed; the operator lists them.', {
    path: ['input', 'audience'],
  })
}

async function beginFamily(context: WriteContext, { facts }: IssuedAccessToken, audience: string): Promise<string> {
  const { organizationId, sessionId, sessionExpiresAt: expiresAt } = facts
  const { token, hash } = makeToken('refreshToken', organizationId)
  const draft = { id: newId(), familyId: newId(), tokenHash: hash, sessionId, audience, expiresAt }
  await insertRefreshToken(context.tx, organizationId, draft)
  context.audit({
    action: 'refresh_token.issued',
    targets: [
      { type: 'Session', id: toTypeId('Session', sessionId) },
      { type: 'Member', id: toTypeId('Member', facts.memberId), label: facts.email },
    ],
    changes: [{ field: 'audience', before: null, after: audience }],
  })
  return token
}
