import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, FieldResolver, Info, Resolver, Root, registerEnumType } from 'type-graphql'
import { type Actor, decide, type Permission } from '../../access'
import { rightsTo } from '../../modules/api-keys'
import { getProjects, type ProjectRow, permissionsIn } from '../../modules/projects'
import { getServiceAccounts, type ServiceAccountRow } from '../../modules/service-accounts'
import { getActor } from '../../modules/sessions'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden, nullWhenNotFound } from '../guard'
import { loadMember } from '../members/member.query'
import { ProjectType, projectNode } from '../projects/project.type'
import { serviceAccountNode } from '../service-accounts/service-account.type'
import { ApiKeyOwner, ApiKeyType } from './api-key.type'

const ApiKeyActionEnum = { UPDATE: 'UPDATE', ROTATE: 'ROTATE', REVOKE: 'REVOKE' } as const
type ApiKeyAction = keyof typeof ApiKeyActionEnum
registerEnumType(ApiKeyActionEnum, {
  name: 'ApiKeyAction',
  description: 'What can be done to a key.',
  valuesConfig: {
    UPDATE: { description: 'Rename it, or give it other permissions or another end.' },
    ROTATE: { description: 'Replace it.' },
    REVOKE: { description: 'End it.' },
  },
})

@Resolver(() => ApiKeyType)
export class ApiKeyFieldsResolver {
  @FieldResolver(() => ApiKeyOwner, {
    nullable: true,
    description: 'Whom it acts for; null when the caller may not see it.',
  })
  async owner(
    @Root() { row }: ApiKeyType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<typeof ApiKeyOwner | null> {
    const { memberId, serviceAccountId } = row
    if (memberId) return nullWhenForbidden(context, info, () => nullWhenNotFound(() => loadMember(context, memberId)))
    if (!serviceAccountId) return loadProject(context, row.projectId)
    const loader = context.loaders.of<ServiceAccountRow>('service-account', (operation, ids) =>
      operation.execute(getServiceAccounts, { ids }),
    )
    const account = await loader.load(serviceAccountId)
    return account && serviceAccountNode(account)
  }

  @FieldResolver(() => ProjectType, {
    nullable: true,
    description:
      'The one project in which it works; null for a personal key that works in all, and when it cannot be seen.',
  })
  async project(@Root() { row }: ApiKeyType, @Ctx() context: GraphQLContext): Promise<ProjectType | null> {
    return loadProject(context, row.projectId)
  }

  @FieldResolver(() => Capability, { description: 'Whether the caller may do something to it, and if not, why.' })
  async viewerCan(
    @Root() key: ApiKeyType,
    @Arg('action', () => ApiKeyActionEnum, { description: 'What.' }) action: ApiKeyAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    const actor = await context.operation.execute(getActor, {})
    const project = key.ownerKind === 'MEMBER' ? null : await loadProjectRow(context, key.row.projectId)
    return capabilityFor(actor, key, project, action)
  }
}

async function loadProject(context: GraphQLContext, id: string | null): Promise<ProjectType | null> {
  const row = await loadProjectRow(context, id)
  return row && projectNode(row)
}

async function loadProjectRow(context: GraphQLContext, id: string | null): Promise<ProjectRow | null> {
  if (!id) return null
  return context.loaders.of<ProjectRow>('project', (operation, ids) => operation.execute(getProjects, { ids })).load(id)
}

function capabilityFor(actor: Actor, key: ApiKeyType, project: ProjectRow | null, action: ApiKeyAction): Capability {
  const permission: Permission = action === 'REVOKE' ? 'api_key.revoke' : 'api_key.create'
  const own = rightsTo(key.row, actor)
  const organizationId = 'organizationId' in actor ? actor.organizationId : null
  const permissionsHere = new Set<string>([...own, ...(project ? permissionsIn(project, actor) : [])])
  if (decide(actor, permission, { organizationId, permissionsHere }) !== 'allowed')
    return denied('MISSING_PERMISSION', `This needs the permission ${permission}; ask an Admin of the organization.`)
  if (action !== 'REVOKE' && actor.kind === 'key')
    return denied('MISSING_PERMISSION', 'API keys cannot make or change keys; sign in to do it.')
  if (action !== 'REVOKE' && key.ownerKind === 'MEMBER' && own.length === 0)
    return denied('MISSING_PERMISSION', 'Only the person for whom a personal key acts changes it; you may revoke it.')
  if (key.status !== 'ACTIVE') return denied('WRONG_STATE', 'The key has ended.')
  if (action === 'ROTATE' && key.row.isRotated)
    return denied('WRONG_STATE', 'The key has been rotated already; rotate its successor.')
  return ALLOWED
}
