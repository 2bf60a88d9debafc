import type { WriteContext } from '../../access'
import { endSessionsOpenedBy, stopProviders, suspendWithoutAccount, writeMode } from './mode-change.store'
import { type SwitchedRow, writeSwitchedRows } from './mode-switch.store'

/** What it has ended. */
export interface EnteredInvitationMode {
  stopped: SwitchedRow[]
  sessionsEnded: number
  membersSuspended: number
}

/**
 * Brings an organization into invitation mode in the transaction of the caller, which holds the organization row for
 * update: connections and directories stop, the mode is flipped, their sessions end, and members who have no account of
 * their own are suspended, with everything kept for their return.
 */
export async function enterInvitationMode(context: WriteContext, switchId: string): Promise<EnteredInvitationMode> {
  const { tx, organizationId } = context
  const stopped = await stopProviders(tx, organizationId)
  await writeSwitchedRows(tx, organizationId, switchId, stopped)
  await writeMode(tx, organizationId, 'INVITATION')
  const sessionsEnded = await endSessionsOpenedBy(tx, organizationId, 'SSO')
  const suspended = await suspendWithoutAccount(tx, organizationId, switchId)
  context.count({ joined: -suspended.members, suspended: suspended.members, admins: -suspended.admins })
  return { stopped, sessionsEnded, membersSuspended: suspended.members }
}
