import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type GrantItem, type GrantRole, grantRole } from './grant-role'
import type { Principal } from './principal.model'
import { projectObject } from './project-access'
import type { ProjectGrantRow } from './project-grant.store'

/** A member or a team is to have a role in a project. */
export interface SetProjectGrant extends Omit<GrantRole, 'principals'> {
  projectId: string
  principal: Principal
}

/**
 * Gives a member or a team a role in a project, or changes role and end. Invited people can be given one before they
 * accept; of a team, everybody in it and in the teams below has the role.
 *
 * @returns  the grant
 * @throws NOT_FOUND  project, member, team or role does not exist, or the actor cannot see the project
 * @throws INVALID, FORBIDDEN, WRONG_STATE  see `grantRole`
 * @throws MANAGED_BY_DIRECTORY  a rule of a directory gives another one
 */
export const setProjectGrant = writeUseCase({
  name: 'setProjectGrant',
  requires: 'project.grant',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: SetProjectGrant) => projectObject(context, context.organizationId, { id: input.projectId }),
  // Changes to who holds what wait for one another, so that nobody grants by a role that is being taken away.
  locks: 'update',
  async run(context, { principal, ...terms }, object): Promise<ProjectGrantRow> {
    const [item] = (await grantRole(context, object, { ...terms, principals: [principal] })) as [GrantItem]
    if (item.error) throw new AppError(item.error.code, item.error.message, { path: ['principalId'] })
    return item.grant
  },
})
