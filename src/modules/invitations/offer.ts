import { refuseEscalation, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import type { GrantDraft } from './invitation.model'
import { findGrantTerms, findInvitationTerms, type InvitationTerms } from './invite.store'

/** What an invitation offers: a role in the organization that exists and that the inviter may give. */
export interface Offer extends InvitationTerms {
  role: NonNullable<InvitationTerms['role']>
}

/**
 * Looks up the role and the projects an invitation offers. Nobody offers more than they hold.
 *
 * @param roleId  null for the Member role
 * @throws NOT_FOUND  role or project does not exist, or the project is archived
 * @throws FORBIDDEN  a role allows more than the actor may do
 */
export async function readOffer(
  { tx, actor }: WriteContext,
  organizationId: string,
  roleId: string | null,
  grants: readonly GrantDraft[],
): Promise<Offer> {
  const { role, ...terms } = await findInvitationTerms(tx, organizationId, roleId)
  if (!role)
    throw new AppError('NOT_FOUND', 'This role does not exist in the organization.', { path: ['input', 'roleId'] })
  refuseEscalation(actor, role.permissions, {}, ['input', 'roleId'])
  if (grants.length > 0) await checkGrants({ tx, actor }, organizationId, grants)
  return { ...terms, role }
}

async function checkGrants(
  { tx, actor }: Pick<WriteContext, 'tx' | 'actor'>,
  organizationId: string,
  grants: readonly GrantDraft[],
): Promise<void> {
  const found = await findGrantTerms(tx, organizationId, grants)
  found.forEach(({ isProjectActive, permissions }, index) => {
    const path = ['input', 'projectGrants', String(index)]
    if (!isProjectActive)
      throw new AppError('NOT_FOUND', 'This project does not exist, or it is archived.', {
        path: [...path, 'projectId'],
      })
    if (!permissions)
      throw new AppError('NOT_FOUND', 'This project role does not exist.', { path: [...path, 'roleId'] })
    refuseEscalation(actor, permissions, {}, [...path, 'roleId'])
  })
}
