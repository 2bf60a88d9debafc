import type { FastifyReply } from 'fastify'
import { toTypeId } from '../../kernel/ids'
import { getMemberToLink } from '../../modules/sso'
import { renderMessagePage } from '../pages'
import type { Visit } from '../visit'
import { connectionInPath } from './find-connection'

/** `GET /sso/{ssoProviderId}/link`: says what linking does, to a member who has signed in a moment ago. */
export async function showLink(visit: Visit): Promise<FastifyReply> {
  const { organizationId, provider } = await connectionInPath(visit)
  const { name, email } = await visit.run(getMemberToLink, { organizationId })
  const start = `/sso/${toTypeId('SsoProvider', provider.id)}/start`
  return visit.html(
    renderMessagePage({
      title: 'Link your company’s sign-in',
      signedInAs: name || email,
      whatHappened: `You are signed in as ${email}. Next, sign in with ${provider.name}, as yourself.`,
      whatNext: 'From then on, whoever signs in there as the same person signs in here as you.',
      action: { label: `Sign in with ${provider.name}`, url: `${start}?link=${visit.formToken()}` },
    }),
  )
}
