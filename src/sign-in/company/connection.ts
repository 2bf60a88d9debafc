import type { SsoProviderRow, SsoSettings } from '../../modules/sso'

/** A connection as one sign-in uses it: a test with what waits, everybody else with what counts. */
export interface Connection<Settings extends SsoSettings = SsoSettings> {
  readonly organizationId: string
  readonly provider: SsoProviderRow
  readonly settings: Settings
  /** Of settings, secret and certificates: the same digest, the same way to speak to the provider. */
  readonly digest: Buffer
  /** DER in base64. */
  readonly certificates: readonly string[]
  /** The client secret, opened; empty for SAML. */
  readonly clientSecret: () => string
}
