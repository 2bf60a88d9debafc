import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ProjectRow } from '../../modules/projects'
import { Count, PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'

export const ProjectStatusEnum = { ACTIVE: 'ACTIVE', ARCHIVED: 'ARCHIVED' } as const
registerEnumType(ProjectStatusEnum, {
  name: 'ProjectStatus',
  description: 'Whether a project is in use.',
  valuesConfig: { ACTIVE: { description: 'In use.' }, ARCHIVED: { description: 'Kept, but out of the way.' } },
})

@ObjectType('Project', {
  implements: Node,
  simpleResolvers: true,
  description: 'An isolated workspace. Every member is in the default project; other projects need a grant.',
})
export class ProjectType extends Node {
  /** The project as the module knows it. */
  readonly row: ProjectRow
  @Field(() => String, { description: 'Unique name within the organization.' }) slug: string
  @Field(() => String, { description: 'Display name.' }) name: string
  @Field(() => String, { nullable: true, description: 'What the project is for.' }) description: string | null
  @Field(() => Boolean, { description: 'True for the one project that every member is in.' }) isDefault: boolean
  @Field(() => ProjectStatusEnum, { description: 'Whether it is in use.' }) status: ProjectRow['status']
  @Field(() => String, { description: 'Name of whoever created it, as it was then.' }) createdByName: string
  @Field(() => Int, { description: 'Send back as expectedVersion to detect concurrent edits.' }) version: number
  @Field(() => DateTime, { description: 'When it was created.' }) createdAt: Date
}

@ObjectType({ simpleResolvers: true, description: 'A project and its place in a list.' })
export class ProjectEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => ProjectType, { description: 'The project.' }) node: ProjectType
}

@ObjectType({ description: 'A page of projects.' })
export class ProjectConnection {
  @Field(() => [ProjectEdge], { description: 'The projects with their cursors.' }) edges: ProjectEdge[]
  @Field(() => [ProjectType], { description: 'The projects alone.' }) nodes: ProjectType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counted when selected. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many projects the list holds.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

/** The GraphQL object of a project row. */
export function projectNode(row: ProjectRow): ProjectType {
  return {
    typeName: 'Project' satisfies IdType,
    row,
    id: toTypeId('Project', row.id),
    slug: row.slug,
    name: row.name,
    description: row.description,
    isDefault: row.isDefault,
    status: row.status,
    createdByName: row.createdByName,
    version: row.version,
    createdAt: row.createdAt,
  }
}
