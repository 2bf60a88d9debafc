import { Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql'
import { notFound } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { getProjects, listMemberGrants, type ProjectGrantRow, type ProjectRow } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { MemberType } from '../members/member.type'
import { loadRoleByKey } from '../roles/role.query'
import { RoleType } from '../roles/role.type'
import { ProjectType, projectNode } from './project.type'

@ObjectType({ description: 'A role in a project, given to a member.' })
export class ProjectGrant {
  readonly row: ProjectGrantRow
  @Field(() => ID, { description: 'For removeProjectGrant.' }) id: string
  @Field(() => String, { description: 'Name of whoever gave it, as it was then.' }) grantedByName: string
  @Field(() => DateTime, { description: 'When it was first given.' }) createdAt: Date
}

@Resolver(() => MemberType)
export class MemberGrantsResolver {
  @FieldResolver(() => [ProjectGrant], {
    description: 'Roles given in projects that the caller can see; the default project needs none.',
  })
  async grants(@Root() member: MemberType, @Ctx() context: GraphQLContext): Promise<ProjectGrant[]> {
    const loader = context.loaders.of<ProjectGrantRow[]>('member-grants', (operation, memberIds) =>
      operation.execute(listMemberGrants, { memberIds }),
    )
    const rows = (await loader.load(member.uuid)) ?? []
    return rows.map((row) => ({
      row,
      id: toTypeId('ProjectGrant', row.id),
      grantedByName: row.grantedByName,
      createdAt: row.createdAt,
    }))
  }
}

@Resolver(() => ProjectGrant)
export class ProjectGrantResolver {
  @FieldResolver(() => ProjectType, { description: 'In which project.' })
  async project(@Root() grant: ProjectGrant, @Ctx() context: GraphQLContext): Promise<ProjectType> {
    const loader = context.loaders.of<ProjectRow>('project', (operation, ids) =>
      operation.execute(getProjects, { ids }),
    )
    const row = await loader.load(grant.row.projectId)
    if (!row) throw notFound('The project')
    return projectNode(row)
  }

  @FieldResolver(() => RoleType, { description: 'Which role.' })
  async role(@Root() grant: ProjectGrant, @Ctx() context: GraphQLContext): Promise<RoleType> {
    return loadRoleByKey(context, 'PROJECT', grant.row.roleKey)
  }
}
