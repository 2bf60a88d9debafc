import { decide, type ReadContext, refuse } from '../../access'
import { visibleProjectId } from '../projects'
import { checkMemberFilter, type MemberFilter } from './member-filter.model'

/**
 * Checks a filter, and that it tells the actor nothing of projects and teams that they may not see: a project that is
 * not visible matches nobody.
 *
 * @throws INVALID, TOO_LONG, TOO_MANY  see `checkMemberFilter`
 * @throws FORBIDDEN  it names a team, and the actor may not see teams
 */
export async function readMemberFilter(
  context: ReadContext,
  organizationId: string,
  filter: MemberFilter | null | undefined,
): Promise<MemberFilter> {
  const checked = checkMemberFilter(filter)
  if (checked.teamId) refuse(decide(context.actor, 'team.read', { organizationId }), 'team.read')
  if (!checked.projectId) return checked
  return { ...checked, projectId: await visibleProjectId(context, organizationId, checked.projectId) }
}
