import type { FastifyReply, FastifyRequest } from 'fastify'
import { randomOctets } from '../kernel/random-octets'

const LIFETIME_SECONDS = 3600
const SECRET = /^[\w-]{43}$/

/**
 * A secret that tells one browser from all others before anybody has signed in. A sign-in and a code can be finished
 * only where they began, so that nobody can be signed in to somebody else's account by a link.
 */
export interface BrowserCookie {
  /** The secret of the browser, or null when it has none. */
  read(request: FastifyRequest): string | null
  /** The same, made if it is missing; it then lives for another hour. */
  ensure(request: FastifyRequest, reply: FastifyReply): string
}

/** `__Host-` on https, as the session cookies. */
export function createBrowserCookie(publicUrl: string): BrowserCookie {
  const secure = publicUrl.startsWith('https:')
  const name = `${secure ? '__Host-' : ''}gatehouse_browser`
  // Lax: the provider's redirect back is a navigation from another site and must carry it.
  const options = { path: '/', httpOnly: true, secure, sameSite: 'lax', maxAge: LIFETIME_SECONDS } as const
  const read = (request: FastifyRequest): string | null => {
    const value = request.cookies[name]
    return value !== undefined && SECRET.test(value) ? value : null
  }
  return {
    read,
    ensure(request, reply) {
      const secret = read(request) ?? randomOctets(32).toString('base64url')
      request.cookies[name] = secret
      reply.setCookie(name, secret, options)
      return secret
    },
  }
}
