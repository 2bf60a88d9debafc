import type { FastifyInstance } from 'fastify'

const YEAR_SECONDS = 31_536_000

/**
 * Headers for answers that are data: nothing in them is to be run, framed or guessed at. Pages replace the policy by
 * their own.
 *
 * @param isHttps  people reach the installation by https, so browsers are told to insist on it
 */
export function setSecurityHeaders(server: FastifyInstance, isHttps: boolean): void {
  const headers: Record<string, string> = {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Not no-referrer: browsers would then send `Origin: null` with the forms of our own pages.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    ...(isHttps && { 'strict-transport-security': `max-age=${YEAR_SECONDS}` }),
  }
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}
