import { actorLabel, type WriteContext } from '../../access'
import { findAdminAddresses } from './admin-addresses.store'

/** Whoever has just become an Admin. */
interface NewAdmin {
  id: string
  name: string
  email: string
}

const NAMES_IN_FULL = 3

/**
 * Sends one mail to each of the other Admins, at most 20, so that an unwanted promotion is noticed.
 * @param changedByName  whose decision it was, if not that of the actor: an invitation is accepted by the new Admin
 */
export async function announceNewAdmins(
  context: WriteContext,
  organizationId: string,
  newAdmins: readonly NewAdmin[],
  changedByName = actorLabel(context.actor),
): Promise<void> {
  if (newAdmins.length === 0) return
  const ids = newAdmins.map((admin) => admin.id)
  const others = await findAdminAddresses(context.tx, organizationId, ids)
  const payload = {
    organizationName: context.locked?.name ?? '',
    adminName: inWords(newAdmins.map((admin) => admin.name || admin.email)),
    adminEmail: inWords(newAdmins.map((admin) => admin.email)),
    changedByName,
  }
  for (const destination of others) context.send({ kind: 'mail.new-admin', destination, payload })
}

function inWords(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_IN_FULL).join(', ')
  return names.length > NAMES_IN_FULL ? `${shown} and ${names.length - NAMES_IN_FULL} more` : shown
}
