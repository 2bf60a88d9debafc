import { Arg, Ctx, FieldResolver, Resolver, Root, registerEnumType } from 'type-graphql'
import { type Actor, decide, type Permission } from '../../access'
import { permissionsIn } from '../../modules/projects'
import { getActor } from '../../modules/sessions'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { ProjectType } from './project.type'

const ProjectActionEnum = {
  UPDATE: 'UPDATE',
  ARCHIVE: 'ARCHIVE',
  DELETE: 'DELETE',
  GRANT: 'GRANT',
  CREATE_SERVICE_ACCOUNT: 'CREATE_SERVICE_ACCOUNT',
  CREATE_API_KEY: 'CREATE_API_KEY',
  MAKE_DEFAULT: 'MAKE_DEFAULT',
} as const
type ProjectAction = keyof typeof ProjectActionEnum
registerEnumType(ProjectActionEnum, {
  name: 'ProjectAction',
  description: 'What can be done to a project.',
  valuesConfig: {
    UPDATE: { description: 'Rename or describe it.' },
    ARCHIVE: { description: 'Archive or restore it.' },
    DELETE: { description: 'Delete it.' },
    GRANT: { description: 'Give and take roles in it.' },
    CREATE_SERVICE_ACCOUNT: { description: 'Make a service account in it.' },
    CREATE_API_KEY: { description: 'Make a key that acts in it.' },
    MAKE_DEFAULT: { description: 'Make it the project that every member is in.' },
  },
})

const PERMISSION_FOR: Record<ProjectAction, Permission> = {
  UPDATE: 'project.update',
  ARCHIVE: 'project.archive',
  DELETE: 'project.delete',
  GRANT: 'project.grant',
  CREATE_SERVICE_ACCOUNT: 'service_account.manage',
  CREATE_API_KEY: 'api_key.create',
  MAKE_DEFAULT: 'organization.update',
}

// What hands out access waits until the project is in use again.
const NOT_IN_ARCHIVE: ReadonlySet<ProjectAction> = new Set([
  'GRANT',
  'CREATE_SERVICE_ACCOUNT',
  'CREATE_API_KEY',
  'MAKE_DEFAULT',
])

@Resolver(() => ProjectType)
export class ProjectActionsResolver {
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
  if (action === 'CREATE_API_KEY' && actor.kind === 'key')
    return denied('MISSING_PERMISSION', 'API keys cannot make keys; sign in to make one.')
  if (row.isDefault && action === 'MAKE_DEFAULT') return denied('WRONG_STATE', 'This is the default project.')
  if (row.status === 'ARCHIVED' && NOT_IN_ARCHIVE.has(action))
    return denied('WRONG_STATE', 'Take the project out of the archive first.')
  return ALLOWED
}
