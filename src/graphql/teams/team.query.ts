import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, Field, FieldResolver, ID, Info, InputType, Resolver, Root } from 'type-graphql'
import {
  countTeams,
  getTeam,
  getTeams,
  listTeams,
  type TeamFilter,
  type TeamRow,
  type TeamSource,
} from '../../modules/teams'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { readId } from '../id'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { TeamConnection, TeamSourceEnum, TeamType, teamNode } from './team.type'

@InputType('TeamFilter', { description: 'Which teams; all given fields must match.' })
export class TeamFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of the name.' }) search?: string | null
  @Field(() => ID, { nullable: true, description: 'With a role of their own in this project.' })
  projectId?: string | null
  @Field(() => ID, { nullable: true, description: 'Directly below this team.' }) parentId?: string | null
  @Field(() => [TeamSourceEnum], { nullable: true, description: 'Coming from one of these.' })
  source?: TeamSource[] | null
}

@Resolver(() => OrganizationType)
export class OrganizationTeamsQuery {
  @Directive('@can(do: "team.read")')
  @FieldResolver(() => TeamConnection, { nullable: true, description: 'The teams by name.' })
  async teams(
    @Root() organization: OrganizationType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => TeamFilterInput, { nullable: true, description: 'Only these.' })
    filterInput: TeamFilterInput | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TeamConnection | null> {
    const input = { organizationId: organization.uuid, filter: readFilter(filterInput) }
    return nullWhenForbidden(context, info, async () => {
      const teams = await context.operation.execute(listTeams, { ...input, page })
      const count = () => context.operation.execute(countTeams, input)
      return Object.assign(new TeamConnection(), connectionOf(teams, teamNode), { count })
    })
  }
}

@Resolver(() => TeamType)
export class TeamTreeResolver {
  @FieldResolver(() => TeamType, {
    nullable: true,
    description: 'The team directly above; null for a topmost team, and for a manager who may not see other teams.',
  })
  async parent(
    @Root() { row }: TeamType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TeamType | null> {
    const { parentId } = row
    if (!parentId) return null
    const parent = await nullWhenForbidden(context, info, () => teamLoader(context).load(parentId))
    return parent && teamNode(parent)
  }
}

/** Teams by UUID, all of one tick in one statement; for callers who may see teams in general. */
export function teamLoader(context: GraphQLContext) {
  return context.loaders.of<TeamRow>('team', (operation, ids) => operation.execute(getTeams, { ids }))
}

/** The team as the caller sees it. @throws NOT_FOUND */
export async function loadTeam(context: GraphQLContext, teamId: string): Promise<TeamType> {
  return teamNode(await context.operation.execute(getTeam, { teamId }))
}

function readFilter(input: TeamFilterInput | null): TeamFilter {
  return {
    search: input?.search?.trim() || null,
    projectId: input?.projectId ? readId('Project', input.projectId, ['filter', 'projectId']) : null,
    parentId: input?.parentId ? readId('Team', input.parentId, ['filter', 'parentId']) : null,
    source: input?.source ?? null,
  }
}

registerNode('Team', loadTeam)
