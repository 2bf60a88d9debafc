import { type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import type { CatalogPermission } from './catalog'
import { permissionTarget } from './permission-audit'
import { type CheckedPermission, checkPermissionDraft, type PermissionDraft } from './permission-draft'
import { findPlatformPermissions, holdRegistration, writePermissions } from './platform-permission.store'

/** What became of one permission of the list. */
export interface PermissionResult {
  key: string
  /** Null when it was written, or is what it should be. */
  error: AppError | null
}

// The proof of every caller carries all permissions of its role.
const MAXIMUM_PERMISSIONS = 500

/**
 * Registers permissions of the platform, and renews those that are there: title, description and marks; one that was
 * retired counts again. Those that the list does not name stay as they are. What fails, fails alone: INVALID, REQUIRED
 * or TOO_LONG with its path, WRONG_STATE for another scope than it had, LIMIT_EXCEEDED above 500 permissions.
 *
 * @returns  what became of each, in the order of the input
 * @throws TOO_MANY  more than 500 at once
 */
export const registerPermissions = writeUseCase({
  name: 'registerPermissions',
  requires: 'operator',
  organization: () => null,
  locks: 'none',
  async run(context, { permissions }: { permissions: readonly PermissionDraft[] }): Promise<PermissionResult[]> {
    if (permissions.length > MAXIMUM_PERMISSIONS)
      throw new AppError('TOO_MANY', `At most ${MAXIMUM_PERMISSIONS} permissions at once.`, { path: ['input'] })
    await holdRegistration(context.tx)
    const known = new Map((await findPlatformPermissions(context.tx)).map((each) => [each.key, each]))
    const { results, changed } = judge(permissions, known)
    if (changed.length > 0) await writePermissions(context.tx, changed)
    for (const permission of changed) record(context, permission, known.get(permission.key))
    return results
  },
})

function judge(
  drafts: readonly PermissionDraft[],
  known: ReadonlyMap<string, CatalogPermission>,
): { results: PermissionResult[]; changed: CheckedPermission[] } {
  const seen = new Set<string>()
  const changed: CheckedPermission[] = []
  let living = [...known.values()].filter(({ retiredAt }) => !retiredAt).length
  const results = drafts.map((draft, index) => {
    const path = ['input', String(index)]
    const refuse = (code: 'INVALID' | 'WRONG_STATE' | 'LIMIT_EXCEEDED', field: string, message: string) => ({
      key: draft.key,
      error: new AppError(code, message, { path: [...path, field] }),
    })
    const checked = checkPermissionDraft(draft, path)
    if (checked instanceof AppError) return { key: draft.key, error: checked }
    if (seen.has(checked.key)) return refuse('INVALID', 'key', 'The permission is named twice.')
    seen.add(checked.key)
    const before = known.get(checked.key)
    // Roles were made from it as it was: one for projects must not come to hold what counts in the organization.
    if (before && before.scope !== checked.scope)
      return refuse('WRONG_STATE', 'scope', `Its scope is ${before.scope} and stays; register another key instead.`)
    if (!before || before.retiredAt) {
      if (living >= MAXIMUM_PERMISSIONS)
        return refuse('LIMIT_EXCEEDED', 'key', `There are ${MAXIMUM_PERMISSIONS} permissions; retire some first.`)
      living += 1
    }
    if (!before || before.retiredAt || changesOf(before, checked).length > 0) changed.push(checked)
    return { key: checked.key, error: null }
  })
  return { results, changed }
}

function record(context: WriteContext, permission: CheckedPermission, before: CatalogPermission | undefined): void {
  context.audit({
    action: before ? (before.retiredAt ? 'permission.restored' : 'permission.updated') : 'permission.registered',
    targets: [permissionTarget(permission)],
    changes: changesOf(before, permission),
  })
}

function changesOf(before: CatalogPermission | undefined, after: CheckedPermission) {
  return (['title', 'description', 'scope', 'isSensitive', 'isForMembers'] as const)
    .filter((field) => before?.[field] !== after[field])
    .map((field) => ({ field, before: before?.[field] ?? null, after: after[field] }))
}
