import { OWN_ORGANIZATION, type ReadContext, readUseCase } from '../../access'
import { type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import type { Principal } from './principal.model'
import { projectObject, projectViewer } from './project-access'
import { listGrantsIn, listGrantsOf, type ProjectGrantRow } from './project-grant.store'
import { grantObject } from './remove-project-grant'

/** The grants to each of these members, oldest first; only those in projects that the actor can see. */
export const listMemberGrants = readUseCase({
  name: 'listMemberGrants',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  run: (context, { ids }: { ids: readonly string[] }) => grantsById(context, 'MEMBER', ids),
})

/** The grants to each of these teams, oldest first; only those in projects that the actor can see. */
export const listTeamGrants = readUseCase({
  name: 'listTeamGrants',
  requires: 'team.read',
  organization: () => OWN_ORGANIZATION,
  run: (context, { ids }: { ids: readonly string[] }) => grantsById(context, 'TEAM', ids),
})

/**
 * The grants in a project, to members and teams, oldest first.
 * @throws NOT_FOUND  when the actor cannot see the project
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listProjectGrants = readUseCase({
  name: 'listProjectGrants',
  requires: 'project.member.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { projectId: string; page: PageArguments }) =>
    projectObject(context, context.organizationId, { id: input.projectId }),
  async run({ tx, organizationId }, { page }, { project }): Promise<ListPage<ProjectGrantRow>> {
    const binding = JSON.stringify(['project-grants', organizationId, project.id])
    const checked = readPage(page, binding)
    const rows = await listGrantsIn(tx, organizationId, project.id, checked)
    return listPage(rows, checked, binding, (row) => [row.createdAt.toISOString(), row.id])
  },
})

/**
 * One grant.
 * @throws NOT_FOUND  when it does not exist or has ended, or the actor cannot see its project
 */
export const getProjectGrant = readUseCase({
  name: 'getProjectGrant',
  requires: 'project.member.read',
  organization: () => OWN_ORGANIZATION,
  object: grantObject,
  run: async (_context, _input, { grant }): Promise<ProjectGrantRow> => grant,
})

async function grantsById(
  { tx, actor, organizationId }: ReadContext,
  kind: Principal['kind'],
  ids: readonly string[],
): Promise<Map<string, ProjectGrantRow[]>> {
  const grants = new Map<string, ProjectGrantRow[]>(ids.map((id) => [id, []]))
  for (const grant of await listGrantsOf(tx, organizationId, projectViewer(actor), kind, ids))
    grants.get((grant.memberId ?? grant.teamId)!)!.push(grant)
  return grants
}
