import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { setUpSsoProvider } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { CreateSsoProviderInput, readProtocol } from './sso-provider.input'
import { loadSsoProvider } from './sso-provider.query'
import { SsoProviderPayload } from './sso-provider.type'

@Resolver()
export class CreateSsoProviderMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => SsoProviderPayload, {
    nullable: true,
    description: 'Sets up a connection to an identity provider. It signs nobody in until it was tested and activated.',
  })
  async createSsoProvider(
    @Arg('organizationId', () => ID, { description: 'Where.' }) organizationId: string,
    @Arg('input', () => CreateSsoProviderInput, { description: 'What.' }) input: CreateSsoProviderInput,
    @Ctx() context: GraphQLContext,
  ): Promise<SsoProviderPayload> {
    return payload(async () => {
      const { vendor, protocol, defaultRoleId, ...draft } = input
      const providerId = await setUpSsoProvider(context.operation, context.outside, {
        organizationId: readId('Organization', organizationId, ['organizationId']),
        vendor,
        draft,
        defaultRoleId: defaultRoleId ? readId('Role', defaultRoleId, ['input', 'defaultRoleId']) : null,
        protocol: readProtocol(protocol),
      })
      return { provider: await loadSsoProvider(context, providerId) }
    })
  }
}
