import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { findInvitations, findInvitationsOfMembers, type InvitationRow } from './invitation.store'

/** Invitations of the caller's organization by id, at most 500; unknown ids are left out. */
export const getInvitations = readUseCase({
  name: 'getInvitations',
  requires: 'invitation.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, InvitationRow>> =>
    findInvitations(tx, organizationId, ids),
})

/** The newest invitation of each of these members, by member id, at most 500. */
export const getInvitationsOfMembers = readUseCase({
  name: 'getInvitationsOfMembers',
  requires: 'invitation.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { memberIds }: { memberIds: readonly string[] }): Promise<Map<string, InvitationRow>> =>
    findInvitationsOfMembers(tx, organizationId, memberIds),
})
