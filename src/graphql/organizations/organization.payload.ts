import { Field, ObjectType } from 'type-graphql'
import { Payload } from '../payload.type'
import { OrganizationType } from './organization.type'

@ObjectType({ implements: Payload, description: 'The organization as it is after the change.' })
export class OrganizationPayload extends Payload {
  @Field(() => OrganizationType, { nullable: true, description: 'The organization; null when nothing changed.' })
  organization?: OrganizationType | null
}
