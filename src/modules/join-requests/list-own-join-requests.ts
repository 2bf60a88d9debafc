import { readUseCase } from '../../access'
import {
  findOwnJoinRequests,
  findSuggestions,
  type OrganizationSuggestion,
  type OwnJoinRequest,
} from './own-join-request.store'

/** The newest request of the signed-in person to each organization, newest first; none for nobody. */
export const listOwnJoinRequests = readUseCase({
  name: 'listOwnJoinRequests',
  requires: 'anyone',
  organization: () => null,
  run: async ({ tx, actor }, _input: Record<string, never>): Promise<OwnJoinRequest[]> =>
    actor.kind === 'account' ? findOwnJoinRequests(tx, actor.userId) : [],
})

/**
 * Organizations that the signed-in person may ask to be let in, since they have proven the domain of a verified address
 * of the person and let people ask. Sharing a domain joins nobody by itself.
 */
export const listOrganizationSuggestions = readUseCase({
  name: 'listOrganizationSuggestions',
  requires: 'anyone',
  organization: () => null,
  run: async ({ tx, actor }, _input: Record<string, never>): Promise<OrganizationSuggestion[]> =>
    actor.kind === 'account' ? findSuggestions(tx, actor.userId, null) : [],
})
