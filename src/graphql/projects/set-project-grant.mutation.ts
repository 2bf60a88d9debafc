import { Arg, Ctx, Directive, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import { setProjectGrant } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { loadProject } from './organization-projects.resolver'
import { ProjectType } from './project.type'

@ObjectType({ implements: Payload, description: 'The grant and its project.' })
export class ProjectGrantPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The id of the grant, for removeProjectGrant.' }) grantId?:
    | string
    | null
  @Field(() => ProjectType, { nullable: true, description: 'The project.' }) project?: ProjectType | null
}

@Resolver()
export class SetProjectGrantMutation {
  @Directive('@can(do: "project.grant")')
  @Mutation(() => ProjectGrantPayload, {
    nullable: true,
    description: 'Gives a member a role in a project, or changes it.',
  })
  async setProjectGrant(
    @Arg('projectId', () => ID, { description: 'In which project.' }) projectId: string,
    @Arg('memberId', () => ID, { description: 'Whom; also somebody invited who has not accepted yet.' })
    memberId: string,
    @Arg('roleId', () => ID, { description: 'A role of scope PROJECT.' }) roleId: string,
    @Ctx() context: GraphQLContext,
  ): Promise<ProjectGrantPayload> {
    return payload(async () => {
      const project = readId('Project', projectId, ['projectId'])
      const id = await context.operation.execute(setProjectGrant, {
        projectId: project,
        memberId: readId('Member', memberId, ['memberId']),
        roleId: readId('Role', roleId, ['roleId']),
      })
      return { grantId: toTypeId('ProjectGrant', id), project: await loadProject(context, { id: project }) }
    })
  }
}
