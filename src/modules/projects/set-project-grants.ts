import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type GrantItem, type GrantRole, grantRole } from './grant-role'
import { projectObject } from './project-access'

const MAXIMUM_PRINCIPALS = 1_000

/**
 * Gives many members and teams the same role in a project. Who does not exist, or is named twice, fails alone.
 *
 * @returns  what became of each, in the order of the input
 * @throws NOT_FOUND  project or role does not exist, or the actor cannot see the project
 * @throws REQUIRED, TOO_MANY  none, or more than 1,000 principals
 * @throws INVALID, FORBIDDEN, WRONG_STATE  see `grantRole`
 */
export const setProjectGrants = writeUseCase({
  name: 'setProjectGrants',
  requires: 'project.grant',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: GrantRole & { projectId: string }) =>
    projectObject(context, context.organizationId, { id: input.projectId }),
  locks: 'update',
  async run(context, input, object): Promise<GrantItem[]> {
    const path = ['principalIds']
    if (input.principals.length === 0) throw new AppError('REQUIRED', 'Name at least one member or team.', { path })
    if (input.principals.length > MAXIMUM_PRINCIPALS)
      throw new AppError('TOO_MANY', `At most ${MAXIMUM_PRINCIPALS} members and teams at once.`, { path })
    return grantRole(context, object, input)
  },
})
