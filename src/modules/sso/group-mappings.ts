import type { WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import type { Statement } from '../../platform/database'
import { refuseTeamEscalation } from '../projects'
import { mappableRole } from '../roles'

/** A group at the identity provider and what it gives: a role or a team. */
export interface GroupMappingInput {
  group: string
  roleId: string | null
  teamId: string | null
}

/** A mapping that may be stored. */
export interface CheckedGroupMapping {
  groupName: string
  roleId: string | null
  teamId: string | null
  /** Name of the role or team. */
  label: string
}

const MAXIMUM_MAPPINGS = 200
const LONGEST_GROUP = 256

/**
 * Checks which groups are to give what.
 * @throws TOO_MANY, INVALID, NOT_UNIQUE, NOT_FOUND, FORBIDDEN  with the path of the mapping
 */
export async function checkGroupMappings(
  context: WriteContext,
  mappings: readonly GroupMappingInput[],
): Promise<CheckedGroupMapping[]> {
  if (mappings.length > MAXIMUM_MAPPINGS)
    throw new AppError('TOO_MANY', `At most ${MAXIMUM_MAPPINGS} groups are mapped.`, {
      path: ['input', 'groupMappings'],
    })
  const names = new Set<string>()
  const checked: CheckedGroupMapping[] = []
  for (const [index, { group, roleId, teamId }] of mappings.entries()) {
    const path = ['input', 'groupMappings', String(index)]
    const groupName = group.trim()
    if (!groupName || groupName.length > LONGEST_GROUP || /\p{Cc}/u.test(groupName))
      throw new AppError('INVALID', `The name of a group has 1 to ${LONGEST_GROUP} characters.`, { path })
    if (names.has(groupName)) throw new AppError('NOT_UNIQUE', `${groupName} is mapped twice.`, { path })
    if ((roleId === null) === (teamId === null))
      throw new AppError('INVALID', 'A group gives either a role or a team.', { path })
    names.add(groupName)
    const label = roleId ? (await mappableRole(context, roleId, path)).name : await teamName(context, teamId!, path)
    checked.push({ groupName, roleId, teamId, label })
  }
  return checked
}

async function teamName(context: WriteContext, teamId: string, path: readonly string[]): Promise<string> {
  const { tx, organizationId } = context
  const [team] = await tx.query<{ name: string }>(FIND_TEAM_NAME, [organizationId, teamId])
  if (!team) throw new AppError('NOT_FOUND', 'The team does not exist.', { path })
  await refuseTeamEscalation(context, organizationId, [teamId], path)
  return team.name
}

const FIND_TEAM_NAME: Statement = {
  name: 'find-team-name-to-map',
  text: 'SELECT name FROM teams WHERE organization_id = $1 AND id = $2',
}
