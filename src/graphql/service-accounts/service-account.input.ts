import { Field, ID, InputType } from 'type-graphql'

@InputType({ description: 'What a service account is made of. On an update absent values stay as they are.' })
export class ServiceAccountInput {
  @Field(() => String, {
    nullable: true,
    description: 'At most 100 characters, unique within the project; needed for a new one.',
  })
  name?: string | null
  @Field(() => String, { nullable: true, description: 'At most 500 characters; null removes it.' })
  description?: string | null
  @Field(() => ID, {
    nullable: true,
    description: 'A role of scope PROJECT, of which the caller holds every permission; needed for a new one.',
  })
  roleId?: string | null
}
