import { Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import type { ChangeMembers, MembersChanged, MembersRemoved, NamedKey } from '../../modules/members'
import type { GraphQLContext } from '../context'
import { nullWhenNotFound } from '../guard'
import { readId } from '../id'
import { loadOrganization } from '../organizations/organization.query'
import { OrganizationType } from '../organizations/organization.type'
import { Payload, payload } from '../payload.type'
import { UserError, userErrorsOf } from '../user-error.type'
import { loadMember } from './member.query'
import { MemberType } from './member.type'
import { type ErrorPolicy, type MemberSelectionInput, readMemberSelection } from './member-selection.input'

@ObjectType({ simpleResolvers: true, description: 'What became of one of the selected members.' })
export class MemberResult {
  readonly memberUuid: string | null
  @Field(() => Int, { description: 'Its place in the selection, from 0.' }) index: number
  @Field(() => String, { description: 'The id it was selected by.' }) key: string
  @Field(() => [UserError], { description: 'Why it was not changed; empty when it worked.' }) userErrors: UserError[]
}

@ObjectType({ simpleResolvers: true, description: 'A key in a receipt.' })
export class ReceiptApiKey {
  @Field(() => ID, { description: 'Its global id.' }) id: string
  @Field(() => String, { description: 'What people call it.' }) name: string
}

@ObjectType({ simpleResolvers: true, description: 'What ended together with memberships.' })
export class EndingReceipt {
  @Field(() => Int, { description: 'Sessions that were alive until now.' }) sessionsRevoked: number
  @Field(() => Int, { description: 'Refresh tokens of applications that were alive until now.' })
  refreshTokensRevoked: number
  @Field(() => Int, { description: 'Roles in projects that were taken away.' }) projectGrantsRemoved: number
  @Field(() => Int, { description: 'Places in teams that were taken away.' }) teamMembershipsRemoved: number
  @Field(() => Int, { description: 'Pending invitations that were revoked.' }) invitationsClosed: number
  @Field(() => Int, { description: 'Personal API keys that were alive until now.' }) apiKeysRevoked: number
  @Field(() => [ReceiptApiKey], {
    description: 'At most 100 of them; none when the caller may not see all keys of the organization.',
  })
  revokedApiKeys: ReceiptApiKey[]
  @Field(() => Int, {
    description:
      'Live keys of projects and service accounts that these people made. They live on; somebody may know them.',
  })
  apiKeysKept: number
  @Field(() => [ReceiptApiKey], {
    description: 'At most 100 of them; none when the caller may not see all keys of the organization.',
  })
  keptApiKeys: ReceiptApiKey[]
  @Field(() => Int, {
    description: 'People whom no sign-in makes members again until liftMemberBlock, or until they are added.',
  })
  peopleBlocked: number
}

@ObjectType({ implements: Payload, description: 'What became of each selected member.' })
export class MembersPayload extends Payload {
  readonly organizationUuid?: string
  @Field(() => [MemberResult], {
    nullable: true,
    description: 'One per selected member, in the order of the selection; null when the call as a whole failed.',
  })
  results?: MemberResult[] | null
  @Field(() => EndingReceipt, { nullable: true, description: 'What ended; null when the call as a whole failed.' })
  receipt?: EndingReceipt | null
  @Field(() => [String], {
    nullable: true,
    description:
      'After a removal: names of the active connections that make members of whomever the identity provider lets in, unless they are blocked. Null after other changes.',
  })
  admittingConnections?: readonly string[] | null
}

/** Runs a change to many members and gives it its GraphQL face. */
export function membersPayload(
  organizationId: string,
  selection: MemberSelectionInput,
  onError: ErrorPolicy,
  change: (input: ChangeMembers) => Promise<MembersChanged & Partial<Pick<MembersRemoved, 'admittingConnections'>>>,
): Promise<MembersPayload> {
  return payload(async () => {
    const organizationUuid = readId('Organization', organizationId, ['organizationId'])
    const members = readMemberSelection(selection)
    const { items, receipt, wasAborted, admittingConnections } = await change({
      organizationId: organizationUuid,
      members,
      onError,
    })
    const results = items.map(({ memberId, error }, index) => ({
      memberUuid: memberId,
      index,
      key: selection.ids?.[index] ?? (memberId ? toTypeId('Member', memberId) : ''),
      userErrors: error ? userErrorsOf(error) : [],
    }))
    const failed = wasAborted ? results : []
    return { organizationUuid, results, receipt: receiptOf(receipt), admittingConnections, failed }
  }).then(({ failed, ...fields }) => ({
    ...fields,
    userErrors: [...fields.userErrors, ...(failed ?? []).flatMap(locateErrors)],
  }))
}

function receiptOf({ revokedApiKeys, keptApiKeys, ...numbers }: MembersChanged['receipt']): EndingReceipt {
  return { ...numbers, revokedApiKeys: revokedApiKeys.map(receiptKey), keptApiKeys: keptApiKeys.map(receiptKey) }
}

function receiptKey({ id, name }: NamedKey): ReceiptApiKey {
  return { id: toTypeId('ApiKey', id), name }
}

/** Under ABORT_ALL the call as a whole failed, for the reasons of its members. */
function locateErrors({ index, userErrors }: MemberResult): UserError[] {
  return userErrors.map((error) => ({ ...error, path: ['members', 'ids', String(index)] }))
}

@Resolver(() => MemberResult)
export class MemberResultFields {
  @FieldResolver(() => MemberType, { nullable: true, description: 'The member as it is now; null when unknown.' })
  async member(@Root() result: MemberResult, @Ctx() context: GraphQLContext): Promise<MemberType | null> {
    const { memberUuid } = result
    return memberUuid ? nullWhenNotFound(() => loadMember(context, memberUuid)) : null
  }
}

@Resolver(() => MembersPayload)
export class MembersPayloadFields {
  @FieldResolver(() => OrganizationType, { nullable: true, description: 'The organization, with its new numbers.' })
  async organization(
    @Root() { organizationUuid }: MembersPayload,
    @Ctx() context: GraphQLContext,
  ): Promise<OrganizationType | null> {
    return organizationUuid ? nullWhenNotFound(() => loadOrganization(context, organizationUuid)) : null
  }
}
