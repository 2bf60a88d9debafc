import { createUnionType, Field, ObjectType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ProjectGrantRow } from '../../modules/projects'
import { PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { MemberType } from '../members/member.type'
import { Node } from '../node'
import { TeamType } from '../teams/team.type'

/** Whom a grant is for, for the schema. */
export const PrincipalUnion = createUnionType({
  name: 'Principal',
  description: 'Who can be given a role in a project.',
  types: () => [MemberType, TeamType] as const,
  resolveType: ({ typeName }) => typeName,
})

@ObjectType('ProjectGrant', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A role in a project, given to a member or to a team; of a team, everybody in it and in the teams below has the role. One that has ended is not there any more.',
})
export class ProjectGrant extends Node {
  readonly row: ProjectGrantRow
  @Field(() => String, { description: 'Name of whoever gave it, as it was then.' }) grantedByName: string
  @Field(() => DateTime, { description: 'When it was first given.' }) createdAt: Date
  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; null when it does not.' })
  expiresAt: Date | null
}

@ObjectType({ simpleResolvers: true, description: 'A grant and its place in a list.' })
export class ProjectGrantEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => ProjectGrant, { description: 'The grant.' }) node: ProjectGrant
}

@ObjectType({ simpleResolvers: true, description: 'A page of grants in a project.' })
export class ProjectGrantConnection {
  @Field(() => [ProjectGrantEdge], { description: 'The grants with their cursors.' }) edges: ProjectGrantEdge[]
  @Field(() => [ProjectGrant], { description: 'The grants alone.' }) nodes: ProjectGrant[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
}

/** The GraphQL object of a grant. */
export function grantNode(row: ProjectGrantRow): ProjectGrant {
  return {
    typeName: 'ProjectGrant' satisfies IdType,
    row,
    id: toTypeId('ProjectGrant', row.id),
    grantedByName: row.grantedByName,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  }
}
