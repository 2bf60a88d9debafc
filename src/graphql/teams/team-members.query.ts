import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, Field, FieldResolver, Info, ObjectType, Resolver, Root } from 'type-graphql'
import { countTeamMembers, listTeamMembers, type TeamMemberRow, type TeamRole } from '../../modules/teams'
import { Count, connectionOf, PageArgs, PageInfo } from '../connection.type'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { nullWhenForbidden } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { TeamRoleEnum, TeamType } from './team.type'

@ObjectType({ description: 'A person in a team.' })
export class TeamMemberEdge {
  readonly row: TeamMemberRow
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => TeamRoleEnum, { description: 'What the person is in the team.' }) role: TeamRole
  @Field(() => DateTime, { description: 'Since when.' }) addedAt: Date
}

@ObjectType({ description: 'A page of the people in a team.' })
export class TeamMemberConnection {
  readonly rows: readonly TeamMemberRow[]
  @Field(() => [TeamMemberEdge], { description: 'The people with what they are in the team.' }) edges: TeamMemberEdge[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counted when selected. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many people the list holds.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

@Resolver(() => TeamType)
export class TeamMembersQuery {
  @Directive('@can(do: "member.read")')
  @FieldResolver(() => TeamMemberConnection, {
    nullable: true,
    description: 'The people in this very team, first added first; those of the teams below are not listed.',
  })
  async members(
    @Root() team: TeamType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('role', () => TeamRoleEnum, { nullable: true, description: 'Only these.' }) role: TeamRole | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TeamMemberConnection | null> {
    const input = { teamId: team.row.id, role: role ?? null }
    return nullWhenForbidden(context, info, async () => {
      const people = await context.operation.execute(listTeamMembers, { ...input, page })
      const { pageInfo } = connectionOf(people, (row) => row)
      const edges = people.rows.map((row) => ({
        row,
        cursor: people.cursorOf(row),
        role: row.role,
        addedAt: row.addedAt,
      }))
      const count = () => context.operation.execute(countTeamMembers, input)
      return Object.assign(new TeamMemberConnection(), { rows: people.rows, edges, pageInfo, count })
    })
  }
}

@Resolver(() => TeamMemberConnection)
export class TeamMemberConnectionFields {
  @FieldResolver(() => [MemberType], { description: 'The people alone.' })
  nodes(@Root() { rows }: TeamMemberConnection, @Ctx() context: GraphQLContext): Promise<MemberType[]> {
    return Promise.all(rows.map(({ memberId }) => loadMember(context, memberId)))
  }
}

@Resolver(() => TeamMemberEdge)
export class TeamMemberEdgeFields {
  @FieldResolver(() => MemberType, { description: 'The person.' })
  node(@Root() { row }: TeamMemberEdge, @Ctx() context: GraphQLContext): Promise<MemberType> {
    return loadMember(context, row.memberId)
  }
}
