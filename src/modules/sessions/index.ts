/** Sessions of one organization: opened by switching or by the organization's own sign-in, ended in one statement. */

export { getActor } from './get-actor'
export { type OpenedSession, openOrganizationSession } from './open-organization-session'
export { OrganizationSessionEntity } from './organization-session.entity'
export { findOrganizationSession } from './organization-session.store'
