import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { addSsoCertificate } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadSsoProvider } from './sso-provider.query'
import { SsoProviderPayload } from './sso-provider.type'

@Resolver()
export class AddSsoCertificateMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => SsoProviderPayload, {
    nullable: true,
    description: 'Trusts a further signing certificate of a SAML connection, beside those there are.',
  })
  async addSsoCertificate(
    @Arg('id', () => ID, { description: 'Which connection.' }) id: string,
    @Arg('certificate', () => String, { description: 'PEM or base64.' }) certificate: string,
    @Ctx() context: GraphQLContext,
  ): Promise<SsoProviderPayload> {
    return payload(async () => {
      const providerId = readId('SsoProvider', id, ['id'])
      await context.operation.execute(addSsoCertificate, { providerId, certificate })
      return { provider: await loadSsoProvider(context, providerId) }
    })
  }
}
