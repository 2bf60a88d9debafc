import type { Permission } from '../../access'

/** What a set-up link is for. */
export type SetupIntent = 'SSO' | 'DIRECTORY' | 'DOMAINS'

/** What each intent allows; whoever holds a link sees the organization's name and settings besides. */
export const PERMISSIONS_OF_INTENT: Readonly<Record<SetupIntent, readonly Permission[]>> = {
  SSO: ['sso.read', 'sso.manage'],
  DIRECTORY: ['directory.read', 'directory.manage'],
  DOMAINS: ['domain.read', 'domain.manage'],
}

/** Everything that a link with these intents allows. */
export function permissionsOfIntents(intents: readonly SetupIntent[]): Set<Permission> {
  return new Set<Permission>(['organization.read', ...intents.flatMap((intent) => PERMISSIONS_OF_INTENT[intent])])
}
