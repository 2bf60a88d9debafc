import { Field, ID, ObjectType } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import type { InvitationStatus, ReceivedInvitation } from '../../modules/invitations'
import { DateTime } from '../date-time.scalar'
import { InvitationStatusEnum } from './invitation.type'

@ObjectType({
  simpleResolvers: true,
  description: 'What the invited person is shown of an invitation from outside the organization.',
})
export class InvitationPreview {
  @Field(() => ID, { description: 'Global id of the invitation, to accept or decline it.' }) id: string
  @Field(() => String, { description: 'Where to.' }) organizationName: string
  @Field(() => String, { description: 'Who invites.' }) invitedByName: string
  @Field(() => String, { description: 'The address that is needed to accept.' }) email: string
  @Field(() => String, { description: 'The role the person will have.' }) roleName: string
  @Field(() => InvitationStatusEnum, { description: 'Whether it can still be accepted.' }) status: InvitationStatus
  @Field(() => DateTime, { description: 'Until when it can be accepted.' }) expiresAt: Date
}

/** The GraphQL object of an invitation as its recipient sees it. */
export function invitationPreview(row: ReceivedInvitation): InvitationPreview {
  const { organizationName, invitedByName, email, roleName, status, expiresAt } = row
  return {
    id: toTypeId('Invitation', row.id),
    organizationName,
    invitedByName,
    email,
    roleName,
    status,
    expiresAt,
  }
}
