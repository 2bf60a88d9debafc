import { emailDomain, normalizeEmail } from '../../kernel/email-address'
import { AppError, InputProblems } from '../../kernel/errors'
import { DESCRIPTION_LENGTH, NAME_LENGTH, slugProblem } from './organization.model'

/** What of an organization is to change, as it came in; what is absent stays. */
export interface OrganizationChanges {
  name?: string | null
  slug?: string | null
  description?: string | null
  logoUrl?: string | null
  billingEmail?: string | null
  settings?: {
    invitationLifetimeDays?: number | null
    invitationDomains?: string[] | null
    apiKeyMaxLifetimeDays?: number | null
  } | null
}

/** Changes that passed every rule; `undefined` stays as it is. */
export interface CheckedOrganizationChanges {
  name?: string
  slug?: string
  description?: string | null
  logoUrl?: string | null
  billingEmail?: string
  invitationLifetimeDays?: number
  invitationDomains?: string[]
  apiKeyMaxLifetimeDays?: number | null
}

const LOGO_URL_LENGTH = 500
const DOMAINS = 100
const LIFETIME_DAYS = { minimum: 1, maximum: 30 }
const KEY_LIFETIME_DAYS = { minimum: 1, maximum: 3650 }

/**
 * Checks changes to an organization. Null clears description, logo and the longest life of keys; for everything else it means "stays".
 * @throws InputProblems  REQUIRED, TOO_LONG, TOO_MANY and INVALID with their paths, all of them at once
 */
export function checkOrganizationChanges(changes: OrganizationChanges): CheckedOrganizationChanges {
  const problems: AppError[] = []
  const problem = (code: 'REQUIRED' | 'TOO_LONG' | 'TOO_MANY' | 'INVALID', message: string, ...path: string[]) =>
    void problems.push(new AppError(code, message, { path: ['input', ...path] }))
  const name = changes.name?.trim()
  const slug = changes.slug?.trim()
  const description = cleared(changes.description)
  const logoUrl = cleared(changes.logoUrl)
  const billingEmail = changes.billingEmail == null ? undefined : normalizeEmail(changes.billingEmail)
  const { invitationLifetimeDays: days, invitationDomains, apiKeyMaxLifetimeDays: keyDays } = changes.settings ?? {}
  const domains = invitationDomains?.map((domain) => normalizedDomain(domain))

  if (name === '') problem('REQUIRED', 'An organization needs a name.', 'name')
  if (name && name.length > NAME_LENGTH) problem('TOO_LONG', `A name has at most ${NAME_LENGTH} characters.`, 'name')
  const aboutSlug = slug === undefined ? null : slugProblem(slug)
  if (aboutSlug) problem('INVALID', aboutSlug, 'slug')
  if (description && description.length > DESCRIPTION_LENGTH)
    problem('TOO_LONG', `A description has at most ${DESCRIPTION_LENGTH} characters.`, 'description')
  if (logoUrl && logoUrl.length > LOGO_URL_LENGTH)
    problem('TOO_LONG', `An address has at most ${LOGO_URL_LENGTH} characters.`, 'logoUrl')
  if (logoUrl && !isHttpsUrl(logoUrl)) problem('INVALID', 'The logo is an https:// address.', 'logoUrl')
  if (billingEmail === null) problem('INVALID', 'The billing e-mail is not an e-mail address.', 'billingEmail')
  if (days != null && !(days >= LIFETIME_DAYS.minimum && days <= LIFETIME_DAYS.maximum))
    problem('INVALID', 'Invitations live 1 to 30 days.', 'settings', 'invitationLifetimeDays')
  if (keyDays != null && !(keyDays >= KEY_LIFETIME_DAYS.minimum && keyDays <= KEY_LIFETIME_DAYS.maximum))
    problem('INVALID', 'API keys live 1 to 3650 days, or without a limit.', 'settings', 'apiKeyMaxLifetimeDays')
  if (domains && domains.length > DOMAINS)
    problem('TOO_MANY', `At most ${DOMAINS} domains.`, 'settings', 'invitationDomains')
  domains?.forEach((domain, index) => {
    if (domain === null)
      problem('INVALID', 'A domain looks like example.com.', 'settings', 'invitationDomains', String(index))
  })
  const [first, ...others] = problems
  if (first) throw new InputProblems([first, ...others])
  return {
    name,
    slug,
    description,
    logoUrl,
    billingEmail: billingEmail ?? undefined,
    invitationLifetimeDays: days ?? undefined,
    invitationDomains: domains && [...new Set(domains as string[])].sort(),
    apiKeyMaxLifetimeDays: keyDays,
  }
}

/** Absent stays absent; null and blank clear. */
function cleared(text: string | null | undefined): string | null | undefined {
  return text === undefined ? undefined : text?.trim() || null
}

function normalizedDomain(text: string): string | null {
  const address = normalizeEmail(`x@${text.trim().replace(/^@/, '')}`)
  return address && emailDomain(address)
}

function isHttpsUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:'
}
