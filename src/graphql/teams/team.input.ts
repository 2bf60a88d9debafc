import { Field, ID, InputType } from 'type-graphql'
import type { TeamDraft } from '../../modules/teams'
import { readId } from '../id'

@InputType({ description: 'What a team is made of. On an update absent values stay as they are.' })
export class TeamInput {
  @Field(() => String, { nullable: true, description: 'Display name, at most 100 characters; needed for a new team.' })
  name?: string | null
  @Field(() => String, {
    nullable: true,
    description: 'a-z, 0-9 and hyphens, unique within the organization; made from the name when absent.',
  })
  slug?: string | null
  @Field(() => String, { nullable: true, description: 'At most 500 characters; null removes it.' }) description?:
    | string
    | null
  @Field(() => ID, { nullable: true, description: 'The team above, at most five deep; null puts it on top.' })
  parentId?: string | null
}

/** The draft as the module knows it. @throws NOT_FOUND  the id of the team above is malformed */
export function readTeamDraft({ parentId, ...draft }: TeamInput): TeamDraft {
  if (parentId === undefined) return draft
  return { ...draft, parentId: parentId && readId('Team', parentId, ['input', 'parentId']) }
}
