import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql'
import { fromTypeId } from '../../kernel/ids'
import type { TeamMembersChanged } from '../../modules/teams'
import type { GraphQLContext } from '../context'
import { nullWhenNotFound } from '../guard'
import { readId } from '../id'
import { MemberResult } from '../members/members.payload'
import { Payload, payload } from '../payload.type'
import { userErrorsOf } from '../user-error.type'
import { loadTeam } from './team.query'
import { TeamType } from './team.type'

@ObjectType({ implements: Payload, description: 'The team as it is after the change.' })
export class TeamPayload extends Payload {
  @Field(() => TeamType, { nullable: true, description: 'The team; null when nothing changed.' })
  team?: TeamType | null
}

@ObjectType({ implements: Payload, description: 'What became of each named member.' })
export class TeamMembersPayload extends Payload {
  /** Of the call that worked. */
  readonly teamUuid?: string
  @Field(() => [MemberResult], {
    nullable: true,
    description: 'One per named member, in the order of the input; null when the call as a whole failed.',
  })
  results?: MemberResult[] | null
}

/** Runs a change to the people of a team and gives it its GraphQL face. Malformed ids fail one by one. */
export function teamMembersPayload(
  teamId: string,
  memberIds: readonly string[],
  change: (input: { teamId: string; memberIds: (string | null)[] }) => Promise<TeamMembersChanged>,
): Promise<TeamMembersPayload> {
  return payload(async () => {
    const teamUuid = readId('Team', teamId, ['teamId'])
    const { items } = await change({ teamId: teamUuid, memberIds: memberIds.map((id) => fromTypeId('Member', id)) })
    const results = items.map(({ memberId, error }, index) => ({
      memberUuid: memberId,
      index,
      key: memberIds[index]!,
      userErrors: error ? userErrorsOf(error) : [],
    }))
    return { teamUuid, results }
  })
}

@Resolver(() => TeamMembersPayload)
export class TeamMembersPayloadFields {
  @FieldResolver(() => TeamType, { nullable: true, description: 'The team, with its new number of people.' })
  async team(@Root() { teamUuid }: TeamMembersPayload, @Ctx() context: GraphQLContext): Promise<TeamType | null> {
    return teamUuid ? nullWhenNotFound(() => loadTeam(context, teamUuid)) : null
  }
}
