import type { FastifyReply } from 'fastify'
import { notFound } from '../../access'
import { requestKeyOf } from '../saml/request-key'
import { spMetadata } from '../saml/sp-metadata'
import type { Visit } from '../visit'
import { connectionInPath } from './find-connection'

/** `GET /sso/saml/{ssoProviderId}/metadata`: what an identity provider may read instead of being told by hand. */
export async function showSpMetadata(visit: Visit): Promise<FastifyReply> {
  const { provider } = await connectionInPath(visit)
  const settings = provider.pendingSettings ?? provider.settings
  if (settings.protocol !== 'SAML') throw notFound('This metadata')
  const certificate = settings.signsRequests ? (await requestKeyOf(visit)).certificate : null
  return visit.reply
    .type('application/samlmetadata+xml; charset=utf-8')
    .send(spMetadata(visit.site.publicUrl, provider.id, certificate))
}
