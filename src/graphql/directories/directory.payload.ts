import { Field, Int, ObjectType } from 'type-graphql'
import { DeletePayload } from '../delete.payload'
import { Payload } from '../payload.type'
import { DirectoryType } from './directory.type'
import { ScimTokenType } from './scim-token.type'

@ObjectType({ implements: Payload, description: 'The directory as it is after the change.' })
export class DirectoryPayload extends Payload {
  @Field(() => DirectoryType, { nullable: true, description: 'The directory; null when nothing changed.' })
  directory?: DirectoryType | null
}

@ObjectType({ implements: Payload, description: 'A directory just made.' })
export class NewDirectoryPayload extends Payload {
  @Field(() => DirectoryType, {
    nullable: true,
    description: 'The directory; null when none was made. Its setupGuide holds the token this once.',
  })
  directory?: DirectoryType | null
  @Field(() => String, {
    nullable: true,
    description: 'Its first token. Shown this once: Gatehouse keeps only its hash.',
  })
  secret?: string | null
}

@ObjectType({ implements: Payload, description: 'A token just made.' })
export class ScimTokenPayload extends Payload {
  @Field(() => ScimTokenType, { nullable: true, description: 'The token; null when none was made.' })
  token?: ScimTokenType | null
  @Field(() => String, {
    nullable: true,
    description: 'What the identity provider presents. Shown this once: Gatehouse keeps only its hash.',
  })
  secret?: string | null
}

@ObjectType({ implements: Payload, description: 'What is gone with a directory.' })
export class DeleteDirectoryPayload extends DeletePayload {
  @Field(() => Int, { nullable: true, description: 'How many members were suspended by it.' })
  membersSuspended?: number | null
}
