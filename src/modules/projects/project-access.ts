import { type AccessObject, type Actor, actorMemberId, notFound, type ReadContext, SYSTEM_ROLES } from '../../access'
import { findProject, findProjects, type ProjectRow, type ProjectViewer } from './project.store'

/** A visible project together with what the actor holds in it: the object of a project-scoped decision. */
export interface ProjectObject extends AccessObject {
  organizationId: string
  project: ProjectRow
}

/** Which projects an actor can see at all. */
export function projectViewer(actor: Actor): ProjectViewer {
  if (actor.kind === 'member')
    return { memberId: actor.memberId, seesAll: actor.permissions.has('project.read'), onlyProjectId: null }
  if (actor.kind === 'key')
    return {
      memberId: actorMemberId(actor),
      // The project of a service account or project is the only one its keys see; grants decide for people.
      seesAll: actor.owner.kind !== 'member' || actor.owner.seesAllProjects,
      onlyProjectId: actor.projectId,
    }
  return { memberId: null, seesAll: actor.kind === 'operator' || actor.kind === 'system', onlyProjectId: null }
}

/** Which projects an actor is shown: those it may read. A key can be cut off from that and still be in a project. */
export function projectReader(actor: Actor): ProjectViewer {
  const isCutOff = actor.kind === 'key' && actor.limit !== null && !actor.limit.has('project.read')
  return isCutOff ? { memberId: null, seesAll: false, onlyProjectId: null } : projectViewer(actor)
}

/**
 * What an actor holds in a project that it sees, beyond what it holds in the whole organization: everybody is a plain
 * member of the default project, grants add their roles, and a key cuts all of that down to its limit
 * (docs/adr/0011-access-model.md).
 */
export function permissionsIn(project: ProjectRow, actor: Actor): ReadonlySet<string> {
  const held = new Set(project.grantedPermissions)
  if (project.isDefault && actorMemberId(actor))
    for (const permission of SYSTEM_ROLES.PROJECT_MEMBER.permissions) held.add(permission)
  if (actor.kind !== 'key') return held
  const limited = [...held].filter((permission) => !actor.limit || actor.limit.has(permission))
  return new Set([...limited, ...actor.inProject])
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
  return { organizationId, project, permissionsHere: permissionsIn(project, actor) }
}

/** What an actor holds in those of these projects that it sees, beyond what it holds in the organization; by project. */
export async function permissionsInProjects(
  { tx, actor }: Pick<ReadContext, 'tx' | 'actor'>,
  organizationId: string,
  projectIds: readonly string[],
): Promise<Map<string, ReadonlySet<string>>> {
  const projects = await findProjects(tx, organizationId, projectViewer(actor), [...new Set(projectIds)])
  return new Map(projects.map((project) => [project.id, permissionsIn(project, actor)]))
}

/**
 * The project of a filter, as far as the actor sees it. One that is not visible is answered as one that does not exist:
 * by the nil UUID, which no project has, so that the filter matches nothing.
 */
export async function visibleProjectId(
  { tx, actor }: ReadContext,
  organizationId: string,
  projectId: string | null | undefined,
): Promise<string | null> {
  if (!projectId) return null
  return (await findProject(tx, organizationId, projectViewer(actor), { id: projectId })) ? projectId : NO_PROJECT
}

const NO_PROJECT = '00000000-0000-0000-0000-000000000000'
