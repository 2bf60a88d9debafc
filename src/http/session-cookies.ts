import type { FastifyReply, FastifyRequest } from 'fastify'

/** Sets and clears the two session cookies of a browser. */
export interface SessionCookies {
  readAccount(request: FastifyRequest): string | null
  readOrganization(request: FastifyRequest): string | null
  setAccount(reply: FastifyReply, token: string, expiresAt: Date): void
  setOrganization(reply: FastifyReply, token: string, expiresAt: Date): void
  clearOrganization(reply: FastifyReply): void
  clearAll(reply: FastifyReply): void
}

/**
 * `__Host-` cookies: Secure, no Domain, Path=/ (RFC 6265bis §4.1.3.2). Browsers refuse that prefix on plain http, so
 * development has names of its own, and a production cookie is never read from one of them.
 */
export function createSessionCookies(publicUrl: string): SessionCookies {
  const secure = publicUrl.startsWith('https:')
  const prefix = secure ? '__Host-' : ''
  const account = `${prefix}gatehouse_account`
  const organization = `${prefix}gatehouse_organization`
  // Lax, so that the way back from an identity provider still carries the session; writes are guarded by the origin.
  const options = { path: '/', httpOnly: true, secure, sameSite: 'lax' } as const
  return {
    readAccount: (request) => request.cookies[account] ?? null,
    readOrganization: (request) => request.cookies[organization] ?? null,
    setAccount: (reply, token, expires) => void reply.setCookie(account, token, { ...options, expires }),
    setOrganization: (reply, token, expires) => void reply.setCookie(organization, token, { ...options, expires }),
    clearOrganization: (reply) => void reply.clearCookie(organization, options),
    clearAll: (reply) => void reply.clearCookie(account, options).clearCookie(organization, options),
  }
}
