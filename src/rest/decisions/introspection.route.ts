import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Operation } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { introspectToken, type LiveToken } from '../../modules/decisions'
import { introspectRefreshToken, type VerifiedAccessToken } from '../../modules/tokens'
import { readToken } from '../../platform/crypto'
import { readTokenSubject, type TokenSubject, verifyPresented } from './presented-tokens'
import { callerOfService } from './service-caller'
import type { ServiceOptions } from './service-options'

// RFC 7662 §2.2: an inactive token is answered with nothing else, whatever it was.
const INACTIVE = { active: false }

/**
 * `POST /oauth/introspect` (RFC 7662) for API keys, sessions of organizations, access tokens and refresh tokens. Every
 * kind is told by its form, so `token_type_hint` changes nothing (§2.1). Account sessions are inactive: they carry no
 * organization, so they allow nothing anywhere.
 */
export async function introspectionRoute(app: FastifyInstance, options: ServiceOptions): Promise<void> {
  await app.register(formbody)
  app.removeContentTypeParser('application/json')
  app.post('/oauth/introspect', async (request, reply) => {
    const { token } = (request.body ?? {}) as { token?: unknown }
    if (typeof token !== 'string' || token === '')
      throw new AppError('INVALID', 'Send the token as the form parameter token.', { path: ['token'] })
    return reply.send((await introspect(request, options, token)) ?? INACTIVE)
  })
}

async function introspect(request: FastifyRequest, options: ServiceOptions, token: string): Promise<object | null> {
  const { spine, cookies, publicUrl } = options
  const operation = new Operation(spine, callerOfService(request, cookies))
  if (token.startsWith('grt_')) return introspectRefresh(operation, token, publicUrl)
  const verified = await verifyPresented(options, request.id, [token])
  const asked = readTokenSubject(token, verified)
  const live = asked && (await operation.execute(introspectToken, asked))
  if (!asked || !live) return null
  if (live.idle) spine.markActive?.(live.idle, { id: request.id, ip: null, userAgent: null })
  return { ...describe(live, asked, publicUrl), ...ownClaims(verified.get(token)) }
}

/** It allows nothing by itself, so it has no scope: it is worth what its session is. */
async function introspectRefresh(operation: Operation, token: string, issuer: string): Promise<object | null> {
  const read = readToken('refreshToken', token)
  if (!read?.organizationId) return null
  const { organizationId, hash: tokenHash } = read
  const found = await operation.execute(introspectRefreshToken, { organizationId, tokenHash })
  if (!found) return null
  const asked: TokenSubject = { organizationId, subject: { kind: 'SESSION', id: found.sessionId } }
  const live = await operation.execute(introspectToken, asked)
  if (!live) return null
  const { scope: _, token_type: __, ...known } = describe(live, asked, issuer)
  return { ...known, aud: found.audience, iat: seconds(found.createdAt), exp: seconds(found.expiresAt) }
}

/** The members of RFC 7662 §2.2, and extension members that name what the token belongs to (docs/decisions.md). */
function describe({ owner, credential, permissions }: LiveToken, { organizationId }: TokenSubject, issuer: string) {
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

/** What an access token says of itself; what it allows is taken from now, not from it. */
function ownClaims(signed: VerifiedAccessToken | undefined): object {
  if (!signed) return {}
  const { aud, client_id, jti, iat, exp } = signed.claims
  return { aud, client_id, jti, iat, exp }
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
