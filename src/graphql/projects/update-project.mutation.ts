import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql'
import { updateProject } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadProject } from './organization-projects.resolver'
import { ProjectInput } from './project.input'
import { ProjectPayload } from './project.payload'

@Resolver()
export class UpdateProjectMutation {
  @Directive('@can(do: "project.update")')
  @Mutation(() => ProjectPayload, { nullable: true, description: 'Renames or describes a project.' })
  async updateProject(
    @Arg('id', () => ID, { description: 'Which project.' }) id: string,
    @Arg('input', () => ProjectInput, { description: 'What changes.' }) draft: ProjectInput,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'Refuse when somebody else changed it since.' })
    expectedVersion: number | null,
    @Ctx() context: GraphQLContext,
  ): Promise<ProjectPayload> {
    return payload(async () => {
      const projectId = readId('Project', id, ['id'])
      await context.operation.execute(updateProject, { projectId, draft, expectedVersion: expectedVersion ?? null })
      return { project: await loadProject(context, { id: projectId }) }
    })
  }
}
