/** The signed-in person: what the account page and the organization switcher show. */
export { getViewer } from './get-viewer'
export type { ViewerIdentity, ViewerMembership, ViewerParts, ViewerSession, ViewerView } from './viewer.store'
