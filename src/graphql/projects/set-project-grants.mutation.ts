import { Arg, Ctx, Directive, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { setProjectGrants } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { UserError, userErrorsOf } from '../user-error.type'
import { readPrincipal } from './principal.input'
import { grantNode, ProjectGrant } from './project-grant.type'

@ObjectType({ simpleResolvers: true, description: 'What became of one of the named members and teams.' })
export class ProjectGrantResult {
  @Field(() => Int, { description: 'Its place in the list, from 0.' }) index: number
  @Field(() => String, { description: 'The id it was named by.' }) key: string
  @Field(() => ProjectGrant, { nullable: true, description: 'The grant; null when nothing was given.' })
  grant: ProjectGrant | null
  @Field(() => [UserError], { description: 'Why nothing was given; empty when it worked.' }) userErrors: UserError[]
}

@ObjectType({ implements: Payload, description: 'What became of each named member and team.' })
export class ProjectGrantsPayload extends Payload {
  @Field(() => [ProjectGrantResult], {
    nullable: true,
    description: 'One per member or team, in the order of the input; null when the call as a whole failed.',
  })
  results?: ProjectGrantResult[] | null
}

@Resolver()
export class SetProjectGrantsMutation {
  @Directive('@can(do: "project.grant")')
  @Mutation(() => ProjectGrantsPayload, {
    nullable: true,
    description:
      'Gives many members and teams the same role in a project. Works for all it can, and says what became of each.',
  })
  async setProjectGrants(
    @Arg('projectId', () => ID, { description: 'In which project.' }) projectId: string,
    @Arg('principalIds', () => [ID], { description: 'Members and teams, at most 1,000.' }) principalIds: string[],
    @Arg('roleId', () => ID, { description: 'A role of scope PROJECT.' }) roleId: string,
    @Arg('expiresAt', () => DateTime, { nullable: true, description: 'When it ends by itself; never when absent.' })
    expiresAt: Date | null,
    @Ctx() context: GraphQLContext,
  ): Promise<ProjectGrantsPayload> {
    return payload(async () => {
      const items = await context.operation.execute(setProjectGrants, {
        projectId: readId('Project', projectId, ['projectId']),
        principals: principalIds.map(readPrincipal),
        roleId: readId('Role', roleId, ['roleId']),
        expiresAt: expiresAt ?? null,
      })
      const results = items.map(({ grant, error }, index) => ({
        grant: grant && grantNode(grant),
        index,
        key: principalIds[index]!,
        userErrors: error ? userErrorsOf(error) : [],
      }))
      return { results }
    })
  }
}
