import { Field, ObjectType } from 'type-graphql'
import { Payload } from '../payload.type'
import { RoleType } from './role.type'

@ObjectType({ implements: Payload, description: 'The role as it is after the change.' })
export class RolePayload extends Payload {
  @Field(() => RoleType, { nullable: true, description: 'The role; null when nothing changed.' })
  role?: RoleType | null
}
