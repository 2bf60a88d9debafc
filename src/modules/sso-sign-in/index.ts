/** Coming in through the company: who a subject is, whom a first sign-in makes a member, and what groups give. */
export { type ExchangeSessionCode, exchangeSessionCode } from './exchange-session-code'
export { findProviderSignOut, type ProviderSignOut } from './find-provider-sign-out'
export { getMemberIdentities } from './list-member-identities'
export { logOutByProvider } from './log-out-by-provider'
export { rightsOf } from './mapped-rights.model'
export { recheckAccess } from './recheck-access'
export { rehearseSignIn } from './rehearse-sign-in'
export {
  type SignInWithSsoIdentity,
  type SsoSignInOutcome,
  signInChangingRights,
  signInWithSsoIdentity,
} from './sign-in-with-sso-identity'
export type { MemberIdentityRow } from './sso-identity.store'
export type { ProvenSsoSignIn, RefusedSignIn } from './sso-sign-in.model'
