import { Field, ID, InputType } from 'type-graphql'
import type { GrantDraft } from '../../modules/invitations'
import { readId } from '../id'

@InputType({ description: 'A role in a project.' })
export class ProjectGrantInput {
  @Field(() => ID, { description: 'An active project.' }) projectId: string
  @Field(() => ID, { description: 'A role of scope PROJECT.' }) roleId: string
}

/** The grants as the modules know them. @throws NOT_FOUND  an id is malformed */
export function readGrants(grants: readonly ProjectGrantInput[] | null | undefined): GrantDraft[] | null {
  if (!grants) return null
  return grants.map(({ projectId, roleId }, index) => {
    const path = ['input', 'projectGrants', String(index)]
    return {
      projectId: readId('Project', projectId, [...path, 'projectId']),
      roleId: readId('Role', roleId, [...path, 'roleId']),
    }
  })
}

/** The role of an input, if it names one. @throws NOT_FOUND  the id is malformed */
export function readRole(roleId: string | null | undefined): string | null {
  return roleId ? readId('Role', roleId, ['input', 'roleId']) : null
}

/** The teams of an input, if it names any. @throws NOT_FOUND  an id is malformed */
export function readTeams(teamIds: readonly string[] | null | undefined): string[] | null {
  return teamIds ? teamIds.map((id, index) => readId('Team', id, ['input', 'teamIds', String(index)])) : null
}
