import { type AccessObject, type Actor, actorMemberId, decide, notFound, type ReadContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { findTeam, type TeamRow } from './team.store'

/** A visible team together with what the actor holds in it: the object of a decision about the team. */
export interface TeamObject extends AccessObject {
  organizationId: string
  team: TeamRow
}

const OF_MANAGERS = ['team.read', 'team.member.manage'] as const
const NOTHING: ReadonlySet<string> = new Set()

/**
 * What an actor holds in a team beyond what it holds in the whole organization: its managers see the team and decide
 * who is in it. A key does so within its limit, and not at all when it works in one project only.
 */
export function permissionsInTeam(team: Pick<TeamRow, 'viewerRole'>, actor: Actor): ReadonlySet<string> {
  if (team.viewerRole !== 'MANAGER') return NOTHING
  if (actor.kind !== 'key') return new Set(OF_MANAGERS)
  if (actor.projectId) return NOTHING
  return new Set(OF_MANAGERS.filter((permission) => !actor.limit || actor.limit.has(permission)))
}

/**
 * Refuses to change by hand what mirrors a group of a directory.
 * @throws MANAGED_BY_DIRECTORY
 */
export function refuseMirror({ source }: Pick<TeamRow, 'source'>): void {
  if (source !== 'DIRECTORY') return
  throw new AppError(
    'MANAGED_BY_DIRECTORY',
    'This team mirrors a group of a directory. Change the group at the identity provider.',
  )
}

/**
 * Loads a team for a decision about it.
 * @throws NOT_FOUND  when there is no such team, or the actor may see neither this one nor teams at all
 */
export async function teamObject(context: ReadContext, teamId: string): Promise<TeamObject> {
  const { tx, actor, organizationId } = context
  const team = await findTeam(tx, organizationId, actorMemberId(actor), teamId)
  if (!team) throw notFound('The team')
  const object = { organizationId, team, permissionsHere: permissionsInTeam(team, actor) }
  if (decide(actor, 'team.read', object) !== 'allowed') throw notFound('The team')
  return object
}
