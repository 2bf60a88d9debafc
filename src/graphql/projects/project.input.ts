import { Field, InputType } from 'type-graphql'

@InputType({ description: 'What a project is made of. On an update absent values stay as they are.' })
export class ProjectInput {
  @Field(() => String, {
    nullable: true,
    description: 'Display name, at most 100 characters; needed for a new project.',
  })
  name?: string | null
  @Field(() => String, {
    nullable: true,
    description: 'a-z, 0-9 and hyphens, unique within the organization; made from the name when absent.',
  })
  slug?: string | null
  @Field(() => String, { nullable: true, description: 'At most 500 characters; null removes it.' }) description?:
    | string
    | null
}
