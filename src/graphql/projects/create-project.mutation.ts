import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { createProject } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadProject } from './organization-projects.resolver'
import { ProjectInput } from './project.input'
import { ProjectPayload } from './project.payload'

@Resolver()
export class CreateProjectMutation {
  @Directive('@can(do: "project.create")')
  @Mutation(() => ProjectPayload, {
    nullable: true,
    description: 'Creates a project, visible to Admins and to those with a grant.',
  })
  async createProject(
    @Arg('organizationId', () => ID, { description: 'Where.' }) organizationId: string,
    @Arg('input', () => ProjectInput, { description: 'What it is made of.' }) draft: ProjectInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ProjectPayload> {
    return payload(async () => {
      const organization = readId('Organization', organizationId, ['organizationId'])
      const id = await context.operation.execute(createProject, { organizationId: organization, draft })
      return { project: await loadProject(context, { id }) }
    })
  }
}
