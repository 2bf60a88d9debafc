import { type WriteContext, writeUseCase } from '../../access'
import { findRolesAbove } from '../roles'
import { closeInvitations, findInvitations } from './invitation.store'
import { invitationAudit } from './invitation-letter'
import { readSelection, type SelectionResult, selectionResults } from './selected-invitations'

/**
 * Withdraws pending and expired invitations: their links stop working and the invited members are removed. As with other
 * members, those whose role allows more than the actor's are left alone.
 *
 * @param input.ids  1..1,000 UUIDs
 * @throws REQUIRED, TOO_MANY  about the list
 */
export const revokeInvitations = writeUseCase({
  name: 'revokeInvitations',
  requires: 'invitation.revoke',
  organization: (input: { organizationId: string; ids: readonly string[] }) => input.organizationId,
  locks: 'update',
  async run(context, { organizationId, ids }): Promise<SelectionResult[]> {
    const selected = readSelection(ids)
    const beyond = await findInvitationsAbove(context, organizationId, selected)
    const allowed = selected.filter((id) => !beyond.has(id))
    const revoked = await closeInvitations(context.tx, organizationId, allowed, 'REVOKED')
    const found = await findInvitations(context.tx, organizationId, selected)
    for (const id of revoked) context.audit(invitationAudit('invitation.revoked', found.get(id)!))
    context.count({ invited: -revoked.size })
    return selectionResults(selected, revoked, found, beyond)
  },
})

async function findInvitationsAbove(
  context: WriteContext,
  organizationId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const above = await findRolesAbove(context, organizationId)
  if (above.size === 0) return new Set()
  const found = await findInvitations(context.tx, organizationId, ids)
  const isOpen = (status: string) => status === 'PENDING' || status === 'EXPIRED'
  return new Set(
    [...found.values()].filter(({ roleId, status }) => isOpen(status) && above.has(roleId)).map(({ id }) => id),
  )
}
