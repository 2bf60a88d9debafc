import { type RoleScope, SYSTEM_ROLES } from '../../access/permissions'
import { AppError, InputProblems } from '../../kernel/errors'
import { singleLine } from '../../kernel/single-line'
import { slugFrom } from '../../kernel/slug'
import type { CatalogPermission } from '../permissions'

/** What a role is made of, as it came in. On an update an absent value stays as it is. */
export interface RoleDraft {
  name?: string | null
  key?: string | null
  description?: string | null
  scope?: RoleScope | null
  permissions?: readonly string[] | null
}

/** What of a role is written. */
export interface CheckedRole {
  name: string
  key: string
  description: string | null
  scope: RoleScope
  /** In alphabetical order, each once; always with the permission to see what the role is one in. */
  permissions: string[]
}

const NAME_LENGTH = 100
const DESCRIPTION_LENGTH = 500
const KEY = /^[a-z][a-z0-9_]{0,47}$/
const MAXIMUM_PERMISSIONS = 200
const SYSTEM_KEYS: ReadonlySet<string> = new Set(Object.values(SYSTEM_ROLES).map(({ key }) => key))

/** Whoever holds a role sees what it is a role in. */
const ALWAYS = { ORGANIZATION: 'organization.read', PROJECT: 'project.read' } as const satisfies Record<
  RoleScope,
  string
>

/**
 * Checks what a role is to become; the key of a new one is made from its name when absent.
 *
 * @param current  the role as it is, or null for a new one
 * @param catalogue  every permission by key, retired ones too
 * @throws InputProblems  REQUIRED, INVALID, TOO_LONG, TOO_MANY and NOT_UNIQUE with their paths, all of them at once
 */
export function checkRoleDraft(
  draft: RoleDraft,
  current: CheckedRole | null,
  catalogue: ReadonlyMap<string, CatalogPermission>,
): CheckedRole {
  const scope = draft.scope ?? current?.scope
  const name = draft.name == null ? (current?.name ?? '') : singleLine(draft.name)
  const key = draft.key == null ? (current?.key ?? keyFrom(name)) : draft.key.trim()
  const description =
    draft.description === undefined ? (current?.description ?? null) : draft.description?.trim() || null
  const asked = draft.permissions ?? current?.permissions ?? []
  const [first, ...others] = [
    ...textProblems(name, description),
    ...keyProblems(key, name, current),
    ...scopeProblems(scope, current),
    ...(draft.permissions && scope ? permissionProblems(draft.permissions, scope, catalogue) : []),
  ]
  if (first) throw new InputProblems([first, ...others])
  const permissions = [...new Set([ALWAYS[scope!], ...asked])].sort()
  return { name, key, description, scope: scope!, permissions }
}

function* textProblems(name: string, description: string | null): Iterable<AppError> {
  if (!name) yield problem('REQUIRED', ['name'], 'A role needs a name.')
  if (name.length > NAME_LENGTH) yield problem('TOO_LONG', ['name'], `A name has at most ${NAME_LENGTH} characters.`)
  if (description && description.length > DESCRIPTION_LENGTH)
    yield problem('TOO_LONG', ['description'], `A description has at most ${DESCRIPTION_LENGTH} characters.`)
}

function* keyProblems(key: string, name: string, current: CheckedRole | null): Iterable<AppError> {
  if (current && key !== current.key)
    yield problem('INVALID', ['key'], `The key of a role stays ${current.key}; make another role instead.`)
  if (current || !name) return
  if (!KEY.test(key)) yield problem('INVALID', ['key'], 'A key is 1 to 48 of a-z, 0-9 and _, beginning with a letter.')
  if (SYSTEM_KEYS.has(key)) yield problem('NOT_UNIQUE', ['key'], `${key} is a built-in role; choose another key.`)
}

function* scopeProblems(scope: RoleScope | undefined, current: CheckedRole | null): Iterable<AppError> {
  if (!scope) yield problem('REQUIRED', ['scope'], 'Say whether the role is one in the ORGANIZATION or in a PROJECT.')
  if (current && scope !== current.scope)
    yield problem('INVALID', ['scope'], `The scope of a role stays ${current.scope}; make another role instead.`)
}

function* permissionProblems(
  permissions: readonly string[],
  scope: RoleScope,
  catalogue: ReadonlyMap<string, CatalogPermission>,
): Iterable<AppError> {
  if (permissions.length >= MAXIMUM_PERMISSIONS) {
    yield problem('TOO_MANY', ['permissions'], `A role has fewer than ${MAXIMUM_PERMISSIONS} permissions.`)
    return
  }
  for (const [index, key] of permissions.entries()) {
    const path = ['permissions', String(index)]
    const permission = catalogue.get(key)
    if (!permission) yield problem('INVALID', path, 'There is no such permission; the query permissions lists all.')
    else if (permission.retiredAt) yield problem('INVALID', path, `${key} was retired and gives nothing any more.`)
    else if (scope === 'PROJECT' && permission.scope === 'ORGANIZATION')
      yield problem('INVALID', path, `${key} counts in the organization; a role in projects cannot give it.`)
  }
}

function keyFrom(name: string): string {
  const key = slugFrom(name).replaceAll('-', '_')
  return /^[0-9]/.test(key) ? `role_${key}`.slice(0, 48) : key
}

function problem(
  code: 'REQUIRED' | 'INVALID' | 'TOO_LONG' | 'TOO_MANY' | 'NOT_UNIQUE',
  path: readonly string[],
  message: string,
): AppError {
  return new AppError(code, message, { path: ['input', ...path] })
}
