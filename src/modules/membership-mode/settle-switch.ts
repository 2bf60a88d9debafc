import { Operation, type Spine, systemCaller, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { endMembership, lockMembers, SUSPENDED_BY_SWITCH } from '../members'
import { modeAudit } from './mode-audit'
import {
  countSafeAdmins,
  findDueSwitches,
  findModeSwitch,
  findUnlinked,
  markSettled,
  rememberSuspended,
} from './mode-switch.store'

const MOST_PER_RUN = 100
const BATCH = 1_000

/**
 * Suspends members whose time to link a sign-in is over, a thousand at once. The last Admins stay: without them nobody
 * could let anybody in again.
 * @returns how many
 * @throws WRONG_STATE  the organization has left SSO mode, or the deadline is to come
 */
export const suspendUnlinkedMembers = writeUseCase({
  name: 'suspendUnlinkedMembers',
  requires: 'operator',
  organization: (input: { organizationId: string; switchId: string }) => input.organizationId,
  locks: 'update',
  async run(context, { organizationId, switchId }): Promise<number> {
    const { tx, locked } = context
    const due = await findModeSwitch(tx, organizationId, switchId)
    const isDue = due?.graceEndsAt && due.graceEndsAt.getTime() <= Date.now() && !due.settledAt && !due.revertedAt
    if (!isDue || locked!.membership_mode !== 'SSO')
      throw new AppError('WRONG_STATE', 'Nobody has to link a sign-in here any more.')
    const withAdmins = (await countSafeAdmins(tx, organizationId, switchId)) > 0
    const ids = await findUnlinked(tx, organizationId, switchId, { withAdmins, limit: BATCH })
    const members = await lockMembers(tx, organizationId, ids)
    await rememberSuspended(tx, organizationId, switchId, ids)
    await endMembership(context, organizationId, [...members.values()], {
      to: 'SUSPENDED',
      action: 'member.suspended',
      reason: SUSPENDED_BY_SWITCH,
    })
    if (ids.length === BATCH) return ids.length
    await markSettled(tx, organizationId, switchId)
    modeAudit(context, 'settled', switchId, { from: due.from }, { membersSuspended: ids.length })
    return ids.length
  },
})

/** Settles the switches of all organizations whose deadline is over. @returns how many members were suspended */
export async function settleSwitches(spine: Spine): Promise<number> {
  const due = await spine.database.write({ kind: 'installation' }, (tx) => findDueSwitches(tx, MOST_PER_RUN))
  let suspended = 0
  for (const each of due) {
    for (let batch = BATCH; batch === BATCH; ) {
      batch = await new Operation(spine, systemCaller('membership mode', each.organizationId))
        .execute(suspendUnlinkedMembers, each)
        .catch(nobodyWhenOver)
      suspended += batch
    }
  }
  return suspended
}

/** The switch was reverted, or the organization deleted, since the list was read. */
function nobodyWhenOver(error: unknown): number {
  if (!(error instanceof AppError) || (error.code !== 'WRONG_STATE' && error.code !== 'NOT_FOUND')) throw error
  return 0
}
