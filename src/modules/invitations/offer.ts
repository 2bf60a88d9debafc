import { decide, refuse, refuseEscalation, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { permissionsInProjects } from '../projects'
import { checkTeamPlaces } from '../teams'
import type { GrantDraft } from './invitation.model'
import { findGrantTerms, findInvitationTerms, type InvitationTerms } from './invite.store'

/** What an invitation offers: a role in the organization that exists and that the inviter may give. */
export interface Offer extends InvitationTerms {
  role: NonNullable<InvitationTerms['role']>
  /** The names of the teams, in the order in which they were asked for. */
  teamNames: string[]
}

/** What an invitation is to offer. */
export interface OfferDraft {
  /** UUID; null for the Member role. */
  roleId: string | null
  projectGrants: readonly GrantDraft[]
  /** UUIDs */
  teamIds: readonly string[]
}

/**
 * Looks up the role, the projects and the teams an invitation offers. Nobody offers more than they hold: a role in a
 * project needs the permission to grant there, and a place in a team the permission to put people into it.
 *
 * @throws NOT_FOUND  role, project or team does not exist or cannot be seen, or the project is archived
 * @throws FORBIDDEN  the actor may not give it, or it allows more than the actor may do
 */
export async function readOffer(context: WriteContext, organizationId: string, draft: OfferDraft): Promise<Offer> {
  const { tx, actor } = context
  const { role, ...terms } = await findInvitationTerms(tx, organizationId, draft.roleId)
  if (!role)
    throw new AppError('NOT_FOUND', 'This role does not exist in the organization.', { path: ['input', 'roleId'] })
  refuseEscalation(actor, role.permissions, {}, ['input', 'roleId'])
  if (draft.projectGrants.length > 0) await checkGrants(context, organizationId, draft.projectGrants)
  const { teamIds } = draft
  const path = ['input', 'teamIds']
  const teamNames = teamIds.length > 0 ? await checkTeamPlaces(context, organizationId, teamIds, path) : []
  return { ...terms, role, teamNames }
}

/** The teams of an offer as changes of an audit row: none when it names none. */
export function teamChanges({ teamNames }: Offer): { field: string; before: null; after: string[] }[] {
  return teamNames.length > 0 ? [{ field: 'teams', before: null, after: teamNames }] : []
}

async function checkGrants(
  { tx, actor }: WriteContext,
  organizationId: string,
  grants: readonly GrantDraft[],
): Promise<void> {
  const found = await findGrantTerms(tx, organizationId, grants)
  const projectIds = grants.map(({ projectId }) => projectId)
  const heldIn = await permissionsInProjects({ tx, actor }, organizationId, projectIds)
  found.forEach(({ isProjectActive, permissions }, index) => {
    const path = ['input', 'projectGrants', String(index)]
    const permissionsHere = heldIn.get(projectIds[index]!)
    if (!isProjectActive || !permissionsHere)
      throw new AppError('NOT_FOUND', 'This project does not exist, is archived, or you cannot see it.', {
        path: [...path, 'projectId'],
      })
    if (!permissions)
      throw new AppError('NOT_FOUND', 'This project role does not exist.', { path: [...path, 'roleId'] })
    refuse(decide(actor, 'project.grant', { organizationId, permissionsHere }), 'project.grant')
    refuseEscalation(actor, permissions, { permissionsHere }, [...path, 'roleId'])
  })
}
