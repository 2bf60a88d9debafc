import { actorMemberId, notFound, writeUseCase } from '../../access'
import { newId } from '../../kernel/ids'
import { checkTeamDraft, type TeamDraft } from './team.model'
import { findTeam, insertTeamRow } from './team.store'
import { teamAudit } from './team-audit'

/**
 * Creates an empty team, also below another one.
 *
 * @returns  the team's id
 * @throws REQUIRED, TOO_LONG, INVALID  per value, with path; INVALID also where teams would nest more than five deep
 * @throws NOT_FOUND  the team above does not exist
 * @throws NOT_UNIQUE  the organization has a team with this slug
 */
export const createTeam = writeUseCase({
  name: 'createTeam',
  requires: 'team.create',
  organization: (input: { organizationId: string; draft: TeamDraft }) => input.organizationId,
  // The path of the team above stands still meanwhile.
  locks: 'update',
  async run(context, { organizationId, draft }): Promise<string> {
    const { tx, actor } = context
    const checked = checkTeamDraft(draft, null)
    const parent = checked.parentId && (await findTeam(tx, organizationId, actorMemberId(actor), checked.parentId))
    if (checked.parentId && !parent) throw notFound('The team above')
    const id = newId()
    await insertTeamRow(tx, organizationId, id, checked)
    const changes = parent ? [{ field: 'parent', before: null, after: parent.name }] : []
    context.audit(teamAudit('team.created', { id, name: checked.name }, changes))
    return id
  },
})
