import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { TeamRole, TeamRow, TeamSource } from '../../modules/teams'
import { Count, PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'

export const TeamSourceEnum = { MANUAL: 'MANUAL', DIRECTORY: 'DIRECTORY' } as const
registerEnumType(TeamSourceEnum, {
  name: 'TeamSource',
  description: 'Where a team comes from.',
  valuesConfig: {
    MANUAL: { description: 'Somebody here made it.' },
    DIRECTORY: { description: 'It mirrors a group of a directory.' },
  },
})

export const TeamRoleEnum = { MEMBER: 'MEMBER', MANAGER: 'MANAGER' } as const satisfies Record<TeamRole, TeamRole>
registerEnumType(TeamRoleEnum, {
  name: 'TeamRole',
  description: 'What somebody is in a team.',
  valuesConfig: {
    MEMBER: { description: 'Has what is granted to the team.' },
    MANAGER: { description: 'Has it too, and decides who is in the team.' },
  },
})

@ObjectType('Team', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A group of members that projects are granted to. Teams nest five deep: whoever is in a team is in every team above it.',
})
export class TeamType extends Node {
  /** The team as the module knows it. */
  readonly row: TeamRow
  @Field(() => String, { description: 'Unique name within the organization.' }) slug: string
  @Field(() => String, { description: 'Display name.' }) name: string
  @Field(() => String, { nullable: true, description: 'What the team is for.' }) description: string | null
  @Field(() => TeamSourceEnum, { description: 'Where it comes from.' }) source: TeamSource
  @Field(() => Int, {
    description: 'How many people are in this very team, invited and suspended ones too; not those of teams below.',
  })
  memberCount: number
  @Field(() => Int, { description: 'Send back as expectedVersion to detect concurrent edits.' }) version: number
  @Field(() => DateTime, { description: 'When it was created.' }) createdAt: Date
}

@ObjectType({ simpleResolvers: true, description: 'A team and its place in a list.' })
export class TeamEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => TeamType, { description: 'The team.' }) node: TeamType
}

@ObjectType({ description: 'A page of teams.' })
export class TeamConnection {
  @Field(() => [TeamEdge], { description: 'The teams with their cursors.' }) edges: TeamEdge[]
  @Field(() => [TeamType], { description: 'The teams alone.' }) nodes: TeamType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counted when selected. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many teams the list holds; counting stops at 10,000.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

/** The GraphQL object of a team row. */
export function teamNode(row: TeamRow): TeamType {
  return {
    typeName: 'Team' satisfies IdType,
    row,
    id: toTypeId('Team', row.id),
    slug: row.slug,
    name: row.name,
    description: row.description,
    source: row.source,
    memberCount: row.memberCount,
    version: row.version,
    createdAt: row.createdAt,
  }
}
