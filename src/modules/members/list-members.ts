import { readUseCase } from '../../access'
import { type CountResult, type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { readMemberFilter } from './member-filter'
import { isUnfiltered, type MemberFilter, type MemberOrder } from './member-filter.model'
import { countMatchingMembers, cursorValuesOf, findMemberPage, type MemberRow } from './member-page.store'
import { findMemberStats } from './member-stats.store'

/** A page of the members of an organization. */
export interface ListMembers {
  organizationId: string
  page: PageArguments
  filter?: MemberFilter | null
  /** Newest first when absent. */
  order?: MemberOrder | null
}

const NEWEST_FIRST: MemberOrder = { field: 'JOINED_AT', direction: 'DESC' }

/**
 * One page of the members of an organization, in one statement.
 * @throws INVALID, TOO_LONG, TOO_MANY  paging arguments or filter outside their bounds
 * @throws FORBIDDEN  see `readMemberFilter`
 */
export const listMembers = readUseCase({
  name: 'listMembers',
  requires: 'member.read',
  organization: (input: ListMembers) => input.organizationId,
  async run(context, input): Promise<ListPage<MemberRow>> {
    const filter = await readMemberFilter(context, input.organizationId, input.filter)
    const order = input.order ?? NEWEST_FIRST
    const binding = JSON.stringify(['members', input.organizationId, filter, order.field, order.direction])
    const page = readPage(input.page, binding)
    const rows = await findMemberPage(context.tx, input.organizationId, filter, order, page)
    return listPage(rows, page, binding, cursorValuesOf(order))
  },
})

/**
 * How many members match a filter: from the counters without one, otherwise counted up to 10,000.
 * @throws INVALID, TOO_LONG, TOO_MANY  a filter outside its bounds
 * @throws FORBIDDEN  see `readMemberFilter`
 */
export const countMembers = readUseCase({
  name: 'countMembers',
  requires: 'member.read',
  organization: (input: { organizationId: string; filter?: MemberFilter | null }) => input.organizationId,
  async run(context, input): Promise<CountResult> {
    const { tx } = context
    const filter = await readMemberFilter(context, input.organizationId, input.filter)
    if (!isUnfiltered(filter)) return countMatchingMembers(tx, input.organizationId, filter)
    const { joined, invited, suspended } = await findMemberStats(tx, input.organizationId)
    return { value: joined + invited + suspended, relation: 'EXACT' }
  },
})
