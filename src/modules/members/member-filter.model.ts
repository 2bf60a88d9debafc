import { AppError } from '../../kernel/errors'
import type { MemberSource, MemberStatus } from './member.entity'

/** Which members of an organization are meant; everything given must match. Nobody REMOVED unless `status` says so. */
export interface MemberFilter {
  /** Part of name or address, 3 to 100 characters, upper and lower case alike. */
  search?: string | null
  status?: readonly MemberStatus[] | null
  /** UUIDs */
  roleIds?: readonly string[] | null
  /** UUID of a project in which the member has a role of its own. */
  projectId?: string | null
  /** UUID of a team that the member was put into. */
  teamId?: string | null
  source?: readonly MemberSource[] | null
  emailDomain?: string | null
  /** Also matches those who were never active. */
  lastActiveBefore?: Date | null
  isAdmin?: boolean | null
}

export type MemberOrderField = 'JOINED_AT' | 'NAME' | 'EMAIL' | 'LAST_ACTIVE_AT'

/** How a list of members is sorted; ties are broken by id. */
export interface MemberOrder {
  field: MemberOrderField
  direction: 'ASC' | 'DESC'
}

const SEARCH_LENGTH = { minimum: 3, maximum: 100 }
const LIST_LENGTH = 100

/**
 * Brings a filter into the form that the store compares with, without what does not restrict.
 * @throws INVALID, TOO_LONG, TOO_MANY  a search term or list outside its bounds
 */
export function checkMemberFilter(filter: MemberFilter | null | undefined): MemberFilter {
  const search = filter?.search?.trim()
  if (search !== undefined && [...search].length < SEARCH_LENGTH.minimum)
    throw new AppError('INVALID', `Search for at least ${SEARCH_LENGTH.minimum} characters.`, {
      path: ['filter', 'search'],
    })
  if (search && search.length > SEARCH_LENGTH.maximum)
    throw new AppError('TOO_LONG', `A search term has at most ${SEARCH_LENGTH.maximum} characters.`, {
      path: ['filter', 'search'],
    })
  for (const name of ['status', 'roleIds', 'source'] as const)
    if ((filter?.[name]?.length ?? 0) > LIST_LENGTH)
      throw new AppError('TOO_MANY', `At most ${LIST_LENGTH} values.`, { path: ['filter', name] })
  const checked = { ...filter, search, emailDomain: filter?.emailDomain?.trim().toLowerCase() }
  return Object.fromEntries(Object.entries(checked).filter(([, value]) => value != null))
}

/** True when nobody but REMOVED members is left out. */
export function isUnfiltered(filter: MemberFilter): boolean {
  return Object.keys(filter).length === 0
}
