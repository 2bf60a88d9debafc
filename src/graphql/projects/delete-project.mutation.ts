import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { AppError } from '../../kernel/errors'
import { deleteProject, type ProjectContentsFate } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { DeletePayload } from '../delete.payload'
import { readId } from '../id'
import { payload } from '../payload.type'

@Directive('@oneOf')
@InputType({ description: 'What becomes of the contents of a deleted project.' })
export class ProjectContentsInput {
  @Field(() => ID, { nullable: true, description: 'They move to this active project.' }) moveToProjectId?: string
  @Field(() => Boolean, { nullable: true, description: 'They go with the project; only true makes sense.' })
  delete?: boolean
}

@InputType({ description: 'Confirms a deletion and says what becomes of the contents.' })
export class DeleteProjectInput {
  @Field(() => String, { description: 'The slug of the project, typed again.' }) confirmSlug: string
  @Field(() => ProjectContentsInput, { description: 'Grants here, resources in the services of the platform.' })
  contents: ProjectContentsInput
}

@Resolver()
export class DeleteProjectMutation {
  @Directive('@can(do: "project.delete")')
  @Mutation(() => DeletePayload, { nullable: true, description: 'Deletes a project; there is no way back.' })
  async deleteProject(
    @Arg('id', () => ID, { description: 'Which project.' }) id: string,
    @Arg('input', () => DeleteProjectInput, { description: 'The confirmation.' }) input: DeleteProjectInput,
    @Ctx() context: GraphQLContext,
  ): Promise<DeletePayload> {
    return payload(async () => {
      const projectId = readId('Project', id, ['id'])
      const contents = readFate(input.contents)
      await context.operation.execute(deleteProject, { projectId, confirmSlug: input.confirmSlug, contents })
      return { deletedId: id }
    })
  }
}

function readFate(contents: ProjectContentsInput): ProjectContentsFate {
  const path = ['input', 'contents']
  if (contents.moveToProjectId)
    return { moveToProjectId: readId('Project', contents.moveToProjectId, [...path, 'moveToProjectId']) }
  if (contents.delete) return 'delete'
  throw new AppError('INVALID', 'Say delete: true, or name the project to move to.', { path })
}
