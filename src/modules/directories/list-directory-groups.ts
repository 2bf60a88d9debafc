import { notFound, OWN_ORGANIZATION, readUseCase } from '../../access'
import { type CountResult, type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { directoryObject } from './directory-access'
import {
  countDirectoryGroupRows,
  countGroupsOfUsers,
  type DirectoryGroupRow,
  findDirectoryGroups,
  listDirectoryGroupRows,
  listGroupsOfUsers,
} from './directory-group-page.store'
import { nestedPages } from './nested-pages'
import { readSearch } from './search-term'

/** Which groups of which directory. */
export interface ListDirectoryGroups {
  directoryId: string
  page: PageArguments
  /** Part of the name, at most 100 characters. */
  search: string | null
}

/**
 * The groups of a directory by name.
 * @throws NOT_FOUND, TOO_LONG
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listDirectoryGroups = readUseCase({
  name: 'listDirectoryGroups',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ListDirectoryGroups) => directoryObject(context, input.directoryId),
  async run({ tx, organizationId }, { directoryId, page, search }): Promise<ListPage<DirectoryGroupRow>> {
    const term = readSearch(search)
    const binding = JSON.stringify(['directory-groups', directoryId, term])
    const checked = readPage(page, binding)
    const rows = await listDirectoryGroupRows(tx, organizationId, directoryId, term, checked)
    return listPage(rows, checked, binding, (row) => [row.displayNameKey])
  },
})

/** How many groups `listDirectoryGroups` walks over: all of them from the counter, else counting stops at 10,000. */
export const countDirectoryGroups = readUseCase({
  name: 'countDirectoryGroups',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: Omit<ListDirectoryGroups, 'page'>) => directoryObject(context, input.directoryId),
  async run({ tx, organizationId }, { search }, { directory }): Promise<CountResult> {
    const term = readSearch(search)
    if (term === null) return { value: directory.groupCount, relation: 'EXACT' }
    return countDirectoryGroupRows(tx, organizationId, directory.id, term)
  },
})

/** One group of a directory. @throws NOT_FOUND */
export const getDirectoryGroup = readUseCase({
  name: 'getDirectoryGroup',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { id }: { id: string }): Promise<DirectoryGroupRow> {
    const row = (await findDirectoryGroups(tx, organizationId, [id])).get(id)
    if (!row) throw notFound('The group')
    return row
  },
})

/** Groups of directories by id; unknown ids are missing from the answer. */
export const getDirectoryGroups = readUseCase({
  name: 'getDirectoryGroups',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, DirectoryGroupRow>> =>
    findDirectoryGroups(tx, organizationId, ids),
})

/** The groups that name people themselves, by name, a page of each person. */
export const listUserGroups = readUseCase({
  name: 'listUserGroups',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids, page }: { ids: readonly string[]; page: PageArguments }) =>
    nestedPages<DirectoryGroupRow & { userId: string }>('user-groups', ids, page, {
      rows: (checked) => listGroupsOfUsers(tx, organizationId, ids, checked),
      parentOf: ({ userId }) => userId,
      valuesOf: ({ displayNameKey }) => [displayNameKey],
    }),
})

/** How many groups name people themselves, by person; people in none are left out. */
export const countUserGroups = readUseCase({
  name: 'countUserGroups',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, number>> =>
    countGroupsOfUsers(tx, organizationId, ids),
})
