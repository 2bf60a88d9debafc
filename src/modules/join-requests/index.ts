/** Join requests: people with an address of a proven domain ask to be let in, and an Admin decides. */
export { cancelJoinRequest } from './cancel-join-request'
export { createJoinRequest, isDeclinedLately } from './create-join-request'
export { type DecidedJoinRequest, decideJoinRequests } from './decide-join-requests'
export { joinRequestDecidedMail, joinRequestMail } from './join-request.mail'
export type { JoinRequestRow, JoinRequestStatus } from './join-request.store'
export { getJoinRequests, listJoinRequests } from './list-join-requests'
export { listOrganizationSuggestions, listOwnJoinRequests } from './list-own-join-requests'
export type { OrganizationSuggestion, OwnJoinRequest } from './own-join-request.store'
