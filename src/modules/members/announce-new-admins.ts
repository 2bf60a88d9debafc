import { actorLabel, type WriteContext } from '../../access'
import type { Statement } from '../../platform/database'

/** Whoever has just become an Admin. */
interface NewAdmin {
  id: string
  name: string
  email: string
}

const MAXIMUM_RECIPIENTS = 20
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
  const others = await context.tx.query<{ email: string }>(OTHER_ADMINS, [organizationId, ids, MAXIMUM_RECIPIENTS])
  const payload = {
    organizationName: context.locked?.name ?? '',
    adminName: inWords(newAdmins.map((admin) => admin.name || admin.email)),
    adminEmail: inWords(newAdmins.map((admin) => admin.email)),
    changedByName,
  }
  for (const { email } of others) context.send({ kind: 'mail.new-admin', destination: email, payload })
}

function inWords(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_IN_FULL).join(', ')
  return names.length > NAMES_IN_FULL ? `${shown} and ${names.length - NAMES_IN_FULL} more` : shown
}

const OTHER_ADMINS: Statement = {
  name: 'other-admins',
  text: `
SELECT m.email FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
WHERE m.organization_id = $1 AND m.status = 'JOINED' AND r.scope = 'ORGANIZATION' AND r.key = 'admin'
  AND m.id <> ALL($2::uuid[])
ORDER BY m.id LIMIT $3`,
}
