import { notFound, OWN_ORGANIZATION, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { refuseTeamEscalation } from '../projects'
import { checkTeamDraft, type TeamDraft } from './team.model'
import { findTeam, moveTeamRow, type TeamRow, updateTeamRow } from './team.store'
import { refuseMirror, teamObject } from './team-access'
import { teamAudit } from './team-audit'

/** Changes to one team; absent values stay as they are. */
export interface UpdateTeam {
  teamId: string
  draft: TeamDraft
  /** The version the changes were made from; null to overwrite whatever is there. */
  expectedVersion: number | null
}

/**
 * Renames, describes or moves a team. Whoever is in a team is in those above it, so a move gives the people of the
 * team, and of the teams below, what the new place grants: nobody moves a team to where more is granted than they hold.
 *
 * @throws NOT_FOUND  the team or the one above does not exist
 * @throws FORBIDDEN  the new place grants more than the actor holds
 * @throws VERSION_MISMATCH  somebody else changed it since
 * @throws MANAGED_BY_DIRECTORY  it mirrors a group of a directory, whose name it has
 * @throws REQUIRED, TOO_LONG, INVALID, NOT_UNIQUE  per value, with path; INVALID also for a place that is too deep, or
 *   below the team itself
 */
export const updateTeam = writeUseCase({
  name: 'updateTeam',
  requires: 'team.update',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: UpdateTeam) => teamObject(context, input.teamId),
  locks: 'update',
  async run(context, { draft, expectedVersion }, { team }): Promise<void> {
    const checked = checkTeamDraft(draft, team)
    if (checked.name !== team.name) refuseMirror(team)
    const changes: { field: string; before: unknown; after: unknown }[] = (['name', 'slug', 'description'] as const)
      .filter((field) => checked[field] !== team[field])
      .map((field) => ({ field, before: team[field], after: checked[field] }))
    const isStale = expectedVersion !== null && expectedVersion !== team.version
    if (isStale || !(await updateTeamRow(context.tx, context.organizationId, team, checked)))
      throw new AppError('VERSION_MISMATCH', 'Somebody else changed this team; read it again and repeat.', {
        path: ['expectedVersion'],
      })
    if (checked.parentId !== team.parentId)
      changes.push(await moveTeam(context, team, checked.parentId, ['input', 'parentId']))
    if (changes.length > 0) context.audit(teamAudit('team.updated', team, changes))
  },
})

/**
 * Puts a team below another one in the transaction of the caller, or on top. What the new place grants must be held by
 * the actor.
 * @param path  of the argument that names the place
 * @returns  the change, for the audit
 * @throws NOT_FOUND, FORBIDDEN, INVALID
 */
export async function moveTeam(
  context: WriteContext,
  team: Pick<TeamRow, 'id' | 'parentId'>,
  parentId: string | null,
  path: readonly string[],
) {
  const { tx, organizationId } = context
  const [before, after] = [
    team.parentId && (await findTeam(tx, organizationId, null, team.parentId)),
    parentId && (await findTeam(tx, organizationId, null, parentId)),
  ]
  if (parentId && !after) throw notFound('The team above')
  if (parentId) await refuseTeamEscalation(context, organizationId, [parentId], path)
  await moveTeamRow(tx, organizationId, team.id, parentId)
  return { field: 'parent', before: (before && before.name) || null, after: (after && after.name) || null }
}
