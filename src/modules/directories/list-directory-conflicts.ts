import { notFound, OWN_ORGANIZATION, readUseCase } from '../../access'
import { type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import {
  type ConflictRow,
  type ConflictStatus,
  countOpenConflicts,
  findConflict,
  listConflictRows,
} from './conflict-page.store'
import { directoryObject } from './directory-access'

/** Which conflicts of which directory. */
export interface ListDirectoryConflicts {
  directoryId: string
  page: PageArguments
  status: readonly ConflictStatus[]
}

/**
 * Pushed people who match a member that the directory may not take over by itself, oldest first.
 * @throws NOT_FOUND
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listDirectoryConflicts = readUseCase({
  name: 'listDirectoryConflicts',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ListDirectoryConflicts) => directoryObject(context, input.directoryId),
  async run({ tx, organizationId }, { directoryId, page, status }): Promise<ListPage<ConflictRow>> {
    const wanted = [...new Set(status)].sort()
    const binding = JSON.stringify(['directory-conflicts', directoryId, wanted])
    const checked = readPage(page, binding)
    const rows = await listConflictRows(tx, organizationId, directoryId, wanted, checked)
    return listPage(rows, checked, binding, (row) => [row.id])
  },
})

/** How many conflicts of directories wait for a decision, by directory; directories without any are left out. */
export const getOpenConflictCounts = readUseCase({
  name: 'getOpenConflictCounts',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { directoryIds }: { directoryIds: readonly string[] }): Promise<Map<string, number>> =>
    countOpenConflicts(tx, organizationId, directoryIds),
})

/** One conflict. @throws NOT_FOUND */
export const getDirectoryConflict = readUseCase({
  name: 'getDirectoryConflict',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { id }: { id: string }): Promise<ConflictRow> {
    const row = await findConflict(tx, organizationId, id)
    if (!row) throw notFound('The conflict')
    return row
  },
})
