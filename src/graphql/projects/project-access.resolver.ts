import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { countMemberAccess, countProjectAccess, listMemberAccess, listProjectAccess } from '../../modules/projects'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { nestedPage } from '../nested-page'
import { loadRoleByKey } from '../roles/role.query'
import { RoleType } from '../roles/role.type'
import { TeamType } from '../teams/team.type'
import { ProjectType } from './project.type'
import { accessNode, ProjectAccess, ProjectAccessConnection, ProjectAccessReason } from './project-access.type'
import { loadProjectOf, loadTeamOf } from './project-grant.resolver'

@Resolver(() => ProjectType)
export class ProjectAccessListResolver {
  @Directive('@can(do: "project.member.read")')
  @FieldResolver(() => ProjectAccessConnection, {
    nullable: true,
    description: 'Everybody who is in the project and through what, one person once, first come first.',
  })
  async access(
    @Root() project: ProjectType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('search', () => String, { nullable: true, description: 'Part of name or address, at least 3 characters.' })
    search: string | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ProjectAccessConnection | null> {
    const input = { projectId: project.row.id, search: search ?? null }
    return nullWhenForbidden(context, info, async () => {
      const people = await context.operation.execute(listProjectAccess, { ...input, page })
      const count = () => context.operation.execute(countProjectAccess, input)
      return Object.assign(new ProjectAccessConnection(), connectionOf(people, accessNode), { count })
    })
  }
}

@Resolver(() => MemberType)
export class MemberAccessListResolver {
  @FieldResolver(() => ProjectAccessConnection, {
    description: 'The projects the member is in and through what, oldest first; only those that the caller can see.',
  })
  async projectAccess(
    @Root() { uuid }: MemberType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ProjectAccessConnection> {
    const { rows, count } = await nestedPage(context, uuid, page, listMemberAccess, countMemberAccess)
    return Object.assign(new ProjectAccessConnection(), connectionOf(rows, accessNode), { count })
  }
}

@Resolver(() => ProjectAccess)
export class ProjectAccessResolver {
  @FieldResolver(() => ProjectType, { description: 'In which project.' })
  async project(@Root() { row }: ProjectAccess, @Ctx() context: GraphQLContext): Promise<ProjectType> {
    return loadProjectOf(context, row.projectId)
  }

  @FieldResolver(() => MemberType, { nullable: true, description: 'Who; null when the caller may see no members.' })
  async member(
    @Root() { row }: ProjectAccess,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => loadMember(context, row.memberId))
  }

  @FieldResolver(() => RoleType, {
    description: 'The role of the strongest reason: of the organization for ROLE, of the project otherwise.',
  })
  async role(@Root() { row }: ProjectAccess, @Ctx() context: GraphQLContext): Promise<RoleType> {
    const [{ roleScope, roleKey }] = row.reasons
    return loadRoleByKey(context, roleScope, roleKey)
  }

  @FieldResolver(() => TeamType, {
    nullable: true,
    description:
      'For TEAM_GRANT: the team that the strongest reason was given to; null when the caller may see no teams.',
  })
  async team(
    @Root() { row }: ProjectAccess,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TeamType | null> {
    const [{ teamId }] = row.reasons
    return teamId ? loadTeamOf(context, info, teamId) : null
  }
}

@Resolver(() => ProjectAccessReason)
export class ProjectAccessReasonResolver {
  @FieldResolver(() => RoleType, { description: 'Of the organization for ROLE, of the project otherwise.' })
  async role(@Root() { row }: ProjectAccessReason, @Ctx() context: GraphQLContext): Promise<RoleType> {
    return loadRoleByKey(context, row.roleScope, row.roleKey)
  }

  @FieldResolver(() => TeamType, {
    nullable: true,
    description: 'For TEAM_GRANT: the team it was given to; null when the caller may see no teams.',
  })
  async team(
    @Root() { row }: ProjectAccessReason,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TeamType | null> {
    return row.teamId ? loadTeamOf(context, info, row.teamId) : null
  }
}
