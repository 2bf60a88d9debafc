import type { FastifyReply, FastifyRequest } from 'fastify'
import { type EndedSession, getEndedSession } from '../modules/sessions'
import { readToken } from '../platform/crypto'
import { type MessagePageProps, renderMessagePage, withReturnTo } from './pages'
import type { Visit } from './visit'

/**
 * The page for a browser whose session of an organization has ended while it was open, said once: why nothing is shown any
 * more, and who can help. Null for a browser without one; it is to sign in.
 */
export async function showEndedSession(visit: Visit): Promise<FastifyReply | null> {
  const presented = visit.site.cookies.readOrganization(visit.request)
  const token = presented ? readToken('organizationSession', presented) : null
  if (!token?.organizationId) return null
  const { organizationId, hash: tokenHash } = token
  const ended = await visit.runOnAccountSide(getEndedSession, { organizationId, tokenHash })
  if (!ended) return null
  visit.continueWith({ organization: null })
  return visit.html(renderMessagePage(messageOf(ended, visit.request)), 401)
}

function messageOf(
  { organizationName, slug, memberStatus }: EndedSession,
  { method, url }: FastifyRequest,
): MessagePageProps {
  if (memberStatus === 'REMOVED')
    return {
      title: 'Your access has ended',
      whatHappened: `You are no longer a member of ${organizationName}.`,
      whatNext: `If that is a mistake, ask an Admin of ${organizationName}: they can let you in again.`,
      action: null,
    }
  if (memberStatus === 'SUSPENDED')
    return {
      title: 'Your access is suspended',
      whatHappened: `Your access to ${organizationName} is suspended.`,
      whatNext: `Ask an Admin of ${organizationName}: they can give it back.`,
      action: null,
    }
  return {
    title: 'Your session has ended',
    whatHappened: `You are no longer signed in to ${organizationName}.`,
    whatNext: 'The session was too old, or you, an Admin or your company’s sign-in have ended it.',
    action: {
      label: 'Sign in again',
      url: withReturnTo(`/login/${encodeURIComponent(slug)}`, method === 'GET' ? url : '/'),
    },
  }
}
