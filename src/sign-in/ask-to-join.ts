import type { FastifyReply } from 'fastify'
import { notFound } from '../access'
import { fromTypeId, toTypeId } from '../kernel/ids'
import {
  cancelJoinRequest,
  createJoinRequest,
  isDeclinedLately,
  listOrganizationSuggestions,
  listOwnJoinRequests,
} from '../modules/join-requests'
import type { AskableOrganization } from './pages'
import type { Visit } from './visit'

/**
 * Organizations that the signed-in person may ask to be let in, and those that they have asked. Only those that have
 * proven the domain of an address which a provider has verified for the person, and let people ask.
 * @param mayJoin  false for whoever has the one organization that the installation allows
 */
export async function askableOrganizations(visit: Visit, mayJoin: boolean): Promise<AskableOrganization[]> {
  const requests = await visit.runOnAccountSide(listOwnJoinRequests, {})
  const waiting = requests.filter(({ status }) => status === 'PENDING')
  const asked = new Set(waiting.map(({ organizationId }) => organizationId))
  const suggestions = mayJoin ? await visit.runOnAccountSide(listOrganizationSuggestions, {}) : []
  return [
    ...waiting.map(({ id, organizationName, domain }) => ({
      name: organizationName,
      domain,
      state: 'WAITING' as const,
      action: `/join-requests/${toTypeId('JoinRequest', id)}/cancel`,
    })),
    ...suggestions
      .filter(({ organizationId }) => !asked.has(organizationId))
      .map(({ organizationId, name, domain }) => {
        const isDeclined = requests.some((each) => each.organizationId === organizationId && isDeclinedLately(each))
        return {
          name,
          domain,
          state: isDeclined ? ('DECLINED' as const) : ('OPEN' as const),
          action: `/join-requests/${toTypeId('Organization', organizationId)}`,
        }
      }),
  ]
}

/** `POST /join-requests/{organizationId}`: asks an organization to be let in. */
export async function askToJoin(visit: Visit): Promise<FastifyReply> {
  const organizationId = fromTypeId('Organization', visit.pathPart('id'))
  if (!organizationId) throw notFound('The organization')
  await visit.runOnAccountSide(createJoinRequest, { organizationId, message: null })
  return visit.goTo('/?notice=asked')
}

/** `POST /join-requests/{joinRequestId}/cancel`: takes an own request back. */
export async function takeRequestBack(visit: Visit): Promise<FastifyReply> {
  const requestId = fromTypeId('JoinRequest', visit.pathPart('id'))
  const own = await visit.runOnAccountSide(listOwnJoinRequests, {})
  const request = own.find(({ id }) => id === requestId)
  if (!request) throw notFound('The request')
  const { id, organizationId } = request
  await visit.runOnAccountSide(cancelJoinRequest, { organizationId, requestId: id })
  return visit.goTo('/?notice=unasked')
}
