import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { cursorOf, type PageArguments, readPage } from '../../kernel/page'
import { directoryObject } from './directory-access'
import { type DriftRow, findDrift, findUnmanagedMembers } from './drift.store'

/** A stretch of a comparison. It may hold fewer than were asked for, also none, and still go on. */
export interface Stretch<Row> {
  rows: readonly Row[]
  /** Where to go on; null at the end. */
  endCursor: string | null
}

// What one call compares at most: well within a second.
const STRETCH = 20_000

/**
 * People of a directory whose members are not as it says: changed by hand while it was paused, or before it came.
 * Forwards only; a stretch compares at most 20,000 people.
 * @throws NOT_FOUND
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const reportDrift = readUseCase({
  name: 'reportDrift',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { directoryId: string; page: Pick<PageArguments, 'first' | 'after'> }) =>
    directoryObject(context, input.directoryId),
  async run({ tx, organizationId }, { directoryId, page }): Promise<Stretch<DriftRow>> {
    const binding = JSON.stringify(['directory-drift', directoryId])
    const { size, cursor } = readPage(page, binding)
    const bounds = { stretch: STRETCH, limit: size }
    const { rows, lastKey } = await findDrift(tx, organizationId, directoryId, cursor?.[0] ?? null, bounds)
    return { rows, endCursor: lastKey === null ? null : cursorOf([lastKey], binding) }
  },
})

/**
 * Members that no directory provides, by the order in which they came. Forwards only; a stretch looks at 20,000 members.
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const reportUnmanagedMembers = readUseCase({
  name: 'reportUnmanagedMembers',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run(
    { tx, organizationId },
    { page }: { page: Pick<PageArguments, 'first' | 'after'> },
  ): Promise<Stretch<string>> {
    const binding = JSON.stringify(['unmanaged-members', organizationId])
    const { size, cursor } = readPage(page, binding)
    const bounds = { stretch: STRETCH, limit: size }
    const { ids, lastId } = await findUnmanagedMembers(tx, organizationId, cursor?.[0] ?? null, bounds)
    return { rows: ids, endCursor: lastId === null ? null : cursorOf([lastId], binding) }
  },
})
