import { AppError, InputProblems } from '../../kernel/errors'
import { isSlug, SLUG_RULE, slugFrom } from '../../kernel/slug'

/** What a project is made of, as it came in. On an update an absent value stays as it is. */
export interface ProjectDraft {
  name?: string | null
  slug?: string | null
  description?: string | null
}

export interface CheckedProjectDraft {
  name: string
  slug: string
  description: string | null
}

const NAME_LENGTH = 100
const DESCRIPTION_LENGTH = 500

/**
 * Checks what a project is to become; an absent slug of a new project is made from the name.
 *
 * @param current  the project as it is, or null for a new one
 * @throws InputProblems  REQUIRED, TOO_LONG and INVALID with their paths, all of them at once
 */
export function checkProjectDraft(draft: ProjectDraft, current: CheckedProjectDraft | null): CheckedProjectDraft {
  const name = draft.name == null ? (current?.name ?? '') : draft.name.trim()
  const slug = draft.slug == null ? (current?.slug ?? slugFrom(name)) : draft.slug.trim()
  const description =
    draft.description === undefined ? (current?.description ?? null) : draft.description?.trim() || null
  const problems: AppError[] = []
  if (!name) problems.push(new AppError('REQUIRED', 'A project needs a name.', { path: ['input', 'name'] }))
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
  if (name && !isSlug(slug))
    problems.push(new AppError('INVALID', `A slug is ${SLUG_RULE}.`, { path: ['input', 'slug'] }))
  const [first, ...others] = problems
  if (first) throw new InputProblems([first, ...others])
  return { name, slug, description }
}
