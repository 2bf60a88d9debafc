import type { GraphQLResolveInfo } from 'graphql'
import { Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import type { ReadUseCase } from '../../access'
import type { ListPage, PageArguments } from '../../kernel/page'
import {
  countMemberTeams,
  countTeamChildren,
  listMemberTeams,
  listTeamChildren,
  type TeamRow,
} from '../../modules/teams'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { MemberType } from '../members/member.type'
import { nestedPage } from '../nested-page'
import { TeamConnection, TeamType, teamNode } from './team.type'

@Resolver(() => MemberType)
export class MemberTeamsQuery {
  @Directive('@can(do: "team.read")')
  @FieldResolver(() => TeamConnection, {
    nullable: true,
    description: 'The teams the member was put into by name; the member is in those above them, too.',
  })
  async teams(
    @Root() { uuid }: MemberType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TeamConnection | null> {
    return nullWhenForbidden(context, info, () => teamsOfMember(context, uuid, page))
  }
}

@Resolver(() => TeamType)
export class TeamChildrenQuery {
  @FieldResolver(() => TeamConnection, {
    nullable: true,
    description: 'The teams directly below by name; null for a manager who may not see other teams.',
  })
  async children(
    @Root() { row }: TeamType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TeamConnection | null> {
    return nullWhenForbidden(context, info, () => teamsOf(context, row.id, page, listTeamChildren, countTeamChildren))
  }
}

/** The teams a member was put into; those of all members of a page come in one statement. @throws FORBIDDEN */
export function teamsOfMember(context: GraphQLContext, memberId: string, page: PageArguments): Promise<TeamConnection> {
  return teamsOf(context, memberId, page, listMemberTeams, countMemberTeams)
}

/** The list of teams below one object; the lists of all objects of a page come in one statement. */
async function teamsOf(
  context: GraphQLContext,
  id: string,
  page: PageArgs,
  list: ReadUseCase<{ ids: readonly string[]; page: PageArguments }, Map<string, ListPage<TeamRow>>>,
  counting: ReadUseCase<{ ids: readonly string[] }, Map<string, number>>,
): Promise<TeamConnection> {
  const { rows, count } = await nestedPage(context, id, page, list, counting)
  return Object.assign(new TeamConnection(), connectionOf(rows, teamNode), { count })
}
