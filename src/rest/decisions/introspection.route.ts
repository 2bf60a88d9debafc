import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import { Operation } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { introspectToken, type LiveToken } from '../../modules/decisions'
import { readTokenSubject } from './evaluation-request'
import { callerOfService } from './service-caller'
import type { ServiceOptions } from './service-options'

// RFC 7662 §2.2: an inactive token is answered with nothing else, whatever it was.
const INACTIVE = { active: false }

/**
 * `POST /oauth/introspect` (RFC 7662) for API keys and sessions of organizations. Account sessions are inactive: they
 * carry no organization, so they allow nothing anywhere.
 */
export async function introspectionRoute(app: FastifyInstance, options: ServiceOptions): Promise<void> {
  const { spine, cookies, publicUrl } = options
  await app.register(formbody)
  app.removeContentTypeParser('application/json')
  app.post('/oauth/introspect', async (request, reply) => {
    const { token } = (request.body ?? {}) as { token?: unknown }
    if (typeof token !== 'string' || token === '')
      throw new AppError('INVALID', 'Send the token as the form parameter token.', { path: ['token'] })
    const asked = readTokenSubject(token)
    if (!asked) return reply.send(INACTIVE)
    const live = await new Operation(spine, callerOfService(request, cookies)).execute(introspectToken, asked)
    if (!live) return reply.send(INACTIVE)
    if (live.idle) spine.markActive?.(live.idle, { id: request.id, ip: null, userAgent: null })
    return reply.send(describe(live, asked.organizationId, publicUrl))
  })
}

/** The members of RFC 7662 §2.2, and extension members that name what the token belongs to (docs/decisions.md). */
function describe({ owner, credential, permissions }: LiveToken, organizationId: string, issuer: string): object {
  const { kind, id, issuedAt, expiresAt, projectId } = credential
  const isKey = kind === 'KEY'
  return {
    active: true,
    iss: issuer,
    sub: subjectOf(owner),
    ...(isKey && { client_id: toTypeId('ApiKey', id) }),
    token_type: 'Bearer',
    scope: permissions.join(' '),
    iat: seconds(issuedAt),
    ...(expiresAt !== null && { exp: seconds(expiresAt) }),
    organization_id: toTypeId('Organization', organizationId),
    ...(owner.kind === 'MEMBER' && { member_id: toTypeId('Member', owner.id) }),
    ...(owner.kind === 'SERVICE_ACCOUNT' && { service_account_id: toTypeId('ServiceAccount', owner.id) }),
    ...(projectId !== null && { project_id: toTypeId('Project', projectId) }),
    ...(isKey ? { api_key_id: toTypeId('ApiKey', id) } : { session_id: toTypeId('Session', id) }),
  }
}

/** The person for sessions and personal keys, otherwise the service account or project that the key acts for. */
function subjectOf(owner: LiveToken['owner']): string {
  if (owner.kind === 'MEMBER') return toTypeId('User', owner.userId!)
  return toTypeId(owner.kind === 'PROJECT' ? 'Project' : 'ServiceAccount', owner.id)
}

/** Seconds since 1970; rounded down, so that nobody believes in a token longer than we do. */
function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
