import { type Actor, type Permission, permissionsOfRole, type WriteContext } from '../../access'
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
  refuseEscalation(actor, permissionsOfRole('ORGANIZATION', role.key), ['input', 'roleId'])
  if (grants.length > 0) await checkGrants({ tx, actor }, organizationId, grants)
  return { ...terms, role }
}

async function checkGrants(
  { tx, actor }: Pick<WriteContext, 'tx' | 'actor'>,
  organizationId: string,
  grants: readonly GrantDraft[],
): Promise<void> {
  const found = await findGrantTerms(tx, organizationId, grants)
  found.forEach(({ isProjectActive, roleKey }, index) => {
    const path = ['input', 'projectGrants', String(index)]
    if (!isProjectActive)
      throw new AppError('NOT_FOUND', 'This project does not exist, or it is archived.', {
        path: [...path, 'projectId'],
      })
    if (!roleKey) throw new AppError('NOT_FOUND', 'This project role does not exist.', { path: [...path, 'roleId'] })
    refuseEscalation(actor, permissionsOfRole('PROJECT', roleKey), [...path, 'roleId'])
  })
}

// The founder (an account still, in the transaction of the founding) and the operator hold everything.
function refuseEscalation(actor: Actor, offered: ReadonlySet<Permission>, path: string[]): void {
  if (actor.kind !== 'member') return
  const missing = [...offered].find((permission) => !actor.permissions.has(permission))
  if (missing) throw new AppError('FORBIDDEN', 'This role allows more than you may do.', { permission: missing, path })
}
