import type { FastifyInstance } from 'fastify'
import { anonymousCaller, Operation } from '../../access'
import { KEY_SET_MAX_AGE_SECONDS, publishedKeys, SIGNING_ALGORITHM } from '../../modules/tokens'
import { answerOAuthError } from './oauth-error'
import type { TokenOptions } from './token-options'

/**
 * `/.well-known/jwks.json` (RFC 7517) and what this installation is as an authorization server: RFC 8414, and the same
 * where libraries for OpenID Connect look for it. It issues no ID tokens and has no authorization endpoint, so it is no
 * OpenID provider and says so by what is missing.
 */
export async function wellKnownRoutes(app: FastifyInstance, { spine, tokens }: TokenOptions): Promise<void> {
  app.setErrorHandler(answerOAuthError)
  // Public, and read by applications in browsers too.
  app.addHook('onRequest', async (_request, reply) => void reply.header('access-control-allow-origin', '*'))

  app.get('/.well-known/jwks.json', async (request, reply) => {
    const operation = new Operation(spine, anonymousCaller({ id: request.id, ip: request.ip, userAgent: null }))
    const keys = await operation.execute(publishedKeys, {})
    return reply
      .header('cache-control', `public, max-age=${KEY_SET_MAX_AGE_SECONDS}`)
      .type('application/jwk-set+json')
      .send(JSON.stringify({ keys: keys.map(({ publicKey }) => publicKey) }))
  })

  const metadata = describe(tokens.issuer)
  for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'])
    app.get(path, async (_request, reply) => reply.header('cache-control', 'public, max-age=3600').send(metadata))
}

function describe(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/oauth/token`,
    token_endpoint_auth_methods_supported: ['none'],
    grant_types_supported: ['refresh_token'],
    response_types_supported: [],
    revocation_endpoint: `${issuer}/oauth/revoke`,
    revocation_endpoint_auth_methods_supported: ['none'],
    introspection_endpoint: `${issuer}/oauth/introspect`,
    introspection_endpoint_auth_methods_supported: ['Bearer'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [],
    access_token_signing_alg_values_supported: [SIGNING_ALGORITHM],
    claims_supported: CLAIMS,
  }
}

const CLAIMS = (
  'iss sub aud client_id iat exp jti sid auth_time amr org_id org_slug membership_id connection_id email email_verified ' +
  'roles permissions permissions_omitted projects projects_omitted'
).split(' ')
