import { emailDomain } from '../../kernel/email-address'
import { AppError, InputProblems } from '../../kernel/errors'
import { type ListedAddress, readAddressList } from './address-list.model'

/** A role in a project, prepared for the day the invitation is accepted. */
export interface GrantDraft {
  projectId: string
  roleId: string
}

/** Whom to invite and as what, as it came in. */
export interface InvitationDraft {
  /** Each may be a list of its own, see `readAddressList`. */
  emails: readonly string[]
  /** UUID of an organization role; absent for the Member role. */
  roleId?: string | null
  projectGrants?: readonly GrantDraft[] | null
  /** UUIDs of teams to be in from the first moment on. */
  teamIds?: readonly string[] | null
  /** The inviter's own words; at most 500 characters. */
  message?: string | null
  /** 1..30; absent for the setting of the organization. */
  expiresInDays?: number | null
  /** False when the inviter hands out the link in another way. */
  sendEmail?: boolean | null
}

/** A draft that passed every rule. */
export interface CheckedInvitationDraft {
  /** At most 1,000, each once. */
  addresses: ListedAddress[]
  roleId: string | null
  projectGrants: GrantDraft[]
  teamIds: string[]
  message: string | null
  expiresInDays: number | null
  sendEmail: boolean
}

/** What became of one address. */
export type InvitationOutcome =
  | 'SENT'
  | 'RENEWED'
  | 'ALREADY_MEMBER'
  | 'ALREADY_INVITED'
  | 'INVALID'
  | 'DOMAIN_NOT_ALLOWED'

const MAXIMUM_ADDRESSES = 1_000
const MAXIMUM_GRANTS = 50
const MAXIMUM_TEAMS = 20
const MESSAGE_LENGTH = 500
const MAXIMUM_DAYS = 30

/**
 * Checks everything an invitation is made of. An unreadable address is no problem of the whole: it gets its own outcome.
 *
 * @param listName  what the list of addresses is called in the input
 * @throws InputProblems  REQUIRED, TOO_MANY, TOO_LONG and INVALID with their paths, all of them at once
 */
export function checkInvitationDraft(draft: InvitationDraft, listName = 'emails'): CheckedInvitationDraft {
  const problems: AppError[] = []
  const refuse = (code: 'REQUIRED' | 'TOO_MANY' | 'TOO_LONG' | 'INVALID', message: string, field: string) =>
    problems.push(new AppError(code, message, { path: ['input', field] }))
  const addresses = readAddressList(draft.emails)
  const message = draft.message?.trim() || null
  const expiresInDays = draft.expiresInDays ?? null
  const projectGrants = [...(draft.projectGrants ?? [])]
  const teamIds = [...(draft.teamIds ?? [])]
  if (addresses.length === 0) refuse('REQUIRED', 'Name at least one e-mail address.', listName)
  if (addresses.length > MAXIMUM_ADDRESSES)
    refuse('TOO_MANY', `One call invites at most ${MAXIMUM_ADDRESSES} addresses; split the list.`, listName)
  if (message && message.length > MESSAGE_LENGTH)
    refuse('TOO_LONG', `A message has at most ${MESSAGE_LENGTH} characters.`, 'message')
  if (expiresInDays !== null && (expiresInDays < 1 || expiresInDays > MAXIMUM_DAYS))
    refuse('INVALID', `An invitation is valid for 1 to ${MAXIMUM_DAYS} days.`, 'expiresInDays')
  problems.push(...grantProblems(projectGrants), ...teamProblems(teamIds))
  const [first, ...others] = problems
  if (first) throw new InputProblems([first, ...others])
  const sendEmail = draft.sendEmail ?? true
  return { addresses, roleId: draft.roleId ?? null, projectGrants, teamIds, message, expiresInDays, sendEmail }
}

/** What is wrong with a list of grants before any project is looked at: too many, or a project named twice. */
export function grantProblems(grants: readonly GrantDraft[]): AppError[] {
  const path = ['input', 'projectGrants']
  if (grants.length > MAXIMUM_GRANTS)
    return [new AppError('TOO_MANY', `One invitation grants at most ${MAXIMUM_GRANTS} projects.`, { path })]
  const projects = new Set(grants.map((grant) => grant.projectId))
  return projects.size < grants.length
    ? [new AppError('INVALID', 'Name each project once: a person has one role in a project.', { path })]
    : []
}

/** What is wrong with a list of teams before any is looked at: too many, or one named twice. */
export function teamProblems(teamIds: readonly string[]): AppError[] {
  const path = ['input', 'teamIds']
  if (teamIds.length > MAXIMUM_TEAMS)
    return [new AppError('TOO_MANY', `One invitation names at most ${MAXIMUM_TEAMS} teams.`, { path })]
  return new Set(teamIds).size < teamIds.length ? [new AppError('INVALID', 'Name each team once.', { path })] : []
}

/** True when the organization lets this normalized address be invited; no domains means any. */
export function isDomainAllowed(email: string, domains: readonly string[]): boolean {
  return domains.length === 0 || domains.includes(emailDomain(email))
}
