/** Set-up links: somebody who is no member sets up SSO, directories or domains, and nothing else. */
export { createSetupLink } from './create-setup-link'
export { type IssuedSetupLink, issueSetupLink } from './issue-setup-link'
export { getOwnSetupLink, getSetupLink, listSetupLinks } from './list-setup-links'
export { revokeSetupLink } from './revoke-setup-link'
export { PERMISSIONS_OF_INTENT, type SetupIntent } from './setup-link.model'
export { findSetupActor, isFirstAdmin, markSetupLinkUsed, type SetupLinkRow } from './setup-link.store'
