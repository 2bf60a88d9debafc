import { notFound, OWN_ORGANIZATION, readUseCase } from '../../access'
import { type CountResult, type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { directoryObject } from './directory-access'
import {
  countDirectoryUserRows,
  countUsersOfGroups,
  type DirectoryUserFilter,
  type DirectoryUserRow,
  findDirectoryUsers,
  findDirectoryUsersOfMembers,
  listDirectoryUserRows,
  listUsersOfGroups,
} from './directory-user-page.store'
import { nestedPages } from './nested-pages'
import { readSearch } from './search-term'

/** Which people of which directory. */
export interface ListDirectoryUsers {
  directoryId: string
  page: PageArguments
  /** How the user name begins, or a whole address or external id; at most 100 characters. */
  search: string | null
  active: boolean | null
}

/**
 * The people of a directory by user name.
 * @throws NOT_FOUND, TOO_LONG
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listDirectoryUsers = readUseCase({
  name: 'listDirectoryUsers',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ListDirectoryUsers) => directoryObject(context, input.directoryId),
  async run({ tx, organizationId }, { directoryId, page, ...asked }): Promise<ListPage<DirectoryUserRow>> {
    const filter = readFilter(asked)
    const binding = JSON.stringify(['directory-users', directoryId, filter])
    const checked = readPage(page, binding)
    const rows = await listDirectoryUserRows(tx, organizationId, directoryId, filter, checked)
    return listPage(rows, checked, binding, (row) => [row.userNameKey])
  },
})

/** How many people `listDirectoryUsers` walks over: all of them from the counter, else counting stops at 10,000. */
export const countDirectoryUsers = readUseCase({
  name: 'countDirectoryUsers',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: Omit<ListDirectoryUsers, 'page'>) => directoryObject(context, input.directoryId),
  async run({ tx, organizationId }, asked, { directory }): Promise<CountResult> {
    const filter = readFilter(asked)
    if (filter.search === null && filter.active === null) return { value: directory.userCount, relation: 'EXACT' }
    return countDirectoryUserRows(tx, organizationId, directory.id, filter)
  },
})

/** One person of a directory. @throws NOT_FOUND */
export const getDirectoryUser = readUseCase({
  name: 'getDirectoryUser',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { id }: { id: string }): Promise<DirectoryUserRow> {
    const row = (await findDirectoryUsers(tx, organizationId, [id])).get(id)
    if (!row) throw notFound('The person')
    return row
  },
})

/** People of directories by id; unknown ids are missing from the answer. */
export const getDirectoryUsers = readUseCase({
  name: 'getDirectoryUsers',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, DirectoryUserRow>> =>
    findDirectoryUsers(tx, organizationId, ids),
})

/** The people of directories behind members, by member. */
export const getDirectoryUsersOfMembers = readUseCase({
  name: 'getDirectoryUsersOfMembers',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  run: (
    { tx, organizationId },
    { memberIds }: { memberIds: readonly string[] },
  ): Promise<Map<string, DirectoryUserRow>> => findDirectoryUsersOfMembers(tx, organizationId, memberIds),
})

/** The people whom groups name themselves, by user name, a page of each. */
export const listGroupUsers = readUseCase({
  name: 'listGroupUsers',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids, page }: { ids: readonly string[]; page: PageArguments }) =>
    nestedPages<DirectoryUserRow & { groupId: string }>('group-users', ids, page, {
      rows: (checked) => listUsersOfGroups(tx, organizationId, ids, checked),
      parentOf: ({ groupId }) => groupId,
      valuesOf: ({ userNameKey }) => [userNameKey],
    }),
})

/** How many people groups name themselves, by group; groups without any are left out. */
export const countGroupUsers = readUseCase({
  name: 'countGroupUsers',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, number>> =>
    countUsersOfGroups(tx, organizationId, ids),
})

function readFilter({ search, active }: { search: string | null; active: boolean | null }): DirectoryUserFilter {
  const key = readSearch(search)
  return { search: key === null ? null : { key, exact: search!.trim() }, active }
}
