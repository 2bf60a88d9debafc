import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { changeSsoProvider, getManagedSsoProvider, importSsoProvider } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { MetadataSource } from './sso-provider.input'
import { loadSsoProvider } from './sso-provider.query'
import { SsoProviderPayload } from './sso-provider.type'

const DISCOVERY = /\/\.well-known\/openid-configuration$/

@Resolver()
export class ImportSsoProviderMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => SsoProviderPayload, {
    nullable: true,
    description: 'Reads SAML metadata or the discovery document of OpenID Connect anew, and changes what is different.',
  })
  async importSsoProvider(
    @Arg('id', () => ID, { description: 'Which connection.' }) id: string,
    @Arg('from', () => MetadataSource, { description: 'Where it stands.' }) { url, xml }: MetadataSource,
    @Ctx() context: GraphQLContext,
  ): Promise<SsoProviderPayload> {
    return payload(async () => {
      const providerId = readId('SsoProvider', id, ['id'])
      const { settings } = await context.operation.execute(getManagedSsoProvider, { providerId })
      const protocol =
        settings.protocol === 'OIDC' && url
          ? { oidc: { issuer: url.replace(DISCOVERY, '') } }
          : { saml: { metadataUrl: url, metadataXml: xml } }
      const change = { providerId, draft: {}, defaultRoleId: null, groupMappings: null }
      await changeSsoProvider(context.operation, context.outside, change, protocol, ['from'], importSsoProvider)
      return { provider: await loadSsoProvider(context, providerId) }
    })
  }
}
