import type { GraphQLResolveInfo } from 'graphql'
import { Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { notFound, type ReadUseCase } from '../../access'
import {
  getProjectGrant,
  getProjects,
  listMemberGrants,
  listProjectGrants,
  listTeamGrants,
  type ProjectGrantRow,
  type ProjectRow,
} from '../../modules/projects'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { registerNode } from '../node'
import { loadRoleByKey } from '../roles/role.query'
import { RoleType } from '../roles/role.type'
import { teamLoader } from '../teams/team.query'
import { TeamType, teamNode } from '../teams/team.type'
import { ProjectType, projectNode } from './project.type'
import { grantNode, PrincipalUnion, ProjectGrant, ProjectGrantConnection } from './project-grant.type'

@Resolver(() => MemberType)
export class MemberGrantsResolver {
  @FieldResolver(() => [ProjectGrant], {
    description:
      'Roles given to the member directly, in projects that the caller can see; projectAccess adds those that come through teams.',
  })
  async grants(@Root() member: MemberType, @Ctx() context: GraphQLContext): Promise<ProjectGrant[]> {
    return grantsOfMember(context, member.uuid)
  }
}

@Resolver(() => TeamType)
export class TeamGrantsResolver {
  @FieldResolver(() => [ProjectGrant], {
    nullable: true,
    description:
      'Roles given to this very team, in projects that the caller can see; its people also have those of the teams above. Null for a manager who may not see other teams.',
  })
  async grants(
    @Root() team: TeamType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ProjectGrant[] | null> {
    return nullWhenForbidden(context, info, () => grantsOf(context, team.row.id, listTeamGrants))
  }
}

@Resolver(() => ProjectType)
export class ProjectGrantsResolver {
  @Directive('@can(do: "project.member.read")')
  @FieldResolver(() => ProjectGrantConnection, {
    nullable: true,
    description: 'Roles given in the project, to members and to teams, oldest first.',
  })
  async grants(
    @Root() project: ProjectType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ProjectGrantConnection | null> {
    return nullWhenForbidden(context, info, async () =>
      connectionOf(await context.operation.execute(listProjectGrants, { projectId: project.row.id, page }), grantNode),
    )
  }
}

@Resolver(() => ProjectGrant)
export class ProjectGrantResolver {
  @FieldResolver(() => ProjectType, { description: 'In which project.' })
  async project(@Root() { row }: ProjectGrant, @Ctx() context: GraphQLContext): Promise<ProjectType> {
    return loadProjectOf(context, row.projectId)
  }

  @FieldResolver(() => RoleType, { description: 'Which role.' })
  async role(@Root() { row }: ProjectGrant, @Ctx() context: GraphQLContext): Promise<RoleType> {
    return loadRoleByKey(context, 'PROJECT', row.roleKey)
  }

  @FieldResolver(() => PrincipalUnion, {
    nullable: true,
    description: 'Whom it is for; null when the caller may see no members, or no teams.',
  })
  async principal(
    @Root() { row }: ProjectGrant,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | TeamType | null> {
    const { memberId, teamId } = row
    if (memberId) return nullWhenForbidden(context, info, () => loadMember(context, memberId))
    return loadTeamOf(context, info, teamId!)
  }
}

/** A project that has already been found visible, in one statement with the others asked for. @throws NOT_FOUND */
export async function loadProjectOf(context: GraphQLContext, projectId: string): Promise<ProjectType> {
  const loader = context.loaders.of<ProjectRow>('project', (operation, ids) => operation.execute(getProjects, { ids }))
  const row = await loader.load(projectId)
  if (!row) throw notFound('The project')
  return projectNode(row)
}

/** A team that a grant was given to; null when the caller may not see teams. */
export async function loadTeamOf(
  context: GraphQLContext,
  info: GraphQLResolveInfo,
  teamId: string,
): Promise<TeamType | null> {
  const row = await nullWhenForbidden(context, info, () => teamLoader(context).load(teamId))
  return row && teamNode(row)
}

/** The grants to a member; those of all members of a page come in one statement. @throws FORBIDDEN */
export function grantsOfMember(context: GraphQLContext, memberId: string): Promise<ProjectGrant[]> {
  return grantsOf(context, memberId, listMemberGrants)
}

async function grantsOf(
  context: GraphQLContext,
  id: string,
  list: ReadUseCase<{ ids: readonly string[] }, Map<string, ProjectGrantRow[]>>,
): Promise<ProjectGrant[]> {
  const loader = context.loaders.of<ProjectGrantRow[]>(list.name, (operation, ids) => operation.execute(list, { ids }))
  return ((await loader.load(id)) ?? []).map(grantNode)
}

registerNode('ProjectGrant', async (context, grantId) =>
  grantNode(await context.operation.execute(getProjectGrant, { grantId })),
)
