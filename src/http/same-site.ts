import type { FastifyRequest } from 'fastify'

/**
 * True when a browser says that a page of somebody else caused the request. Fetch Metadata decides where the browser
 * sends it, the Origin header otherwise; clients that send neither are not browsers and carry no cookies by accident.
 */
export function isFromElsewhere(request: FastifyRequest, allowedOrigins: ReadonlySet<string>): boolean {
  const { origin } = request.headers
  if (origin !== undefined) return !allowedOrigins.has(origin)
  const site = request.headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}
