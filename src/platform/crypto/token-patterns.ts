import type { TokenKind } from './token'

/**
 * How each kind of secret looks, for whoever searches texts for them (docs/api-keys.md). Bounded by `\b` on both sides
 * they match nothing else that Gatehouse makes; `readToken` also proves the checksum, offline.
 */
export const TOKEN_PATTERNS: Readonly<Record<TokenKind, string>> = {
  apiKey: 'gak_[0-9A-Za-z]{71}',
  organizationSession: 'gos_[0-9A-Za-z]{71}',
  accountSession: 'gas_[0-9A-Za-z]{49}',
  refreshToken: 'grt_[0-9A-Za-z]{71}',
  invitation: 'giv_[0-9A-Za-z]{71}',
  sessionCode: 'gsc_[0-9A-Za-z]{71}',
  setupLink: 'gsu_[0-9A-Za-z]{71}',
  scim: 'scim_[0-9A-Za-z]{71}',
}
