import { actorLabel, actorUserId, notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findRolesAbove } from '../roles'
import { replaceTeamsOfMembers } from '../teams'
import { type GrantDraft, grantProblems, teamProblems } from './invitation.model'
import { findInvitations, type InvitationRow, lockInvitation } from './invitation.store'
import { invitationAudit } from './invitation-letter'
import { replaceGrants, updateInvitedRole } from './invite.store'
import { readOffer, teamChanges } from './offer'

/** What an invitation shall offer from now on; absent values stay. */
export interface UpdateInvitation {
  id: string
  roleId?: string | null
  /** Replaces all prepared grants. */
  projectGrants?: readonly GrantDraft[] | null
  /** UUIDs; replaces all prepared teams. */
  teamIds?: readonly string[] | null
}

/**
 * Changes what a pending or expired invitation offers. The link and its lifetime stay.
 *
 * @throws NOT_FOUND  the invitation, or what it shall offer (see `readOffer`), does not exist
 * @throws FORBIDDEN  it offers more than the actor may give, or did until now
 * @throws WRONG_STATE  it was answered or revoked
 */
export const updateInvitation = writeUseCase({
  name: 'updateInvitation',
  requires: 'invitation.create',
  organization: () => OWN_ORGANIZATION,
  // Changes to who holds what wait for one another.
  locks: 'update',
  async run(context, { id, roleId, projectGrants, teamIds }: UpdateInvitation): Promise<InvitationRow> {
    const { tx, organizationId, actor } = context
    const [problem] = [...grantProblems(projectGrants ?? []), ...teamProblems(teamIds ?? [])]
    if (problem) throw problem
    const before = await lockInvitation(tx, organizationId, id)
    if (!before) throw notFound('The invitation')
    if (before.status !== 'PENDING')
      throw new AppError('WRONG_STATE', `This invitation was ${before.status.toLowerCase()}; invite the person anew.`)
    const beyond = (await findRolesAbove(context, organizationId)).get(before.roleId)
    if (beyond)
      throw new AppError('FORBIDDEN', `It offers ${beyond}, which you do not hold yourself; ask an Admin.`, {
        permission: beyond,
      })

    const offer = await readOffer(context, organizationId, {
      roleId: roleId ?? before.roleId,
      projectGrants: projectGrants ?? [],
      teamIds: teamIds ?? [],
    })
    await updateInvitedRole(tx, organizationId, [before.memberId], offer.role)
    if (projectGrants) {
      const grantedBy = { id: actorUserId(actor), name: actorLabel(actor) }
      await replaceGrants(tx, organizationId, [before.memberId], projectGrants, grantedBy)
    }
    if (teamIds) await replaceTeamsOfMembers(tx, organizationId, [before.memberId], teamIds)
    const invitation = (await findInvitations(tx, organizationId, [id])).get(id)!
    const changes = [{ field: 'role', before: before.roleKey, after: offer.role.key }, ...teamChanges(offer)]
    context.audit(invitationAudit('invitation.updated', invitation, changes))
    return invitation
  },
})
