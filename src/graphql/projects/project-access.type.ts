import { Field, ObjectType, registerEnumType } from 'type-graphql'
import type { AccessReasonRow, AccessVia, ProjectAccessRow } from '../../modules/projects'
import { Count, PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'

const AccessViaEnum = {
  ROLE: 'ROLE',
  GRANT: 'GRANT',
  TEAM_GRANT: 'TEAM_GRANT',
  DEFAULT_PROJECT: 'DEFAULT_PROJECT',
} as const satisfies Record<AccessVia, AccessVia>
registerEnumType(AccessViaEnum, {
  name: 'ProjectAccessVia',
  description: 'How somebody came to be in a project, strongest first.',
  valuesConfig: {
    ROLE: { description: 'The organization role is inherited into every project.' },
    GRANT: { description: 'A role was given to the person.' },
    TEAM_GRANT: { description: 'A role was given to a team the person is in, or to one above it.' },
    DEFAULT_PROJECT: { description: 'Every joined member is in the default project.' },
  },
})

@ObjectType({ description: 'One reason why somebody is in a project.' })
export class ProjectAccessReason {
  readonly row: AccessReasonRow
  @Field(() => AccessViaEnum, { description: 'How.' }) via: AccessVia
  @Field(() => DateTime, { nullable: true, description: 'When the grant ends by itself; null when nothing ends.' })
  expiresAt: Date | null
}

@ObjectType({ description: 'One person in one project, and through what.' })
export class ProjectAccess {
  readonly row: ProjectAccessRow
  @Field(() => AccessViaEnum, { description: 'The strongest reason.' }) via: AccessVia
  @Field(() => [ProjectAccessReason], { description: 'All reasons, strongest first.' }) reasons: ProjectAccessReason[]
}

@ObjectType({ simpleResolvers: true, description: 'A person in a project and the place in the list.' })
export class ProjectAccessEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => ProjectAccess, { description: 'The person in the project.' }) node: ProjectAccess
}

@ObjectType({ description: 'A page of people in projects.' })
export class ProjectAccessConnection {
  @Field(() => [ProjectAccessEdge], { description: 'The people with their cursors.' }) edges: ProjectAccessEdge[]
  @Field(() => [ProjectAccess], { description: 'The people alone.' }) nodes: ProjectAccess[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counted when selected. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many the list holds; counting stops at 10,000.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

/** The GraphQL object of a person in a project. */
export function accessNode(row: ProjectAccessRow): ProjectAccess {
  const reasons = row.reasons.map((reason) => ({ row: reason, via: reason.via, expiresAt: reason.expiresAt }))
  return { row, via: row.reasons[0].via, reasons }
}
