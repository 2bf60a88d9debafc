import { writeUseCase } from '../../access'
import { closeInvitations, findInvitations } from './invitation.store'
import { invitationAudit } from './invitation-letter'
import { readSelection, type SelectionResult, selectionResults } from './selected-invitations'

/**
 * Withdraws pending and expired invitations: their links stop working and the invited members are removed.
 *
 * @param input.ids  1..1,000 UUIDs
 * @throws REQUIRED, TOO_MANY  about the list
 */
export const revokeInvitations = writeUseCase({
  name: 'revokeInvitations',
  requires: 'invitation.revoke',
  organization: (input: { organizationId: string; ids: readonly string[] }) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, ids }): Promise<SelectionResult[]> {
    const selected = readSelection(ids)
    const revoked = await closeInvitations(context.tx, organizationId, selected, 'REVOKED')
    const found = await findInvitations(context.tx, organizationId, selected)
    for (const id of revoked) context.audit(invitationAudit('invitation.revoked', found.get(id)!))
    context.count({ invited: -revoked.size })
    return selectionResults(selected, revoked, found)
  },
})
