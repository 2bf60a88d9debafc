import { AppError, InputProblems } from '../../kernel/errors'
import { singleLine } from '../../kernel/single-line'

/** What a service account is called, as it came in. On an update an absent value stays as it is. */
export interface ServiceAccountDraft {
  name?: string | null
  /** Null removes it. */
  description?: string | null
}

export interface CheckedServiceAccountDraft {
  name: string
  description: string | null
}

const NAME_LENGTH = 100
const DESCRIPTION_LENGTH = 500

/**
 * Checks what a service account is to be called.
 *
 * @param current  the service account as it is, or null for a new one
 * @throws InputProblems  REQUIRED and TOO_LONG with their paths, all of them at once
 */
export function checkServiceAccountDraft(
  draft: ServiceAccountDraft,
  current: CheckedServiceAccountDraft | null,
): CheckedServiceAccountDraft {
  const name = draft.name == null ? (current?.name ?? '') : singleLine(draft.name)
  const description =
    draft.description === undefined ? (current?.description ?? null) : draft.description?.trim() || null
  const problems: AppError[] = []
  if (!name) problems.push(new AppError('REQUIRED', 'A service account needs a name.', { path: ['input', 'name'] }))
  if (name.length > NAME_LENGTH)
    problems.push(
      new AppError('TOO_LONG', `A name has at most ${NAME_LENGTH} characters.`, { path: ['input', 'name'] }),
    )
  if (description && description.length > DESCRIPTION_LENGTH)
    problems.push(
      new AppError('TOO_LONG', `A description has at most ${DESCRIPTION_LENGTH} characters.`, {
        path: ['input', 'description'],
      }),
    )
  const [first, ...others] = problems
  if (first) throw new InputProblems([first, ...others])
  return { name, description }
}
