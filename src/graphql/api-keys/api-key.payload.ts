import { Field, ObjectType } from 'type-graphql'
import { Payload } from '../payload.type'
import { ApiKeyType } from './api-key.type'

@ObjectType({ implements: Payload, description: 'The key as it is after the change.' })
export class ApiKeyPayload extends Payload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key; null when nothing changed.' })
  apiKey?: ApiKeyType | null
}

@ObjectType({ implements: Payload, description: 'A key just made.' })
export class NewApiKeyPayload extends Payload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key; null when none was made.' })
  apiKey?: ApiKeyType | null
  @Field(() => String, {
    nullable: true,
    description: 'What programs send as bearer token. Shown this once: Gatehouse keeps only its hash.',
  })
  secret?: string | null
}
