/** Sessions of one organization: opened by switching or by the organization's own sign-in, ended in one statement. */

export { disableUser } from './disable-user'
export { endAccountSession } from './end-account-session'
export type { EndedSessions } from './ended-sessions.store'
export { getActor } from './get-actor'
export { getMemberSessions, type MemberSession } from './get-member-sessions'
export { markActive } from './mark-active'
export { type OpenedSession, openOrganizationSession } from './open-organization-session'
export { OrganizationSessionEntity } from './organization-session.entity'
export { findOrganizationSession } from './organization-session.store'
export { revokeAllSessions } from './revoke-all-sessions'
export { revokeSession } from './revoke-session'
export { unlinkIdentity } from './unlink-identity'
