import { Field, ID, ObjectType } from 'type-graphql'
import { Payload } from './payload.type'

@ObjectType({ implements: Payload, description: 'What a deleting mutation returns.' })
export class DeletePayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The id of what is gone; null when nothing was deleted.' })
  deletedId?: string | null
}
