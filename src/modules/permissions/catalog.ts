import { PERMISSIONS, type Permission, SYSTEM_ROLES } from '../../access'

/** Where a permission is decided; a resource is in a project. */
export type PermissionScope = 'ORGANIZATION' | 'PROJECT' | 'RESOURCE'

/** One thing that a role can allow. */
export interface CatalogPermission {
  /** Stable name: a noun, a dot and what is done, e.g. `image.generate`. */
  key: string
  title: string
  description: string | null
  scope: PermissionScope
  /** It changes who has access, or shows secrets. */
  isSensitive: boolean
  /** The built-in Member or Project member holds it. */
  isForMembers: boolean
  source: 'GATEHOUSE' | 'PLATFORM'
  /** Since when it gives nothing any more; null while it counts. */
  retiredAt: Date | null
}

// Gatehouse's permissions of today, and what its connections to identity providers will be called.
const OWN_NOUNS: ReadonlySet<string> = new Set([
  ...Object.keys(PERMISSIONS).map(nounOf),
  ...['gatehouse', 'permission', 'session', 'domain', 'sso', 'directory', 'join_request'],
])

/** Gatehouse's own part of the catalogue. */
export const OWN_PERMISSIONS: readonly CatalogPermission[] = (Object.keys(PERMISSIONS) as Permission[]).map((key) => ({
  key,
  ...PERMISSIONS[key],
  description: null,
  isForMembers: [SYSTEM_ROLES.MEMBER, SYSTEM_ROLES.PROJECT_MEMBER].some(({ permissions }) =>
    (permissions as ReadonlySet<string>).has(key),
  ),
  source: 'GATEHOUSE',
  retiredAt: null,
}))

/** Whether a key stands in Gatehouse's own namespace. */
export function isOwnKey(key: string): boolean {
  return OWN_NOUNS.has(nounOf(key))
}

/** What a key begins with, up to the first dot. */
export function nounOf(key: string): string {
  return key.split('.', 1)[0]!
}
