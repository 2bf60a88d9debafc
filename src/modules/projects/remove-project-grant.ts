import { type AccessObject, notFound, OWN_ORGANIZATION, type ReadContext, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import type { ProjectRow } from './project.store'
import { projectObject } from './project-access'
import { deleteGrant, findGrant, type ProjectGrantRow } from './project-grant.store'

/**
 * Takes a member's role in a project away. In the default project the member stays a plain member.
 * @throws NOT_FOUND  when the grant does not exist or the actor cannot see its project
 */
export const removeProjectGrant = writeUseCase({
  name: 'removeProjectGrant',
  requires: 'project.grant',
  organization: () => OWN_ORGANIZATION,
  object: grantObject,
  locks: 'update',
  async run(context, { grantId }, { grant, project }): Promise<void> {
    await deleteGrant(context.tx, context.organizationId, grantId)
    context.audit({
      action: 'project.access.removed',
      targets: [
        { type: 'Project', id: toTypeId('Project', project.id), label: project.name },
        { type: 'Member', id: toTypeId('Member', grant.memberId) },
      ],
      changes: [{ field: 'role', before: grant.roleKey, after: null }],
    })
  },
})

async function grantObject(
  context: ReadContext,
  { grantId }: { grantId: string },
): Promise<AccessObject & { grant: ProjectGrantRow; project: ProjectRow }> {
  const grant = await findGrant(context.tx, context.organizationId, grantId)
  if (!grant) throw notFound('The grant')
  return { ...(await projectObject(context, context.organizationId, { id: grant.projectId })), grant }
}
