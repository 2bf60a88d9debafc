import type { FastifyReply } from 'fastify'
import { notFound } from '../../access'
import { logOutByProvider } from '../../modules/sso-sign-in'
import { SsoRefusal } from '../company/refusal'
import type { OidcConnection } from '../oidc/company-clients'
import type { Visit } from '../visit'
import { connectionFor, connectionInPath } from './find-connection'

/**
 * `POST /sso/oidc/{ssoProviderId}/backchannel-logout`: the provider of a connection says that it has signed somebody out
 * (OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8). 200 when it is done, 400 for a token that does not count; 503
 * when the provider's keys cannot be read, so that it asks again.
 */
export async function backChannelLogout(visit: Visit): Promise<FastifyReply> {
  const found = await connectionInPath(visit)
  const connection = connectionFor(visit, found, 'SIGN_IN')
  if (connection.settings.protocol !== 'OIDC') throw notFound('This way to sign in')
  try {
    await logOut(visit, connection as OidcConnection)
    return visit.reply.code(200).send()
  } catch (error) {
    if (!(error instanceof SsoRefusal)) throw error
    return refuse(visit, error)
  }
}

async function logOut(visit: Visit, connection: OidcConnection): Promise<void> {
  const { organizationId, provider } = connection
  const token = await visit.site.verifyLogoutToken(connection, visit.field('logout_token'))
  // Where another claim than sub is the subject, sub names nobody here; its session does.
  const subject = provider.subjectSource === null || provider.subjectSource === 'sub' ? token.subject : null
  if (subject === null && token.idpSession === null)
    throw new SsoRefusal('TOKEN_INVALID', 'The token names no session, and the subject is another claim than sub.')
  const ended = await visit.runOnAccountSide(logOutByProvider, {
    ...token,
    subject,
    organizationId,
    providerId: provider.id,
  })
  if (ended === null) throw new SsoRefusal('REPLAYED', 'The logout token was used before.')
}

function refuse({ request, reply }: Visit, { code, message, cause }: SsoRefusal): FastifyReply {
  request.log.info({ requestId: request.id, code, err: cause }, 'back-channel logout refused')
  if (code === 'IDP_UNREACHABLE')
    return reply
      .code(503)
      .header('retry-after', '30')
      .send({ error: 'temporarily_unavailable', error_description: message })
  return reply.code(400).send({ error: 'invalid_request', error_description: message })
}
