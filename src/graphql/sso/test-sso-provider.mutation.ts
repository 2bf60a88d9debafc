import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { testSsoProvider } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadSsoTestRun } from './sso-provider.query'
import { SsoTestPayload } from './sso-test-run.type'

@Resolver()
export class TestSsoProviderMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => SsoTestPayload, {
    nullable: true,
    description:
      'Begins a live sign-in with the settings that wait, or those there are. Nobody becomes a member by it. Sign-ins through companies are not served yet: startUrl leads nowhere until then.',
  })
  async testSsoProvider(
    @Arg('id', () => ID, { description: 'Which connection.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<SsoTestPayload> {
    return payload(async () => {
      const providerId = readId('SsoProvider', id, ['id'])
      const testRunId = await context.operation.execute(testSsoProvider, { providerId })
      return { testRun: await loadSsoTestRun(context, testRunId) }
    })
  }
}
