import { permissionsOfRole, type ReadContext, refuseEscalation } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { listedPermissions } from '../roles'
import { isLive } from './live-grants'
import { permissionsInProjects } from './project-access'

/**
 * Nobody puts people where more is granted than they hold themselves: what live grants give to these teams, and to the
 * teams above them, must be held by the actor in that very project.
 *
 * @param path  of the argument that names the teams
 * @throws FORBIDDEN  naming a permission that the actor lacks
 */
export async function refuseTeamEscalation(
  { tx, actor }: Pick<ReadContext, 'tx' | 'actor'>,
  organizationId: string,
  teamIds: readonly string[],
  path: readonly string[],
): Promise<void> {
  if (actor.kind === 'operator' || actor.kind === 'system') return
  const granted = await tx.query<GrantedRow>(FIND_GRANTED_BY_TEAMS, [organizationId, teamIds])
  if (granted.length === 0) return
  const projectIds = granted.map(({ project_id }) => project_id)
  const heldIn = await permissionsInProjects({ tx, actor }, organizationId, projectIds)
  for (const { project_id, role_key, listed } of granted)
    refuseEscalation(
      actor,
      permissionsOfRole('PROJECT', role_key, listed),
      { permissionsHere: heldIn.get(project_id) },
      path,
    )
}

/** The projects in which a team has a live grant of its own, by name. */
export async function findProjectsGrantedToTeam(
  tx: Transaction,
  organizationId: string,
  teamId: string,
): Promise<{ id: string; name: string }[]> {
  return tx.query(FIND_PROJECTS_GRANTED_TO_TEAM, [organizationId, teamId])
}

interface GrantedRow {
  project_id: string
  role_key: string
  listed: string[]
}

const FIND_GRANTED_BY_TEAMS: Statement = {
  name: 'find-granted-by-teams',
  text: `
SELECT DISTINCT g.project_id, r.key AS role_key, ${listedPermissions('r')} AS listed
FROM teams t
JOIN project_grants g ON g.organization_id = t.organization_id AND g.team_id = ANY (t.path) AND ${isLive('g')}
JOIN roles r ON r.organization_id = g.organization_id AND r.id = g.role_id
WHERE t.organization_id = $1 AND t.id = ANY ($2::uuid[])`,
}

const FIND_PROJECTS_GRANTED_TO_TEAM: Statement = {
  name: 'find-projects-granted-to-team',
  text: `
SELECT p.id, p.name FROM project_grants g
JOIN projects p ON p.organization_id = g.organization_id AND p.id = g.project_id
WHERE g.organization_id = $1 AND g.team_id = $2 AND ${isLive('g')} ORDER BY p.name, p.id`,
}
