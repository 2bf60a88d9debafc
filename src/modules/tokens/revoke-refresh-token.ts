import { writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { endRefreshTokenFamily, findRefreshToken } from './refresh-token.store'

/** A presented refresh token, by its SHA-256 and the organization that it names. */
export interface RevokeRefreshToken {
  organizationId: string
  tokenHash: Buffer
}

/**
 * Ends a refresh token with its whole family, for whoever holds it (RFC 7009). Its session goes on.
 * @throws NOT_FOUND  the organization does not exist or waits for its deletion
 */
export const revokeRefreshToken = writeUseCase({
  name: 'revokeRefreshToken',
  requires: 'anyone',
  organization: (input: RevokeRefreshToken) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, tokenHash }): Promise<void> {
    const found = await findRefreshToken(context.tx, organizationId, tokenHash)
    if (!found || !(await endRefreshTokenFamily(context.tx, organizationId, found.familyId))) return
    context.audit({
      action: 'refresh_token.revoked',
      targets: [{ type: 'Session', id: toTypeId('Session', found.sessionId) }],
      changes: [{ field: 'audience', before: found.audience, after: null }],
    })
  },
})
