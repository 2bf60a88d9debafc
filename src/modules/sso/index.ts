/** Signing in through the company: connections to identity providers, their certificates and tests. */
export type { CertificateRow } from './certificate.model'
export { type DiscoveredOidc, discoverOidc, type OidcIssuer } from './discover-oidc'
export { readSamlMetadata, type SamlMetadata } from './saml-metadata'
export { digestOf, settingsDigest, underTest } from './settings-digest'
export {
  ATTRIBUTE_TARGETS,
  type AttributeMapping,
  type AttributeTarget,
  type IdpVendor,
  type OidcMetadata,
  type OidcSettings,
  type SamlSettings,
  type SsoSettings,
  type SsoStatus,
  secretSealContext,
  USUAL_SOURCES,
} from './sso-provider.model'
export {
  findOrganizationOfSsoProvider,
  findSsoProvider,
  type GroupMappingRow,
  type SsoProviderRow,
} from './sso-provider.store'
