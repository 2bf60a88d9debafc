import { type Spine, SYSTEM_ROLES } from '../../access'
import { getProject, setProjectGrant } from '../../modules/projects'
import { listRoles } from '../../modules/roles'
import { addTeamMembers, createTeam, listTeams } from '../../modules/teams'
import { act, type Secrets } from './demo-callers'
import type { DemoTeam } from './demo-people'

/** Where teams are made: the session of an Admin, and the ids of joined members by address. */
export interface TeamSite {
  readonly organizationId: string
  readonly admin: Secrets
  readonly memberIds: ReadonlyMap<string, string>
}

/** Makes teams with their people, places and projects, as far as they are missing; those above come first. */
export async function formTeams(spine: Spine, site: TeamSite, teams: readonly DemoTeam[]): Promise<void> {
  const { organizationId, admin } = site
  const filter = { search: null, projectId: null, parentId: null, source: null }
  const { rows } = await act(spine, admin, listTeams, { organizationId, page: { first: 100 }, filter })
  const ids = new Map(rows.map(({ slug, id }) => [slug, id]))
  for (const team of teams) {
    const { name, slug, description } = team
    const parentId = team.parent ? ids.get(team.parent)! : null
    const draft = { name, slug, description, parentId }
    const id = ids.get(slug) ?? (await act(spine, admin, createTeam, { organizationId, draft }))
    ids.set(slug, id)
    await fillTeam(spine, site, id, team)
  }
}

async function fillTeam(
  spine: Spine,
  { organizationId, admin, memberIds }: TeamSite,
  teamId: string,
  { people, project }: DemoTeam,
): Promise<void> {
  const [manager, ...others] = people.flatMap((email) => memberIds.get(email) ?? [])
  if (manager) await act(spine, admin, addTeamMembers, { teamId, memberIds: [manager], role: 'MANAGER' })
  if (others.length > 0) await act(spine, admin, addTeamMembers, { teamId, memberIds: others, role: 'MEMBER' })
  if (!project) return
  const roles = await act(spine, admin, listRoles, { organizationId, scope: 'PROJECT' })
  const { id: roleId } = roles.find(({ key }) => key === SYSTEM_ROLES.PROJECT_MEMBER.key)!
  const { id: projectId } = await act(spine, admin, getProject, { by: { slug: project } })
  const principal = { kind: 'TEAM', id: teamId } as const
  await act(spine, admin, setProjectGrant, { projectId, principal, roleId, expiresAt: null })
}
