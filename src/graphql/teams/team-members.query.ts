import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, Field, FieldResolver, Info, ObjectType, Resolver, Root } from 'type-graphql'
import type { ListPage } from '../../kernel/page'
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
    const wanted = role ?? null
    const { first, after, last, before } = page
    const name = `team-members/${JSON.stringify([wanted, first, after, last, before])}`
    const loader = context.loaders.of<ListPage<TeamMemberRow>>(name, (operation, ids) =>
      operation.execute(listTeamMembers, { ids, role: wanted, page }),
    )
    return nullWhenForbidden(context, info, async () => {
      const people = (await loader.load(team.row.id))!
      const { pageInfo, edges } = connectionOf(people, (row) => ({ row, role: row.role, addedAt: row.addedAt }))
      const withPlaces = edges.map(({ cursor, node }) => ({ cursor, ...node }))
      const count = () => countOf(context, team, wanted)
      return Object.assign(new TeamMemberConnection(), { rows: people.rows, edges: withPlaces, pageInfo, count })
    })
  }
}

/** Everybody stands in the counter of the team; those with one role are counted. */
async function countOf(context: GraphQLContext, { row }: TeamType, role: TeamRole | null): Promise<Count> {
  if (!role) return { value: row.memberCount, relation: 'EXACT' }
  const loader = context.loaders.of<number>(`team-member-counts/${role}`, (operation, ids) =>
    operation.execute(countTeamMembers, { ids, role }),
  )
  return { value: (await loader.load(row.id)) ?? 0, relation: 'EXACT' }
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
