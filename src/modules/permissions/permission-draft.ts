import { AppError } from '../../kernel/errors'
import { singleLine } from '../../kernel/single-line'
import { type CatalogPermission, isOwnKey, nounOf, type PermissionScope } from './catalog'

/** A permission of the platform, as it came in. */
export interface PermissionDraft {
  key: string
  title: string
  description?: string | null
  scope: PermissionScope
  /** False when absent. */
  isSensitive?: boolean | null
  /** False when absent. */
  isForMembers?: boolean | null
}

/** What of a permission of the platform is written. */
export type CheckedPermission = Omit<CatalogPermission, 'source' | 'retiredAt'>

const KEY = /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/
const KEY_LENGTH = 100
const TITLE_LENGTH = 100
const DESCRIPTION_LENGTH = 500

/**
 * Checks what the platform registers.
 * @param path  of the draft among the arguments
 * @returns  what is to be written, or the first problem with its path: INVALID, REQUIRED or TOO_LONG
 */
export function checkPermissionDraft(draft: PermissionDraft, path: readonly string[]): CheckedPermission | AppError {
  const { key, scope } = draft
  const title = singleLine(draft.title)
  const description = draft.description?.trim() || null
  const problem = (code: 'INVALID' | 'REQUIRED' | 'TOO_LONG', field: string, message: string) =>
    new AppError(code, message, { path: [...path, field] })
  if (!KEY.test(key) || key.length > KEY_LENGTH)
    return problem(
      'INVALID',
      'key',
      `A key is words of a-z, 0-9 and _ joined by dots, such as image.generate, at most ${KEY_LENGTH} characters.`,
    )
  if (isOwnKey(key))
    return problem(
      'INVALID',
      'key',
      `${nounOf(key)}.* belongs to Gatehouse; begin the key with a noun of your platform.`,
    )
  if (!title) return problem('REQUIRED', 'title', 'A permission needs a title.')
  if (title.length > TITLE_LENGTH)
    return problem('TOO_LONG', 'title', `A title has at most ${TITLE_LENGTH} characters.`)
  if (description && description.length > DESCRIPTION_LENGTH)
    return problem('TOO_LONG', 'description', `A description has at most ${DESCRIPTION_LENGTH} characters.`)
  const { isSensitive, isForMembers } = draft
  return { key, title, description, scope, isSensitive: isSensitive ?? false, isForMembers: isForMembers ?? false }
}
