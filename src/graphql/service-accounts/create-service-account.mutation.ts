import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { AppError } from '../../kernel/errors'
import { createServiceAccount } from '../../modules/service-accounts'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { ServiceAccountInput } from './service-account.input'
import { ServiceAccountPayload } from './service-account.payload'
import { loadServiceAccount } from './service-account.query'

@Resolver()
export class CreateServiceAccountMutation {
  @Directive('@can(do: "service_account.manage")')
  @Mutation(() => ServiceAccountPayload, {
    nullable: true,
    description: 'Makes a service account in a project; createApiKey makes its keys.',
  })
  async createServiceAccount(
    @Arg('projectId', () => ID, { description: 'In which project.' }) project: string,
    @Arg('input', () => ServiceAccountInput, { description: 'What it is made of.' })
    { roleId: role, ...draft }: ServiceAccountInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ServiceAccountPayload> {
    return payload(async () => {
      const projectId = readId('Project', project, ['projectId'])
      const path = ['input', 'roleId']
      if (!role) throw new AppError('REQUIRED', 'A service account needs a role of scope PROJECT.', { path })
      const roleId = readId('Role', role, path)
      const id = await context.operation.execute(createServiceAccount, { projectId, draft, roleId })
      return { serviceAccount: await loadServiceAccount(context, id) }
    })
  }
}
