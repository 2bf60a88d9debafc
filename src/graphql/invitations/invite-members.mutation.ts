import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql'
import { inviteMembers } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { loadOrganization } from '../organizations/organization.query'
import { OrganizationType } from '../organizations/organization.type'
import { Payload, payload } from '../payload.type'
import { InvitationResultType, invitationResult } from './invitation-result.type'
import { ProjectGrantInput, readGrants, readRole, readTeams } from './project-grant.input'

@InputType({ description: 'Whom to invite, and as what.' })
export class InviteMembersInput {
  @Field(() => [String], {
    description:
      'Each item is an address or a list of them, separated by commas, semicolons, spaces or new lines, also as `Name <a@b.c>`. The same address twice counts once. At most 1,000 addresses.',
  })
  emails: string[]
  @Field(() => ID, { nullable: true, description: 'A role of scope ORGANIZATION; Member when absent.' })
  roleId?: string | null
  @Field(() => [ProjectGrantInput], { nullable: true, description: 'Projects to be in from the first moment on.' })
  projectGrants?: ProjectGrantInput[] | null
  @Field(() => [ID], { nullable: true, description: 'Teams to be in from the first moment on; at most 20.' })
  teamIds?: string[] | null
  @Field(() => String, { nullable: true, description: 'A personal line in the mail, at most 500 characters.' })
  message?: string | null
  @Field(() => Int, { nullable: true, description: '1 to 30; the setting of the organization when absent.' })
  expiresInDays?: number | null
  @Field(() => Boolean, {
    defaultValue: true,
    description: 'False when no mail shall leave; hand out links by createInvitationLink then.',
  })
  sendEmail: boolean
}

@ObjectType({ implements: Payload, description: 'What became of each address.' })
export class InviteMembersPayload extends Payload {
  /** Of the call that worked. */
  readonly organizationId?: string
  @Field(() => [InvitationResultType], {
    nullable: true,
    description: 'One per address, in the order of the input; null when the call as a whole failed.',
  })
  results?: InvitationResultType[] | null
}

@Resolver(() => InviteMembersPayload)
export class InviteMembersMutation {
  @Directive('@can(do: "invitation.create")')
  @Mutation(() => InviteMembersPayload, {
    nullable: true,
    description: 'Invites people by e-mail. Works for every address it can, and says what became of each.',
  })
  async inviteMembers(
    @Arg('organizationId', () => ID, { description: 'Where to.' }) organizationId: string,
    @Arg('input', () => InviteMembersInput, { description: 'Whom, and as what.' }) input: InviteMembersInput,
    @Ctx() context: GraphQLContext,
  ): Promise<InviteMembersPayload> {
    return payload(async () => {
      const organization = readId('Organization', organizationId, ['organizationId'])
      const results = await context.operation.execute(inviteMembers, {
        ...input,
        organizationId: organization,
        roleId: readRole(input.roleId),
        projectGrants: readGrants(input.projectGrants),
        teamIds: readTeams(input.teamIds),
      })
      return { organizationId: organization, results: results.map(invitationResult) }
    })
  }

  @FieldResolver(() => OrganizationType, { nullable: true, description: 'The organization, with its new numbers.' })
  async organization(
    @Root() { organizationId }: InviteMembersPayload,
    @Ctx() context: GraphQLContext,
  ): Promise<OrganizationType | null> {
    return organizationId ? loadOrganization(context, organizationId) : null
  }
}
