import { AppError, InputProblems } from '../../kernel/errors'
import type { IdpVendor } from '../../kernel/idp-vendor'
import { singleLine } from '../../kernel/single-line'

/**
 * `WAITING`  the identity provider has not come yet
 * `ACTIVE`   it has, with a valid token
 * `PAUSED`   whatever it asks is refused, and nothing changes
 */
export type DirectoryStatus = 'WAITING' | 'ACTIVE' | 'PAUSED'

/** What DELETE of a user does to the member; `active: false` always suspends. */
export type DeprovisionAction = 'SUSPEND' | 'REMOVE'

/** What of a sign-in names the person of the directory. */
export type LinkKey = 'EXTERNAL_ID' | 'USER_NAME' | 'EMAIL'

/** What a directory is made of, as it came in; absent values stay as they are. */
export interface DirectoryDraft {
  name?: string | null
  vendor?: IdpVendor | null
  deprovisionAction?: DeprovisionAction | null
  linkKeys?: readonly LinkKey[] | null
  adoptsVerifiedDomains?: boolean | null
  isStrict?: boolean | null
  isDryRun?: boolean | null
}

/** A directory as far as people choose it. */
export interface CheckedDirectoryDraft {
  name: string
  vendor: IdpVendor
  deprovisionAction: DeprovisionAction
  /** In the order in which they are tried; none links nobody by a sign-in. */
  linkKeys: readonly LinkKey[]
  /** Takes over members whose address is of a proven domain without asking an Admin. */
  adoptsVerifiedDomains: boolean
  /** Takes nothing that RFC 7643 and 7644 do not allow. */
  isStrict: boolean
  /** Computes and logs what would change, and changes nothing. */
  isDryRun: boolean
}

const LONGEST_NAME = 100

// Where the id that a vendor sends by SCIM is the subject of its sign-ins too, it comes first; elsewhere the user name does.
const SUBJECT_IS_EXTERNAL_ID: ReadonlySet<IdpVendor> = new Set(['OKTA', 'ENTRA', 'DEMO'])

/** How a new directory is, where nothing is said. */
export function presetOf(vendor: IdpVendor): CheckedDirectoryDraft {
  return {
    name: '',
    vendor,
    deprovisionAction: 'REMOVE',
    linkKeys: SUBJECT_IS_EXTERNAL_ID.has(vendor) ? ['EXTERNAL_ID', 'USER_NAME'] : ['USER_NAME', 'EXTERNAL_ID'],
    adoptsVerifiedDomains: true,
    isStrict: false,
    isDryRun: false,
  }
}

/** @throws InputProblems  REQUIRED, TOO_LONG, INVALID with their paths, all at once */
export function checkDirectoryDraft(draft: DirectoryDraft, current: CheckedDirectoryDraft): CheckedDirectoryDraft {
  const problems: AppError[] = []
  const report = (code: 'REQUIRED' | 'TOO_LONG' | 'INVALID', field: string, message: string) =>
    problems.push(new AppError(code, message, { path: ['input', field] }))
  const name = draft.name == null ? current.name : singleLine(draft.name)
  if (!name) report('REQUIRED', 'name', 'A directory needs a name.')
  if (name.length > LONGEST_NAME) report('TOO_LONG', 'name', `A name has at most ${LONGEST_NAME} characters.`)
  const linkKeys = draft.linkKeys ?? current.linkKeys
  if (new Set(linkKeys).size < linkKeys.length) report('INVALID', 'linkKeys', 'Name each key once at most.')
  const [first, ...others] = problems
  if (first) throw new InputProblems([first, ...others])
  return {
    name,
    vendor: draft.vendor ?? current.vendor,
    deprovisionAction: draft.deprovisionAction ?? current.deprovisionAction,
    linkKeys,
    adoptsVerifiedDomains: draft.adoptsVerifiedDomains ?? current.adoptsVerifiedDomains,
    isStrict: draft.isStrict ?? current.isStrict,
    isDryRun: draft.isDryRun ?? current.isDryRun,
  }
}

/** Whether a directory changes members: then it carries the membership mode (docs/adr/0017-directories.md). */
export function isAtWork({ status, isDryRun }: { status: DirectoryStatus; isDryRun: boolean }): boolean {
  return status !== 'PAUSED' && !isDryRun
}
