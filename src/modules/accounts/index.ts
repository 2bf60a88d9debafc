/** People, their identities and their account sessions. Knows nothing of organizations. */
export { AccountSessionEntity } from './account-session.entity'
export { findAccountSession } from './account-session.store'
export { IdentityEntity } from './identity.entity'
export { UserEntity } from './user.entity'
