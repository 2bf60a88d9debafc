import { normalizeEmail } from '../../kernel/email-address'
import { AppError, InputProblems } from '../../kernel/errors'
import { isSlug, SLUG_RULE, slugFrom } from '../../kernel/slug'

/** What a new organization is made of, as it came in. */
export interface OrganizationDraft {
  name: string
  slug?: string | null
  billingEmail: string
  description?: string | null
}

/** A draft that passed every rule. */
export interface CheckedOrganizationDraft {
  name: string
  slug: string
  billingEmail: string
  description: string | null
}

/** Most characters of a name. */
export const NAME_LENGTH = 100
/** Most characters of a description. */
export const DESCRIPTION_LENGTH = 500

// Paths of ours where a slug would stand: /login/{slug}, /organizations/{slug}.
const OWN_WORDS: ReadonlySet<string> = new Set(['email', 'google', 'github', 'local', 'recovery', 'new'])

/** What is wrong with a text as the slug of an organization; null when it may be one. */
export function slugProblem(slug: string): string | null {
  if (!isSlug(slug)) return `A slug is ${SLUG_RULE}.`
  return OWN_WORDS.has(slug) ? `${slug} stands in addresses of Gatehouse itself; choose another slug.` : null
}

/**
 * Checks everything a new organization is made of; an absent slug is made from the name.
 * @throws InputProblems  REQUIRED, TOO_LONG and INVALID with their paths, all of them at once
 */
export function checkOrganizationDraft(draft: OrganizationDraft): CheckedOrganizationDraft {
  const problems: AppError[] = []
  const name = draft.name.trim()
  const description = draft.description?.trim() || null
  const slug = draft.slug?.trim() || slugFrom(name)
  const billingEmail = normalizeEmail(draft.billingEmail)
  if (!name) problems.push(new AppError('REQUIRED', 'An organization needs a name.', { path: ['input', 'name'] }))
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
  const aboutSlug = name ? slugProblem(slug) : null
  if (aboutSlug) problems.push(new AppError('INVALID', aboutSlug, { path: ['input', 'slug'] }))
  if (!billingEmail)
    problems.push(
      new AppError('INVALID', 'The billing e-mail is not an e-mail address.', { path: ['input', 'billingEmail'] }),
    )
  const [first, ...others] = problems
  if (first) throw new InputProblems([first, ...others])
  return { name, slug, description, billingEmail: billingEmail! }
}
