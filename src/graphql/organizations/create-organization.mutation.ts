import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql'
import { newId } from '../../kernel/ids'
import type { InvitationResult } from '../../modules/invitations'
import { createOrganization, createSsoOrganization, type MembershipMode } from '../../modules/organizations'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { Payload, payload } from '../payload.type'
import { setupUrl } from '../setup-url'
import { loadOrganization } from './organization.query'
import { MembershipModeEnum, OrganizationType } from './organization.type'

@InputType({ description: 'What a new organization is made of.' })
export class CreateOrganizationInput {
  @Field(() => String, { description: 'Display name, at most 100 characters.' }) name: string
  @Field(() => String, {
    nullable: true,
    description: 'URL identifier, a-z, 0-9 and hyphens; made from the name when absent.',
  })
  slug?: string | null
  @Field(() => String, { description: 'Where bills go.' }) billingEmail: string
  @Field(() => String, { nullable: true, description: 'At most 500 characters.' }) description?: string | null
  @Field(() => [String], {
    nullable: true,
    description: 'Whom to invite as Member at once; each item may be a list, as for inviteMembers.',
  })
  inviteEmails?: string[] | null
  @Field(() => MembershipModeEnum, {
    defaultValue: 'INVITATION',
    description:
      'How people come to belong. With SSO the caller is no member: a set-up link connects the company, and firstAdminEmail becomes Admin at the first sign-in.',
  })
  membershipMode: MembershipMode
  @Field(() => String, { nullable: true, description: 'Needed with SSO, and for nothing else.' })
  firstAdminEmail?: string | null
}

@ObjectType({
  implements: Payload,
  description: 'The new organization; where people are invited, the caller is its first Admin and in a session of it.',
})
export class CreateOrganizationPayload extends Payload {
  /** What became of the invited addresses; shown by graphql/invitations. */
  readonly invited?: readonly InvitationResult[]
  @Field(() => OrganizationType, { nullable: true, description: 'The new organization.' })
  organization?: OrganizationType | null
  @Field(() => String, {
    nullable: true,
    description: 'Token of the new session, for bearer clients only: browsers get a cookie.',
  })
  token?: string | null
  @Field(() => DateTime, { nullable: true, description: 'When the new session ends.' }) expiresAt?: Date | null
  @Field(() => String, {
    nullable: true,
    description: 'With SSO: address of the set-up link, shown once. It works for 30 days.',
  })
  setupUrl?: string | null
}

@Resolver()
export class CreateOrganizationMutation {
  @Mutation(() => CreateOrganizationPayload, {
    nullable: true,
    description:
      'Creates an organization with its built-in roles and default project. Needs an account session; the operator can create it with SSO.',
  })
  async createOrganization(
    @Arg('input', () => CreateOrganizationInput, { description: 'What it is made of.' }) input: CreateOrganizationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<CreateOrganizationPayload> {
    return payload(async () => {
      if (input.membershipMode === 'SSO') return createWithSso(context, input)
      const created = await context.operation.execute(createOrganization, { ...input, organizationId: newId() })
      const { session } = created
      const token = context.continueIn(session)
      return {
        organization: await loadOrganization(context, session.organizationId),
        token,
        invited: created.invitations,
        expiresAt: session.expiresAt,
      }
    })
  }
}

/** Nobody is in it yet, so it is shown to the operator alone. */
async function createWithSso(
  context: GraphQLContext,
  { firstAdminEmail = null, ...input }: CreateOrganizationInput,
): Promise<Pick<CreateOrganizationPayload, 'organization' | 'setupUrl'>> {
  const organizationId = newId()
  const draft = { ...input, organizationId, firstAdminEmail }
  const token = await context.operation.execute(createSsoOrganization, draft)
  const isOperator = context.operation.caller.operatorKey !== null
  const organization = isOperator ? await loadOrganization(context, organizationId) : null
  return { organization, setupUrl: setupUrl(context, token) }
}
