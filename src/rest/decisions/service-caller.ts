import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../access'
import { callerOf, type SessionCookies } from '../../http'

const callers = new WeakMap<FastifyRequest, Caller>()

/** Who asks by a request: the same object each time, so that its key is held against ours only once. */
export function callerOfService(request: FastifyRequest, cookies: SessionCookies): Caller {
  const known = callers.get(request)
  if (known) return known
  const caller = callerOf(request, cookies)
  callers.set(request, caller)
  return caller
}
