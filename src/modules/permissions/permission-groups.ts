import type { Permission } from '../../access'
import { type CatalogPermission, nounOf } from './catalog'

/** Permissions of one noun, which people look at together. */
export interface PermissionGroup {
  /** The noun that their keys begin with. */
  key: string
  /** For people. */
  title: string
  permissions: readonly CatalogPermission[]
}

type OwnNoun = Permission extends `${infer Noun}.${string}` ? Noun : never

// Of Gatehouse's own nouns; those of the platform are their own titles.
const TITLES: Readonly<Record<OwnNoun, string>> = {
  organization: 'Organization',
  member: 'Members',
  invitation: 'Invitations',
  project: 'Projects',
  role: 'Roles',
  team: 'Teams',
  domain: 'Domains',
  join_request: 'Join requests',
  access: 'Access decisions',
  setup_link: 'Set-up links',
  sso: 'Single sign-on',
  directory: 'Directories',
  audit: 'Audit log',
  service_account: 'Service accounts',
  api_key: 'API keys',
}

/** Groups permissions by their noun, in the order in which nouns come first. */
export function groupPermissions(permissions: readonly CatalogPermission[]): PermissionGroup[] {
  const groups = new Map<string, CatalogPermission[]>()
  for (const permission of permissions) {
    const noun = nounOf(permission.key)
    const group = groups.get(noun)
    if (group) group.push(permission)
    else groups.set(noun, [permission])
  }
  return [...groups].map(([key, group]) => ({ key, title: titleOf(key), permissions: group }))
}

/** `api_key` → `API keys`, `gpu_cluster` → `Gpu cluster` */
function titleOf(noun: string): string {
  if (noun in TITLES) return TITLES[noun as OwnNoun]
  const words = noun.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
