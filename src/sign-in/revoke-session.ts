import type { FastifyReply } from 'fastify'
import { notFound } from '../access'
import { fromTypeId } from '../kernel/ids'
import { revokeSession } from '../modules/sessions'
import type { Visit } from './visit'

/** `POST /sessions/{id}/revoke`: ends one of the person's own sessions. */
export async function revokeOwnSession(visit: Visit): Promise<FastifyReply> {
  const sessionId = fromTypeId('Session', visit.pathPart('id'))
  if (!sessionId) throw notFound('The session')
  await visit.runOnAccountSide(revokeSession, { sessionId })
  return visit.goTo('/?notice=revoked')
}
