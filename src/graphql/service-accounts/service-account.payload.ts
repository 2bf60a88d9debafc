import { Field, ObjectType } from 'type-graphql'
import { Payload } from '../payload.type'
import { ServiceAccountType } from './service-account.type'

@ObjectType({ implements: Payload, description: 'The service account as it is after the change.' })
export class ServiceAccountPayload extends Payload {
  @Field(() => ServiceAccountType, { nullable: true, description: 'The service account; null when nothing changed.' })
  serviceAccount?: ServiceAccountType | null
}
