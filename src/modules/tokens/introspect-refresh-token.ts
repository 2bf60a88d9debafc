import { readUseCase } from '../../access'
import { findRefreshToken, type RefreshTokenRow } from './refresh-token.store'
import type { RevokeRefreshToken } from './revoke-refresh-token'

/**
 * A refresh token that would work if its session does, which whoever asks has to look up; null for any other.
 */
export const introspectRefreshToken = readUseCase({
  name: 'introspectRefreshToken',
  requires: 'service',
  organization: (input: RevokeRefreshToken) => input.organizationId,
  atOnce: true,
  async run({ tx }, { organizationId, tokenHash }): Promise<RefreshTokenRow | null> {
    const found = await findRefreshToken(tx, organizationId, tokenHash)
    return found && !found.isSpent && !found.isEnded ? found : null
  },
})
