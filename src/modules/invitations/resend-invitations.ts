import { writeUseCase } from '../../access'
import { makeToken } from '../../platform/crypto'
import { findInvitations, rotateLinks } from './invitation.store'
import { invitationAudit, sendLetter } from './invitation-letter'
import { requireInvitationMode } from './membership-mode'
import { readSelection, type SelectionResult, selectionResults } from './selected-invitations'
import { findOffersBeyond } from './standing-offer'

/**
 * Sends pending and expired invitations again, each with a new link and a whole new lifetime; older links are dead. What
 * offers more than the actor holds is left as it is: to refresh an offer is to make it.
 *
 * @param input.ids  1..1,000 UUIDs
 * @throws REQUIRED, TOO_MANY  about the list
 * @throws MEMBERSHIP_MODE  the organization's identity provider decides who joins
 */
export const resendInvitations = writeUseCase({
  name: 'resendInvitations',
  requires: 'invitation.create',
  organization: (input: { organizationId: string; ids: readonly string[] }) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, ids }): Promise<SelectionResult[]> {
    const { tx } = context
    const { name } = requireInvitationMode(context.locked)
    const selected = readSelection(ids)
    const beyond = await findOffersBeyond(context, organizationId, selected)
    const allowed = selected.filter((id) => !beyond.has(id))
    const links = new Map(allowed.map((id) => [id, makeToken('invitation', organizationId)]))
    const hashes = [...links].map(([id, { hash }]) => ({ id, hash }))
    const rotated = await rotateLinks(tx, organizationId, hashes)
    const found = await findInvitations(tx, organizationId, selected)
    for (const id of rotated) {
      const invitation = found.get(id)!
      const { email, invitedByName, roleName, message, expiresAt } = invitation
      context.audit(invitationAudit('invitation.resent', invitation))
      const letter = { invitationId: id, email, organizationName: name, invitedByName, roleName, message, expiresAt }
      sendLetter(context, letter, links.get(id)!.token)
    }
    return selectionResults(selected, rotated, found, new Set(beyond.keys()))
  },
})
