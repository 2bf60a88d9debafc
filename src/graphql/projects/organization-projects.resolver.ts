import { Arg, Args, Ctx, Field, FieldResolver, InputType, Resolver, Root } from 'type-graphql'
import { countProjects, getProject, listProjects, type ProjectBy, type ProjectFilter } from '../../modules/projects'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenNotFound } from '../guard'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { ProjectConnection, ProjectStatusEnum, ProjectType, projectNode } from './project.type'

@InputType('ProjectFilter', { description: 'Which projects; all given fields must match.' })
export class ProjectFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of the name.' }) search?: string | null
  @Field(() => [ProjectStatusEnum], { nullable: true, description: 'Only ACTIVE ones when absent.' })
  status?: ProjectFilter['status'] | null
}

@Resolver(() => OrganizationType)
export class OrganizationProjectsResolver {
  @FieldResolver(() => ProjectConnection, { description: 'Projects the viewer has access to, oldest first.' })
  async projects(
    @Root() organization: OrganizationType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ProjectFilterInput, { nullable: true, description: 'Everything when absent.' })
    filter: ProjectFilterInput | null,
    @Ctx() context: GraphQLContext,
  ): Promise<ProjectConnection> {
    const wanted = { search: filter?.search?.trim() || null, status: filter?.status ?? ['ACTIVE' as const] }
    const input = { organizationId: organization.uuid, filter: wanted }
    const projects = await context.operation.execute(listProjects, { ...input, page })
    const count = () => context.operation.execute(countProjects, input)
    return Object.assign(new ProjectConnection(), connectionOf(projects, projectNode), { count })
  }

  @FieldResolver(() => ProjectType, { description: 'The project that every member is in.' })
  async defaultProject(@Root() _organization: OrganizationType, @Ctx() context: GraphQLContext): Promise<ProjectType> {
    return loadProject(context, 'default')
  }

  @FieldResolver(() => ProjectType, {
    nullable: true,
    description: 'One project by slug; null when the viewer cannot see it.',
  })
  async project(
    @Root() _organization: OrganizationType,
    @Arg('slug', () => String, { description: 'Its unique name within the organization.' }) slug: string,
    @Ctx() context: GraphQLContext,
  ): Promise<ProjectType | null> {
    return nullWhenNotFound(() => loadProject(context, { slug }))
  }
}

/** The project as the caller sees it. @throws NOT_FOUND */
export async function loadProject(context: GraphQLContext, by: ProjectBy): Promise<ProjectType> {
  return projectNode(await context.operation.execute(getProject, { by }))
}

registerNode('Project', (context, id) => loadProject(context, { id }))
