import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import {
  findJoinRequests,
  type JoinRequestRow,
  type JoinRequestStatus,
  listJoinRequestRows,
} from './join-request.store'

/** Which requests a list shows. */
export interface ListJoinRequests {
  organizationId: string
  status: readonly JoinRequestStatus[]
  page: PageArguments
}

/** A page of those who have asked to be let in, newest first. */
export const listJoinRequests = readUseCase({
  name: 'listJoinRequests',
  requires: 'join_request.read',
  organization: (input: ListJoinRequests) => input.organizationId,
  async run({ tx, organizationId }, { status, page }): Promise<ListPage<JoinRequestRow>> {
    const binding = `join-requests/${organizationId}/${status.join()}`
    const checked = readPage(page, binding)
    const rows = await listJoinRequestRows(tx, organizationId, status, checked)
    return listPage(rows, checked, binding, (row) => [row.createdAt.toISOString(), row.id])
  },
})

/** Requests of the caller's organization by id; unknown ids are missing from the answer. */
export const getJoinRequests = readUseCase({
  name: 'getJoinRequests',
  requires: 'join_request.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, JoinRequestRow>> =>
    findJoinRequests(tx, organizationId, ids),
})
