import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql'
import { createSetupLink, type SetupIntent } from '../../modules/setup-links'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { setupUrl } from '../setup-url'
import { loadSetupLink } from './setup-link.query'
import { SetupIntentEnum, SetupLinkPayload } from './setup-link.type'

const USUAL_HOURS = 72

@Resolver()
export class CreateSetupLinkMutation {
  @Directive('@can(do: "setup_link.manage")')
  @Mutation(() => SetupLinkPayload, {
    nullable: true,
    description:
      'Makes a link with which somebody who is no member sets up SSO, directories or domains, and does nothing else.',
  })
  async createSetupLink(
    @Arg('organizationId', () => ID, { description: 'Of which organization.' }) id: string,
    @Arg('intents', () => [SetupIntentEnum], { description: 'What it is for; at least one.' }) intents: SetupIntent[],
    @Arg('expiresInHours', () => Int, { defaultValue: USUAL_HOURS, description: 'How long it works: 1 to 720.' })
    expiresInHours: number,
    @Ctx() context: GraphQLContext,
  ): Promise<SetupLinkPayload> {
    return payload(async () => {
      const organizationId = readId('Organization', id, ['organizationId'])
      const { linkId, token } = await context.operation.execute(createSetupLink, {
        organizationId,
        intents,
        expiresInHours,
      })
      return { setupLink: await loadSetupLink(context, linkId), url: setupUrl(context, token) }
    })
  }
}
