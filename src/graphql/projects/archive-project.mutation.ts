import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { archiveProject } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadProject } from './organization-projects.resolver'
import { ProjectPayload } from './project.payload'

@Resolver()
export class ArchiveProjectMutation {
  @Directive('@can(do: "project.archive")')
  @Mutation(() => ProjectPayload, {
    nullable: true,
    description: 'Archives a project, or takes it out of the archive.',
  })
  async archiveProject(
    @Arg('id', () => ID, { description: 'Which project.' }) id: string,
    @Arg('archived', () => Boolean, { description: 'True to archive, false to restore.' }) archived: boolean,
    @Ctx() context: GraphQLContext,
  ): Promise<ProjectPayload> {
    return payload(async () => {
      const projectId = readId('Project', id, ['id'])
      await context.operation.execute(archiveProject, { projectId, archived })
      return { project: await loadProject(context, { id: projectId }) }
    })
  }
}
