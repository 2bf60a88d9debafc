import { SYSTEM_ROLES } from '../access'

const NAMES = new Map<string, string>(
  Object.values(SYSTEM_ROLES)
    .filter(({ scope }) => scope === 'ORGANIZATION')
    .map(({ key, name }) => [key, name]),
)

/** The name of an organization's role, from its key. */
export function roleName(key: string): string {
  return NAMES.get(key) ?? key
}
