import { AppError, InputProblems } from '../../kernel/errors'
import { isSlug, SLUG_RULE, slugFrom } from '../../kernel/slug'

/** What a team is made of, as it came in. On an update an absent value stays as it is. */
export interface TeamDraft {
  name?: string | null
  slug?: string | null
  description?: string | null
  /** UUID of the team above; null for none. */
  parentId?: string | null
}

export interface CheckedTeamDraft {
  name: string
  slug: string
  description: string | null
  parentId: string | null
}

/** A manager may change who is in the team. */
export type TeamRole = 'MEMBER' | 'MANAGER'

/** `DIRECTORY` teams mirror a group of a directory. */
export type TeamSource = 'MANUAL' | 'DIRECTORY'

const NAME_LENGTH = 100
const DESCRIPTION_LENGTH = 500

/**
 * Checks what a team is to become; an absent slug of a new team is made from the name.
 *
 * @param current  the team as it is, or null for a new one
 * @throws InputProblems  REQUIRED, TOO_LONG and INVALID with their paths, all of them at once
 */
export function checkTeamDraft(draft: TeamDraft, current: CheckedTeamDraft | null): CheckedTeamDraft {
  const name = draft.name == null ? (current?.name ?? '') : draft.name.trim()
  const slug = draft.slug == null ? (current?.slug ?? slugFrom(name)) : draft.slug.trim()
  const description =
    draft.description === undefined ? (current?.description ?? null) : draft.description?.trim() || null
  const parentId = draft.parentId === undefined ? (current?.parentId ?? null) : draft.parentId
  const problems: AppError[] = []
  const refuse = (code: 'REQUIRED' | 'TOO_LONG' | 'INVALID', message: string, field: string) =>
    problems.push(new AppError(code, message, { path: ['input', field] }))
  if (!name) refuse('REQUIRED', 'A team needs a name.', 'name')
  if (name.length > NAME_LENGTH) refuse('TOO_LONG', `A name has at most ${NAME_LENGTH} characters.`, 'name')
  if (description && description.length > DESCRIPTION_LENGTH)
    refuse('TOO_LONG', `A description has at most ${DESCRIPTION_LENGTH} characters.`, 'description')
  if (name && !isSlug(slug)) refuse('INVALID', `A slug is ${SLUG_RULE}.`, 'slug')
  const [first, ...others] = problems
  if (first) throw new InputProblems([first, ...others])
  return { name, slug, description, parentId }
}
