/** Signing in through the company: connections to identity providers, their certificates and tests. */

export { activateProviders, activateSsoProvider, isReadyForUse } from './activate-sso-provider'
export { addSsoCertificate } from './add-sso-certificate'
export type { UpdateSsoProvider } from './apply-sso-changes'
export { type BeginSsoSignIn, beginSsoSignIn } from './begin-sso-sign-in'
export type { CertificateRow } from './certificate.model'
export { certificateExpiringMail } from './certificate-expiring.mail'
export { changeSsoProvider, getManagedSsoProvider } from './change-sso-provider'
export { markCertificateUsed } from './change-sso-provider.store'
export { setUpSsoProvider } from './create-sso-provider'
export { deleteSsoProvider } from './delete-sso-provider'
export { disableSsoProvider } from './disable-sso-provider'
export { type DiscoveredOidc, discoverOidc, type OidcIssuer } from './discover-oidc'
export { findConnection, findOrganizationOfConnection } from './find-connection'
export { findOrganizationOfAddress, findWaysIn } from './find-ways-in'
export { getMemberToLink, type MemberWhoLinks } from './get-member-to-link'
export type { GroupMappingInput } from './group-mappings'
export { type GuideStep, type GuideValue, SETUP_GUIDES, type SetupGuide } from './guides'
export { importSsoProvider } from './import-sso-provider'
export { findWaitingSignIn, keepSamlAnswer } from './keep-saml-answer'
export { getSsoProvider, getSsoTestRun, getSsoTestRuns, listSsoProviders } from './list-sso-providers'
export { getRefusedSignIns, noteRefusedSignIn } from './note-refused-sign-in'
export { hasSource, personOf, type ReceivedClaims, type SsoPerson } from './person.model'
export type { OidcInput, ProtocolInput, SamlInput } from './resolve-settings'
export { retireSsoCertificate } from './retire-sso-certificate'
export { readSamlMetadata, type SamlMetadata } from './saml-metadata'
export { findSamlRequestKey, makeSamlRequestKey, requestKeySealContext } from './saml-request-key'
export { listReturnUrls, setReturnUrls } from './set-return-urls'
export { digestOf, settingsDigest, underTest } from './settings-digest'
export { filledGuide, filledScimGuide, type SetupValue, setupValues, ssoAddresses, testStartUrl } from './setup-values'
export { answerSealContext, attemptSealContext, type SsoIntent, type TakenSsoAttempt } from './sso-attempt.store'
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
  listSsoProviderRows,
  type SsoProviderRow,
} from './sso-provider.store'
export type { SsoProviderDraft } from './sso-provider-draft.model'
export { type RefusalDescription, SSO_REFUSALS, type SsoRefusalCode } from './sso-refusal.model'
export type { SsoRefusalDraft, SsoRefusalRow } from './sso-refusal.store'
export { findSsoTestRun, type SsoTestFindings, type SsoTestRunRow, type SsoTestStep } from './sso-test-run.store'
export { type TakenSsoSignIn, takeSsoSignIn } from './take-sso-sign-in'
export { type FinishTest, finishTest, recordTestStep, testSsoProvider } from './test-sso-provider'
export { watchConnections } from './warn-of-certificate'
export type { WaysIn } from './ways-in.store'
