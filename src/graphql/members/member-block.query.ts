import type { GraphQLResolveInfo } from 'graphql'
import {
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  Info,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql'
import { type BlockReason, listMemberBlocks, type MemberBlock as MemberBlockRow } from '../../modules/members'
import { connectionOf, PageArgs, PageInfo } from '../connection.type'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { nullWhenForbidden, nullWhenNotFound } from '../guard'
import { OrganizationType } from '../organizations/organization.type'
import { loadMember } from './member.query'
import { MemberType } from './member.type'

const BlockReasonEnum = { ADMIN: 'ADMIN', DIRECTORY: 'DIRECTORY' } as const
registerEnumType(BlockReasonEnum, {
  name: 'BlockReason',
  description: 'Who saw to it that somebody does not come back by signing in.',
  valuesConfig: {
    ADMIN: { description: 'An Admin, by removing the member.' },
    DIRECTORY: { description: 'The directory of the company.' },
  },
})

@ObjectType({
  simpleResolvers: true,
  description: 'Somebody whom no sign-in through the company makes a member again, until it is lifted.',
})
export class MemberBlock {
  readonly memberUuid: string
  @Field(() => BlockReasonEnum, { description: 'Who has caused it.' }) reason: BlockReason
  @Field(() => DateTime, { description: 'Since when.' }) blockedAt: Date
  @Field(() => [String], { description: 'Names of the connections by which the person had signed in.' })
  connections: string[]
}

@ObjectType({ simpleResolvers: true, description: 'A block and its place in a list.' })
export class MemberBlockEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => MemberBlock, { description: 'The block.' }) node: MemberBlock
}

@ObjectType({ simpleResolvers: true, description: 'A page of blocks.' })
export class MemberBlockConnection {
  @Field(() => [MemberBlockEdge], { description: 'The blocks with their cursors.' }) edges: MemberBlockEdge[]
  @Field(() => [MemberBlock], { description: 'The blocks alone.' }) nodes: MemberBlock[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
}

@Resolver(() => OrganizationType)
export class OrganizationMemberBlocksQuery {
  @Directive('@can(do: "member.remove")')
  @FieldResolver(() => MemberBlockConnection, {
    nullable: true,
    description: 'People who do not come back by signing in through the company, latest first.',
  })
  async memberBlocks(
    @Root() organization: OrganizationType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberBlockConnection | null> {
    const organizationId = organization.uuid
    const blocks = await nullWhenForbidden(context, info, () =>
      context.operation.execute(listMemberBlocks, { organizationId, page }),
    )
    return blocks && connectionOf(blocks, blockNode)
  }
}

@Resolver(() => MemberBlock)
export class MemberBlockFields {
  @FieldResolver(() => MemberType, {
    nullable: true,
    description: 'The member who was removed; null when the caller cannot see members.',
  })
  async member(
    @Root() { memberUuid }: MemberBlock,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => nullWhenNotFound(() => loadMember(context, memberUuid)))
  }
}

function blockNode({ memberId, reason, blockedAt, connections }: MemberBlockRow): MemberBlock {
  return { memberUuid: memberId, reason, blockedAt, connections }
}
