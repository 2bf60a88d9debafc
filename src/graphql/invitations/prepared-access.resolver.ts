import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { grantsOfMember } from '../projects/project-grant.resolver'
import { ProjectGrant } from '../projects/project-grant.type'
import { teamsOfMember } from '../teams/nested-teams.query'
import { TeamType } from '../teams/team.type'
import { InvitationType } from './invitation.type'

const MOST_TEAMS = 100

/** What an invitation prepares besides the role; it stands at the invited member. */
@Resolver(() => InvitationType)
export class PreparedAccessResolver {
  @Directive('@can(do: "team.read")')
  @Directive('@listSize(assumedSize: 2)')
  @FieldResolver(() => [TeamType], {
    nullable: true,
    description: 'The teams the person is in on joining; later those of the member, the first 100. Empty once refused.',
  })
  async teams(
    @Root() { row }: InvitationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TeamType[] | null> {
    return nullWhenForbidden(
      context,
      info,
      async () => (await teamsOfMember(context, row.memberId, { first: MOST_TEAMS })).nodes,
    )
  }

  @Directive('@can(do: "member.read")')
  @Directive('@listSize(assumedSize: 2)')
  @FieldResolver(() => [ProjectGrant], {
    nullable: true,
    description:
      'The roles in projects the person has on joining, later those of the member; only in projects that the caller can see.',
  })
  async grants(
    @Root() { row }: InvitationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ProjectGrant[] | null> {
    return nullWhenForbidden(context, info, () => grantsOfMember(context, row.memberId))
  }
}
