import type { FastifyRequest } from 'fastify'
import type { Caller } from '../access'
import { fromTypeId } from '../kernel/ids'
import type { SessionCookies } from './session-cookies'

/** The secrets a request presents, unproven. An Authorization header speaks alone: cookies are then ignored. */
export function callerOf(request: FastifyRequest, cookies: SessionCookies): Caller {
  const facts = { id: request.id, ip: request.ip, userAgent: request.headers['user-agent']?.slice(0, 300) ?? null }
  const bearer = bearerToken(request.headers.authorization)
  if (bearer !== null)
    return {
      accountToken: bearer.startsWith('gas_') ? bearer : null,
      organizationToken: bearer.startsWith('gos_') ? bearer : null,
      apiKey: bearer.startsWith('gak_') ? bearer : null,
      setupToken: bearer.startsWith('gsu_') ? bearer : null,
      operatorKey: bearer.startsWith('gop_') ? bearer : null,
      serviceKey: bearer.startsWith('gsv_') ? bearer : null,
      directory: null,
      operatorOrganizationId: organizationNamedBy(request),
      request: facts,
    }
  return {
    accountToken: cookies.readAccount(request),
    organizationToken: cookies.readOrganization(request),
    apiKey: null,
    setupToken: null,
    operatorKey: null,
    serviceKey: null,
    directory: null,
    operatorOrganizationId: null,
    request: facts,
  }
}

/** True when the request leans on cookies, and so must prove that it comes from a page of ours. */
export function leansOnCookies(request: FastifyRequest, cookies: SessionCookies): boolean {
  if (request.headers.authorization !== undefined) return false
  return cookies.readAccount(request) !== null || cookies.readOrganization(request) !== null
}

// The operator's key opens every organization, so it says by header in which one an object is to be found.
function organizationNamedBy(request: FastifyRequest): string | null {
  const header = request.headers['gatehouse-organization']
  return typeof header === 'string' ? fromTypeId('Organization', header) : null
}

// RFC 6750 §2.1. Any Authorization header silences the cookies, also one of another scheme.
function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null
  return /^Bearer ([\w~+/.-]+=*)$/i.exec(header)?.[1] ?? ''
}
