import { type AccessObject, type Actor, notFound, type ReadContext } from '../../access'
import { projectPermissions } from './project.model'
import { findProject, type ProjectRow, type ProjectViewer } from './project.store'

/** A visible project together with what the actor's grants in it add: the object of a project-scoped decision. */
export interface ProjectObject extends AccessObject {
  organizationId: string
  project: ProjectRow
}

/** Which projects an actor can see at all. */
export function projectViewer(actor: Actor): ProjectViewer {
  if (actor.kind === 'member') return { memberId: actor.memberId, seesAll: actor.permissions.has('project.read') }
  return { memberId: null, seesAll: actor.kind === 'operator' || actor.kind === 'system' }
}

/**
 * Loads a project for a decision about it.
 * @throws NOT_FOUND  when the actor cannot see it
 */
export async function projectObject(
  { tx, actor }: ReadContext,
  organizationId: string,
  by: { id: string } | { slug: string } | 'default',
): Promise<ProjectObject> {
  const project = await findProject(tx, organizationId, projectViewer(actor), by)
  if (!project) throw notFound('The project')
  return {
    organizationId,
    project,
    projectPermissions:
      actor.kind === 'member' ? projectPermissions(project.isDefault, project.grantedRoleKey) : undefined,
  }
}
