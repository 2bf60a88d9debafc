import { FieldResolver, Resolver, Root } from 'type-graphql'
import { CreateOrganizationPayload } from '../organizations/create-organization.mutation'
import { InvitationResultType, invitationResult } from './invitation-result.type'

@Resolver(() => CreateOrganizationPayload)
export class CreatedOrganizationResolver {
  @FieldResolver(() => [InvitationResultType], { description: 'What became of each address of inviteEmails.' })
  invitations(@Root() { invited }: CreateOrganizationPayload): InvitationResultType[] {
    return (invited ?? []).map(invitationResult)
  }
}
