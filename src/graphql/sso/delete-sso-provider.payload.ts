import { Field, Int, ObjectType } from 'type-graphql'
import { DeletePayload } from '../delete.payload'
import { Payload } from '../payload.type'

@ObjectType({ implements: Payload, description: 'What is gone with a connection.' })
export class DeleteSsoProviderPayload extends DeletePayload {
  @Field(() => Int, { nullable: true, description: 'How many live sessions ended by it.' }) sessionsEnded?:
    | number
    | null
  @Field(() => Int, { nullable: true, description: 'How many refresh tokens of applications ended with those.' })
  refreshTokensRevoked?: number | null
}
