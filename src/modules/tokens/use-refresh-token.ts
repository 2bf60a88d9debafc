import { type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId, toTypeId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import { holdMemberOfSession } from '../sessions'
import type { TokenIssuer } from './access-token.model'
import { issueAccessToken } from './issue-access-token'
import { type MintedTokens, mintedTokens } from './mint-access-token'
import {
  endRefreshTokenFamily,
  endSessionOfRefreshToken,
  findRefreshToken,
  insertRefreshToken,
  spendRefreshToken,
} from './refresh-token.store'

/** A presented refresh token, by its SHA-256 and the organization that it names. */
export interface UseRefreshToken {
  issuer: TokenIssuer
  organizationId: string
  tokenHash: Buffer
}

/**
 * Exchanges a refresh token for an access token and the next refresh token (RFC 6749 §6, RFC 9700 §4.14). Membership,
 * role and permissions are read anew; the family ends with its session. Each token works once: whoever presents one a
 * second time may have stolen it, or been stolen from, so its family and its session end.
 *
 * @returns  null when nothing is given: unknown, used, ended, or of somebody who may not act any more
 * @throws NOT_FOUND  the organization does not exist or waits for its deletion
 */
export const useRefreshToken = writeUseCase({
  name: 'useRefreshToken',
  requires: 'anyone',
  organization: (input: UseRefreshToken) => input.organizationId,
  locks: 'share',
  // An exchange every five minutes would bury the audit log; a theft is in it.
  unaudited: true,
  async run(context, { issuer, organizationId, tokenHash }): Promise<MintedTokens | null> {
    const { tx } = context
    const spent = await spendRefreshToken(tx, organizationId, tokenHash)
    if (!spent) return refuse(context, tokenHash)
    // What was listed once may not be any more.
    if (!issuer.audiences.includes(spent.audience)) return null
    // Sent together: what the token says is read when the member is held, so that nobody's access ends in between.
    const [isHeld, issued] = await Promise.all([
      holdMemberOfSession(tx, organizationId, spent.sessionId),
      issueAccessToken(context, spent.sessionId, issuer, spent.audience),
    ])
    if (!isHeld || !issued) return null
    const { token, hash } = makeToken('refreshToken', organizationId)
    const expiresAt = issued.facts.sessionExpiresAt
    await insertRefreshToken(tx, organizationId, { ...spent, id: newId(), tokenHash: hash, expiresAt })
    return mintedTokens(issued, spent.audience, token)
  },
})

async function refuse(context: WriteContext, tokenHash: Buffer): Promise<null> {
  const { tx, organizationId } = context
  const found = await findRefreshToken(tx, organizationId, tokenHash)
  if (!found?.isSpent || found.isEnded) return null
  const isFirst = await endRefreshTokenFamily(tx, organizationId, found.familyId)
  const memberId = await endSessionOfRefreshToken(tx, organizationId, found.sessionId)
  if (isFirst && memberId)
    context.audit({
      action: 'refresh_token.reused',
      targets: [
        { type: 'Session', id: toTypeId('Session', found.sessionId) },
        { type: 'Member', id: toTypeId('Member', memberId) },
      ],
      changes: [{ field: 'audience', before: found.audience, after: null }],
    })
  return null
}

/** What `useRefreshToken` gives back in place of tokens. */
export function invalidGrant(): AppError {
  return new AppError('EXPIRED', 'The refresh token is unknown, was used, or has ended; sign in again.')
}
