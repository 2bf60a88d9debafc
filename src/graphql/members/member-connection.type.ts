import { Field, Int, ObjectType } from 'type-graphql'
import type { MemberFilter, MemberStats as MemberStatsRow } from '../../modules/members'
import { PageInfo } from '../connection.type'
import { MemberType } from './member.type'

@ObjectType({ simpleResolvers: true, description: 'A member in a list.' })
export class MemberEdge {
  @Field(() => String, { description: 'Continue from here.' }) cursor: string
  @Field(() => MemberType, { description: 'The member.' }) node: MemberType
}

@ObjectType({ simpleResolvers: true, description: 'One page of members.' })
export class MemberConnection {
  readonly organizationUuid: string
  readonly filter: MemberFilter | null
  @Field(() => [MemberEdge], { description: 'The members with their cursors.' }) edges: MemberEdge[]
  @Field(() => [MemberType], { description: 'The members.' }) nodes: MemberType[]
  @Field(() => PageInfo, { description: 'Where this page stands.' }) pageInfo: PageInfo
}

@ObjectType({ simpleResolvers: true, description: 'How many people an organization has.' })
export class MemberStats implements MemberStatsRow {
  @Field(() => Int, { description: 'Members with access.' }) joined: number
  @Field(() => Int, { description: 'People with a pending invitation.' }) invited: number
  @Field(() => Int, { description: 'Suspended members.' }) suspended: number
  @Field(() => Int, { description: 'Joined members whose role is Admin.' }) admins: number
}
