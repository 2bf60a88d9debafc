import { writeUseCase } from '../../access'
import { makeToken } from '../../platform/crypto'
import { findInvitations, rotateLinks } from './invitation.store'
import { invitationAudit, sendLetter } from './invitation-letter'
import { requireInvitationMode } from './membership-mode'
import { readSelection, type SelectionResult, selectionResults } from './selected-invitations'

/**
 * Sends pending and expired invitations again, each with a new link and a whole new lifetime; older links are dead.
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
    const links = new Map(readSelection(ids).map((id) => [id, makeToken('invitation', organizationId)]))
    const hashes = [...links].map(([id, { hash }]) => ({ id, hash }))
    const rotated = await rotateLinks(tx, organizationId, hashes)
    const found = await findInvitations(tx, organizationId, [...links.keys()])
    for (const id of rotated) {
      const invitation = found.get(id)!
      const { email, invitedByName, roleName, message, expiresAt } = invitation
      context.audit(invitationAudit('invitation.resent', invitation))
      const letter = { invitationId: id, email, organizationName: name, invitedByName, roleName, message, expiresAt }
      sendLetter(context, letter, links.get(id)!.token)
    }
    return selectionResults([...links.keys()], rotated, found)
  },
})
