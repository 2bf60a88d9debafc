import { Field, ObjectType } from 'type-graphql'
import { Payload } from '../payload.type'
import { InvitationType } from './invitation.type'

@ObjectType({ implements: Payload, description: 'The invitation as it is after the change.' })
export class InvitationPayload extends Payload {
  @Field(() => InvitationType, { nullable: true, description: 'The invitation; null when nothing changed.' })
  invitation?: InvitationType | null
}
