/** Sessions of one organization: opened by switching or by the organization's own sign-in, ended in one statement. */

export { connectionOf } from './connection-of-session'
export { disableUser } from './disable-user'
export { endAccountSession } from './end-account-session'
export { endOrganizationSession } from './end-organization-session'
export type { EndedSessions } from './ended-sessions.store'
export { getActor } from './get-actor'
export { getEndedSession } from './get-ended-session'
export { getMemberSessions, type MemberSession } from './get-member-sessions'
export { markActive } from './mark-active'
export { type OpenedSession, openOrganizationSession } from './open-organization-session'
export { endOfSsoSession, type OpenSsoSession, openSsoSession } from './open-sso-session'
export { OrganizationSessionEntity } from './organization-session.entity'
export {
  type EndedSession,
  findOrganizationSession,
  holdMemberOfSession,
  idTokenSealContext,
} from './organization-session.store'
export { revokeAllSessions } from './revoke-all-sessions'
export { revokeOrganizationSession } from './revoke-organization-session'
export { revokeOtherOrganizationSessions } from './revoke-other-organization-sessions'
export { revokeSession } from './revoke-session'
export { signInWithIdentity } from './sign-in-with-identity'
export { unlinkIdentity } from './unlink-identity'
