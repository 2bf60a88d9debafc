import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Resolver, Root, registerEnumType } from 'type-graphql'
import { decide, notFound, type Permission } from '../../access'
import { getProjects, type ProjectRow, permissionsIn } from '../../modules/projects'
import {
  countServiceAccounts,
  getServiceAccount,
  listServiceAccounts,
  type ServiceAccountQuery as Query,
} from '../../modules/service-accounts'
import { getActor } from '../../modules/sessions'
import { ALLOWED, Capability, denied } from '../capability.type'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { readId } from '../id'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { ProjectType, projectNode } from '../projects/project.type'
import {
  ServiceAccountConnection,
  ServiceAccountFilterInput,
  ServiceAccountType,
  serviceAccountNode,
} from './service-account.type'

const ServiceAccountActionEnum = {
  UPDATE: 'UPDATE',
  DISABLE: 'DISABLE',
  ENABLE: 'ENABLE',
  DELETE: 'DELETE',
  CREATE_API_KEY: 'CREATE_API_KEY',
} as const
type ServiceAccountAction = keyof typeof ServiceAccountActionEnum
registerEnumType(ServiceAccountActionEnum, {
  name: 'ServiceAccountAction',
  description: 'What can be done to a service account.',
  valuesConfig: {
    UPDATE: { description: 'Rename or describe it, or give it another role.' },
    DISABLE: { description: 'Take it out of use; its keys end.' },
    ENABLE: { description: 'Take it into use again.' },
    DELETE: { description: 'Delete it with its keys.' },
    CREATE_API_KEY: { description: 'Make a key for it.' },
  },
})

@Resolver(() => OrganizationType)
export class OrganizationServiceAccountsQuery {
  @Directive('@can(do: "service_account.read")')
  @FieldResolver(() => ServiceAccountConnection, {
    nullable: true,
    description: 'The service accounts of all projects that the viewer sees, oldest first.',
  })
  async serviceAccounts(
    @Root() _organization: OrganizationType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ServiceAccountFilterInput, { nullable: true, description: 'Everything when absent.' })
    filter: ServiceAccountFilterInput | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ServiceAccountConnection | null> {
    return nullWhenForbidden(context, info, () => {
      const { projectId, ...rest } = filter ?? {}
      const project = projectId ? readId('Project', projectId, ['filter', 'projectId']) : null
      return connection(context, { ...rest, projectId: project }, page)
    })
  }
}

@Resolver(() => ProjectType)
export class ProjectServiceAccountsQuery {
  @Directive('@can(do: "service_account.read")')
  @FieldResolver(() => ServiceAccountConnection, { nullable: true, description: 'Its service accounts, oldest first.' })
  async serviceAccounts(
    @Root() project: ProjectType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ServiceAccountConnection | null> {
    return nullWhenForbidden(context, info, () => connection(context, { projectId: project.row.id }, page))
  }
}

@Resolver(() => ServiceAccountType)
export class ServiceAccountFieldsResolver {
  @FieldResolver(() => ProjectType, { description: 'The one project in which it acts.' })
  async project(@Root() account: ServiceAccountType, @Ctx() context: GraphQLContext): Promise<ProjectType> {
    return projectNode(await projectOf(context, account))
  }

  @FieldResolver(() => Capability, { description: 'Whether the caller may do something to it, and if not, why.' })
  async viewerCan(
    @Root() account: ServiceAccountType,
    @Arg('action', () => ServiceAccountActionEnum, { description: 'What.' }) action: ServiceAccountAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    const actor = await context.operation.execute(getActor, {})
    const permission: Permission = action === 'CREATE_API_KEY' ? 'api_key.create' : 'service_account.manage'
    const organizationId = 'organizationId' in actor ? actor.organizationId : null
    const object = { organizationId, permissionsHere: permissionsIn(await projectOf(context, account), actor) }
    if (decide(actor, permission, object) !== 'allowed')
      return denied('MISSING_PERMISSION', `This needs the permission ${permission}; ask an Admin of the organization.`)
    if (action === 'CREATE_API_KEY' && actor.kind === 'key')
      return denied('MISSING_PERMISSION', 'API keys cannot make keys; sign in to make one.')
    if (account.status === 'DISABLED' && (action === 'DISABLE' || action === 'CREATE_API_KEY'))
      return denied('WRONG_STATE', 'The service account is disabled.')
    if (account.status === 'ACTIVE' && action === 'ENABLE')
      return denied('WRONG_STATE', 'The service account is in use.')
    return ALLOWED
  }
}

/** The service account as the caller sees it. @throws NOT_FOUND, FORBIDDEN */
export async function loadServiceAccount(context: GraphQLContext, id: string): Promise<ServiceAccountType> {
  return serviceAccountNode(await context.operation.execute(getServiceAccount, { serviceAccountId: id }))
}

async function connection(context: GraphQLContext, query: Query, page: PageArgs): Promise<ServiceAccountConnection> {
  const rows = await context.operation.execute(listServiceAccounts, { ...query, page })
  const count = () => context.operation.execute(countServiceAccounts, query)
  return Object.assign(new ServiceAccountConnection(), connectionOf(rows, serviceAccountNode), { count })
}

async function projectOf(context: GraphQLContext, { row }: ServiceAccountType): Promise<ProjectRow> {
  const loader = context.loaders.of<ProjectRow>('project', (operation, ids) => operation.execute(getProjects, { ids }))
  const project = await loader.load(row.projectId)
  if (!project) throw notFound('The project')
  return project
}

registerNode('ServiceAccount', loadServiceAccount)
