import { AppError } from '../../kernel/errors'
import type { InvitationRow } from './invitation.store'

/** What became of one of the selected invitations. */
export interface SelectionResult {
  id: string
  outcome: 'DONE' | 'NOT_FOUND' | 'WRONG_STATE' | 'FORBIDDEN'
  /** As it stands now; null when it does not exist. */
  invitation: InvitationRow | null
}

const MAXIMUM_SELECTED = 1_000

/**
 * The distinct ids of a selection.
 * @throws REQUIRED, TOO_MANY  none, or more than 1,000
 */
export function readSelection(ids: readonly string[]): string[] {
  if (ids.length === 0) throw new AppError('REQUIRED', 'Name at least one invitation.', { path: ['ids'] })
  if (ids.length > MAXIMUM_SELECTED)
    throw new AppError('TOO_MANY', `One call takes at most ${MAXIMUM_SELECTED} invitations.`, { path: ['ids'] })
  return [...new Set(ids)]
}

/**
 * One result per selected id.
 * @param done  the ids that were changed
 * @param refused  the ids that the actor may not change
 */
export function selectionResults(
  ids: readonly string[],
  done: ReadonlySet<string>,
  found: ReadonlyMap<string, InvitationRow>,
  refused: ReadonlySet<string> = new Set(),
): SelectionResult[] {
  return ids.map((id) => {
    const invitation = found.get(id) ?? null
    if (!invitation) return { id, outcome: 'NOT_FOUND', invitation }
    if (refused.has(id)) return { id, outcome: 'FORBIDDEN', invitation }
    return { id, outcome: done.has(id) ? 'DONE' : 'WRONG_STATE', invitation }
  })
}
