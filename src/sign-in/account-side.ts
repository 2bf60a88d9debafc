import type { ViewerParts } from '../modules/viewer'

/** The person without any of the lists. */
export const ACCOUNT_SIDE: ViewerParts = {
  activeOrganization: false,
  memberships: false,
  sessions: false,
  identities: false,
}
