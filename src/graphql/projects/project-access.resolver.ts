import type { GraphQLResolveInfo } from 'graphql'
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  Info,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql'
import { type Actor, decide, type Permission } from '../../access'
import { listProjectAccess, type ProjectAccessRow, permissionsIn } from '../../modules/projects'
import { getActor } from '../../modules/sessions'
import { ALLOWED, Capability, denied } from '../capability.type'
import { connectionOf, PageArgs, PageInfo } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { loadRoleByKey } from '../roles/role.query'
import { RoleType } from '../roles/role.type'
import { ProjectType } from './project.type'

const AccessReasonEnum = { ROLE: 'ROLE', GRANT: 'GRANT', DEFAULT_PROJECT: 'DEFAULT_PROJECT' } as const
registerEnumType(AccessReasonEnum, {
  name: 'AccessReason',
  description: 'The strongest reason why somebody has access to a project.',
  valuesConfig: {
    ROLE: { description: 'The organization role is inherited into every project.' },
    GRANT: { description: 'A role was given in this project.' },
    DEFAULT_PROJECT: { description: 'Every joined member is in the default project.' },
  },
})

const ProjectActionEnum = { UPDATE: 'UPDATE', ARCHIVE: 'ARCHIVE', DELETE: 'DELETE', GRANT: 'GRANT' } as const
type ProjectAction = keyof typeof ProjectActionEnum
registerEnumType(ProjectActionEnum, {
  name: 'ProjectAction',
  description: 'What can be done to a project.',
  valuesConfig: {
    UPDATE: { description: 'Rename or describe it.' },
    ARCHIVE: { description: 'Archive or restore it.' },
    DELETE: { description: 'Delete it.' },
    GRANT: { description: 'Give and take roles in it.' },
  },
})

const PERMISSION_FOR: Record<ProjectAction, Permission> = {
  UPDATE: 'project.update',
  ARCHIVE: 'project.archive',
  DELETE: 'project.delete',
  GRANT: 'project.grant',
}

@ObjectType({ description: 'One person with access to a project.' })
export class ProjectAccess {
  readonly row: ProjectAccessRow
  @Field(() => AccessReasonEnum, { description: 'The strongest reason.' }) via: ProjectAccessRow['via']
}

@ObjectType({ simpleResolvers: true, description: 'A person with access and the place in the list.' })
export class ProjectAccessEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => ProjectAccess, { description: 'The person.' }) node: ProjectAccess
}

@ObjectType({ simpleResolvers: true, description: 'A page of people with access to a project.' })
export class ProjectAccessConnection {
  @Field(() => [ProjectAccessEdge], { description: 'The people with their cursors.' }) edges: ProjectAccessEdge[]
  @Field(() => [ProjectAccess], { description: 'The people alone.' }) nodes: ProjectAccess[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
}

@Resolver(() => ProjectType)
export class ProjectFieldsResolver {
  @Directive('@can(do: "project.member.read")')
  @FieldResolver(() => ProjectAccessConnection, {
    nullable: true,
    description: 'Everybody with access, with the way they got it.',
  })
  async access(
    @Root() project: ProjectType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ProjectAccessConnection | null> {
    return nullWhenForbidden(context, info, async () => {
      const rows = await context.operation.execute(listProjectAccess, { projectId: project.row.id, page })
      return connectionOf(rows, (row) => ({ row, via: row.via }))
    })
  }

  @FieldResolver(() => Capability, {
    description: 'Whether the caller may do something to the project, and if not, why.',
  })
  async viewerCan(
    @Root() project: ProjectType,
    @Arg('action', () => ProjectActionEnum, { description: 'What.' }) action: ProjectAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    return capabilityFor(await context.operation.execute(getActor, {}), project, action)
  }
}

@Resolver(() => ProjectAccess)
export class ProjectAccessResolver {
  @FieldResolver(() => MemberType, { description: 'Who.' })
  async member(@Root() access: ProjectAccess, @Ctx() context: GraphQLContext): Promise<MemberType> {
    return loadMember(context, access.row.memberId)
  }

  @FieldResolver(() => RoleType, {
    description: 'The role that gives the access: of the organization for ROLE, of the project otherwise.',
  })
  async role(@Root() access: ProjectAccess, @Ctx() context: GraphQLContext): Promise<RoleType> {
    return loadRoleByKey(context, access.row.via === 'ROLE' ? 'ORGANIZATION' : 'PROJECT', access.row.roleKey)
  }
}

function capabilityFor(actor: Actor, { row }: ProjectType, action: ProjectAction): Capability {
  const organizationId = 'organizationId' in actor ? actor.organizationId : null
  const object = { organizationId, permissionsHere: permissionsIn(row, actor) }
  if (decide(actor, PERMISSION_FOR[action], object) !== 'allowed')
    return denied(
      'MISSING_PERMISSION',
      `This needs the permission ${PERMISSION_FOR[action]}; ask an Admin of the organization.`,
    )
  if (row.isDefault && (action === 'ARCHIVE' || action === 'DELETE'))
    return denied('WRONG_STATE', 'The default project stays: everybody is in it.')
  if (row.status === 'ARCHIVED' && action === 'GRANT')
    return denied('WRONG_STATE', 'Take the project out of the archive first.')
  return ALLOWED
}
