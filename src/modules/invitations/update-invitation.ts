import { actorLabel, actorUserId, notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findRolesAbove } from '../roles'
import { type GrantDraft, grantProblems } from './invitation.model'
import { findInvitations, type InvitationRow, lockInvitation } from './invitation.store'
import { invitationAudit } from './invitation-letter'
import { replaceGrants, updateInvitedRole } from './invite.store'
import { readOffer } from './offer'

/** What an invitation shall offer from now on; absent values stay. */
export interface UpdateInvitation {
  id: string
  roleId?: string | null
  /** Replaces all prepared grants. */
  projectGrants?: readonly GrantDraft[] | null
}

/**
 * Changes what a pending or expired invitation offers. The link and its lifetime stay.
 *
 * @throws NOT_FOUND  invitation, role or project does not exist
 * @throws FORBIDDEN  a role allows more than the actor may do, the one that it offered until now as well
 * @throws WRONG_STATE  it was answered or revoked
 */
export const updateInvitation = writeUseCase({
  name: 'updateInvitation',
  requires: 'invitation.create',
  organization: () => OWN_ORGANIZATION,
  // Changes to who holds what wait for one another.
  locks: 'update',
  async run(context, { id, roleId, projectGrants }: UpdateInvitation): Promise<InvitationRow> {
    const { tx, organizationId, actor } = context
    const [problem] = grantProblems(projectGrants ?? [])
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

    const offer = await readOffer(context, organizationId, roleId ?? before.roleId, projectGrants ?? [])
    await updateInvitedRole(tx, organizationId, [before.memberId], offer.role)
    if (projectGrants) {
      const grantedBy = { id: actorUserId(actor), name: actorLabel(actor) }
      await replaceGrants(tx, organizationId, [before.memberId], projectGrants, grantedBy)
    }
    const invitation = (await findInvitations(tx, organizationId, [id])).get(id)!
    const changes = [{ field: 'role', before: before.roleKey, after: offer.role.key }]
    context.audit(invitationAudit('invitation.updated', invitation, changes))
    return invitation
  },
})
