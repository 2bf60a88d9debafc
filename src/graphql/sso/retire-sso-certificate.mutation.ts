import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { retireSsoCertificate } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadSsoProvider } from './sso-provider.query'
import { SsoProviderPayload } from './sso-provider.type'

@Resolver()
export class RetireSsoCertificateMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => SsoProviderPayload, {
    nullable: true,
    description: 'Stops trusting a signing certificate.',
  })
  async retireSsoCertificate(
    @Arg('id', () => ID, { description: 'Which certificate.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<SsoProviderPayload> {
    return payload(async () => {
      const certificateId = readId('Certificate', id, ['id'])
      const providerId = await context.operation.execute(retireSsoCertificate, { certificateId })
      return { provider: await loadSsoProvider(context, providerId) }
    })
  }
}
