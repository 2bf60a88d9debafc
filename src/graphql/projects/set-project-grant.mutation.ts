import { Arg, Ctx, Directive, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql'
import { AppError } from '../../kernel/errors'
import { setProjectGrant } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { readPrincipal } from './principal.input'
import { grantNode, ProjectGrant } from './project-grant.type'

@ObjectType({ implements: Payload, description: 'The grant as it is after the change.' })
export class ProjectGrantPayload extends Payload {
  @Field(() => ProjectGrant, { nullable: true, description: 'The grant; null when nothing was given.' })
  grant?: ProjectGrant | null
}

@Resolver()
export class SetProjectGrantMutation {
  @Directive('@can(do: "project.grant")')
  @Mutation(() => ProjectGrantPayload, {
    nullable: true,
    description: 'Gives a member or a team a role in a project, or changes the role and when it ends.',
  })
  async setProjectGrant(
    @Arg('projectId', () => ID, { description: 'In which project.' }) projectId: string,
    @Arg('principalId', () => ID, {
      description: 'Whom: a member, also one invited who has not accepted yet, or a team.',
    })
    principalId: string,
    @Arg('roleId', () => ID, { description: 'A role of scope PROJECT.' }) roleId: string,
    @Arg('expiresAt', () => DateTime, { nullable: true, description: 'When it ends by itself; never when absent.' })
    expiresAt: Date | null,
    @Ctx() context: GraphQLContext,
  ): Promise<ProjectGrantPayload> {
    return payload(async () => {
      const principal = readPrincipal(principalId)
      if (!principal)
        throw new AppError('NOT_FOUND', 'Name a member (mem_…) or a team (tem_…).', { path: ['principalId'] })
      const row = await context.operation.execute(setProjectGrant, {
        projectId: readId('Project', projectId, ['projectId']),
        principal,
        roleId: readId('Role', roleId, ['roleId']),
        expiresAt: expiresAt ?? null,
      })
      return { grant: grantNode(row) }
    })
  }
}
