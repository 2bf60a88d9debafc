import { Field, ID, InputType, registerEnumType } from 'type-graphql'
import type { MemberFilter, MemberOrder, MemberOrderField, MemberSource, MemberStatus } from '../../modules/members'
import { type OrderDirection, OrderDirectionEnum } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { readId } from '../id'
import { MemberSourceType, MemberStatusType } from './member.type'

const MemberOrderFieldEnum = {
  JOINED_AT: 'JOINED_AT',
  NAME: 'NAME',
  EMAIL: 'EMAIL',
  LAST_ACTIVE_AT: 'LAST_ACTIVE_AT',
} as const
registerEnumType(MemberOrderFieldEnum, {
  name: 'MemberOrderField',
  description: 'What members can be sorted by.',
  valuesConfig: {
    JOINED_AT: { description: 'When they joined; who has not, counts as latest.' },
    NAME: { description: 'Display name, by code point.' },
    EMAIL: { description: 'Address, by code point.' },
    LAST_ACTIVE_AT: { description: 'When they were last active; who never was, counts as earliest.' },
  },
})

@InputType('MemberOrder', { description: 'How members are sorted; ties are broken by id.' })
export class MemberOrderInput implements MemberOrder {
  @Field(() => MemberOrderFieldEnum, { description: 'What to sort by.' }) field: MemberOrderField
  @Field(() => OrderDirectionEnum, { description: 'Which way.' }) direction: OrderDirection
}

@InputType('MemberFilter', {
  description: 'Which members are meant; everything given must match. Nobody REMOVED unless status says so.',
})
export class MemberFilterInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Part of name or address, at least 3 characters. Only the first 10,000 matches by name are looked at; say more to find the rest.',
  })
  search?: string | null
  @Field(() => [MemberStatusType], { nullable: true, description: 'In one of these states.' })
  status?: MemberStatus[] | null
  @Field(() => [ID], { nullable: true, description: 'With one of these organization roles.' })
  roleIds?: string[] | null
  @Field(() => ID, { nullable: true, description: 'With a role of their own in this project.' })
  projectId?: string | null
  @Field(() => ID, { nullable: true, description: 'Put into this team; those of the teams below do not count.' })
  teamId?: string | null
  @Field(() => [MemberSourceType], { nullable: true, description: 'Who came in one of these ways.' })
  source?: MemberSource[] | null
  @Field(() => String, { nullable: true, description: 'Whose address ends in @ and this domain.' })
  emailDomain?: string | null
  @Field(() => DateTime, { nullable: true, description: 'Not active since then, or never.' })
  lastActiveBefore?: Date | null
  @Field(() => Boolean, { nullable: true, description: 'Whether the organization role is Admin.' })
  isAdmin?: boolean | null
}

/**
 * The filter as the use cases take it.
 * @throws NOT_FOUND  for an id that names no role, project or team
 */
export function readMemberFilter(input: MemberFilterInput | null | undefined): MemberFilter | null {
  if (!input) return null
  return {
    ...input,
    roleIds: input.roleIds?.map((id) => readId('Role', id, ['filter', 'roleIds'])),
    projectId: input.projectId && readId('Project', input.projectId, ['filter', 'projectId']),
    teamId: input.teamId && readId('Team', input.teamId, ['filter', 'teamId']),
  }
}
