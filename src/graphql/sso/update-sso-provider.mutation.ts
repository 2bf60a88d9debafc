import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql'
import { changeSsoProvider } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { readGroupMappings, readProtocol, UpdateSsoProviderInput } from './sso-provider.input'
import { loadSsoProvider } from './sso-provider.query'
import { SsoProviderPayload } from './sso-provider.type'

@Resolver()
export class UpdateSsoProviderMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => SsoProviderPayload, {
    nullable: true,
    description:
      'Changes a connection. Endpoints and secret of an active one stay as they are until a test of the new ones has passed; new certificates are trusted beside the old ones.',
  })
  async updateSsoProvider(
    @Arg('id', () => ID, { description: 'Which connection.' }) id: string,
    @Arg('input', () => UpdateSsoProviderInput, { description: 'What to change.' }) input: UpdateSsoProviderInput,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'Refuse when it is at another version.' })
    expectedVersion: number | null,
    @Ctx() context: GraphQLContext,
  ): Promise<SsoProviderPayload> {
    return payload(async () => {
      const { protocol, defaultRoleId, groupMappings, ...draft } = input
      const change = {
        providerId: readId('SsoProvider', id, ['id']),
        draft,
        defaultRoleId: defaultRoleId ? readId('Role', defaultRoleId, ['input', 'defaultRoleId']) : null,
        groupMappings: readGroupMappings(groupMappings),
        expectedVersion,
      }
      await changeSsoProvider(context.operation, context.outside, change, protocol ? readProtocol(protocol) : null)
      return { provider: await loadSsoProvider(context, change.providerId) }
    })
  }
}
