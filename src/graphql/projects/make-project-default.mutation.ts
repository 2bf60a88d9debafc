import { Arg, Ctx, Directive, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { makeProjectDefault } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { loadProject } from './organization-projects.resolver'
import { ProjectType } from './project.type'

@ObjectType({ implements: Payload, description: 'The project that every member is in now.' })
export class MakeProjectDefaultPayload extends Payload {
  @Field(() => ProjectType, { nullable: true, description: 'The project; null when nothing changed.' })
  project?: ProjectType | null
  @Field(() => Int, {
    nullable: true,
    description: 'How many members were in the former default project as such alone, and do not see it any more.',
  })
  membersLosingAccess?: number | null
}

@Resolver()
export class MakeProjectDefaultMutation {
  @Directive('@can(do: "organization.update")')
  @Mutation(() => MakeProjectDefaultPayload, {
    nullable: true,
    description:
      'Makes an active project the one that every member is in. The former one becomes an ordinary project: who was in it as a member of the organization alone loses sight of it. Nobody gains or loses a role given in a project.',
  })
  async makeProjectDefault(
    @Arg('id', () => ID, { description: 'Which project.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<MakeProjectDefaultPayload> {
    return payload(async () => {
      const projectId = readId('Project', id, ['id'])
      const { membersLosingAccess } = await context.operation.execute(makeProjectDefault, { projectId })
      return { project: await loadProject(context, { id: projectId }), membersLosingAccess }
    })
  }
}
