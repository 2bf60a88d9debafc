import {
  type AccessObject,
  notFound,
  OWN_ORGANIZATION,
  type ReadContext,
  type WriteContext,
  writeUseCase,
} from '../../access'
import { toTypeId } from '../../kernel/ids'
import { givenByRule } from './grant-role'
import { principalTarget } from './principal.model'
import type { ProjectRow } from './project.store'
import { projectObject } from './project-access'
import { deleteGrant, type FoundGrant, findGrant, type ProjectGrantRow } from './project-grant.store'

/**
 * Takes the role of a member or a team in a project away. In the default project everybody stays a plain member.
 * @throws NOT_FOUND  when the grant does not exist or has ended, or the actor cannot see its project
 * @throws MANAGED_BY_DIRECTORY  a rule of a directory gives it
 */
export const removeProjectGrant = writeUseCase({
  name: 'removeProjectGrant',
  requires: 'project.grant',
  organization: () => OWN_ORGANIZATION,
  object: grantObject,
  locks: 'update',
  async run(context, _input, { grant, project }): Promise<void> {
    if (grant.isOfRule) throw givenByRule()
    await takeGrant(context, grant, project)
  },
})

/** Takes a grant away in the transaction of the caller, who has decided about it. */
export async function takeGrant(
  context: WriteContext,
  grant: ProjectGrantRow & { label: string },
  project: Pick<ProjectRow, 'id' | 'name'>,
): Promise<void> {
  await deleteGrant(context.tx, context.organizationId, grant.id)
  const principal = grant.memberId
    ? ({ kind: 'MEMBER', id: grant.memberId } as const)
    : ({ kind: 'TEAM', id: grant.teamId! } as const)
  context.audit({
    action: 'project.access.removed',
    targets: [
      { type: 'Project', id: toTypeId('Project', project.id), label: project.name },
      principalTarget(principal, grant.label),
    ],
    changes: [{ field: 'role', before: grant.roleKey, after: null }],
  })
}

/**
 * Loads a grant for a decision about its project.
 * @throws NOT_FOUND  when it does not exist or has ended, or the actor cannot see its project
 */
export async function grantObject(
  context: ReadContext,
  { grantId }: { grantId: string },
): Promise<AccessObject & { grant: FoundGrant; project: ProjectRow }> {
  const grant = await findGrant(context.tx, context.organizationId, grantId)
  if (!grant) throw notFound('The grant')
  return { ...(await projectObject(context, context.organizationId, { id: grant.projectId })), grant }
}
