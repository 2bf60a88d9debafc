import { readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import {
  COUNT_CAP,
  type CountResult,
  cappedCount,
  type ListPage,
  listPage,
  type PageArguments,
  readPage,
} from '../../kernel/page'
import {
  countInvitationRows,
  type InvitationFilter,
  type InvitationRow,
  type InvitationStatus,
  listInvitationRows,
} from './invitation.store'

/** What a list of invitations is asked for. */
export interface InvitationQuery {
  organizationId: string
  /** Part of the address, at most 254 characters. */
  search?: string | null
  /** Absent: those that wait for an answer and those that got none in time. */
  status?: readonly InvitationStatus[] | null
}

const OPEN: readonly InvitationStatus[] = ['PENDING', 'EXPIRED']
const SEARCH_LENGTH = 254

/** A page of the organization's invitations, newest first. */
export const listInvitations = readUseCase({
  name: 'listInvitations',
  requires: 'invitation.read',
  organization: (input: InvitationQuery & { page: PageArguments }) => input.organizationId,
  async run({ tx }, input): Promise<ListPage<InvitationRow>> {
    const filter = readFilter(input)
    const binding = `invitations/${input.organizationId}/${filter.search}/${filter.status.join()}`
    const page = readPage(input.page, binding)
    const rows = await listInvitationRows(tx, input.organizationId, filter, page)
    return listPage(rows, page, binding, (row) => [row.createdAt.toISOString(), row.id])
  },
})

/** How many invitations match; counting stops at 10,000. */
export const countInvitations = readUseCase({
  name: 'countInvitations',
  requires: 'invitation.read',
  organization: (input: InvitationQuery) => input.organizationId,
  async run({ tx }, input): Promise<CountResult> {
    return cappedCount(await countInvitationRows(tx, input.organizationId, readFilter(input), COUNT_CAP + 1))
  },
})

function readFilter({ search, status }: InvitationQuery): InvitationFilter {
  const text = search?.trim().toLowerCase() ?? ''
  if (text.length > SEARCH_LENGTH)
    throw new AppError('TOO_LONG', `Search for at most ${SEARCH_LENGTH} characters.`, { path: ['filter', 'search'] })
  return { search: text, status: status ?? OPEN }
}
