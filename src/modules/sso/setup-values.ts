import { toTypeId } from '../../kernel/ids'
import { type GuideValue, setupGuide } from './guides'
import type { IdpVendor, SsoSettings } from './sso-provider.model'

/** A value that the Admin copies to the identity provider. */
export interface SetupValue {
  readonly key: GuideValue
  readonly label: string
  readonly value: string
  readonly help: string | null
}

/** One step of a guide with its values filled in. */
export interface FilledStep {
  readonly key: string
  readonly title: string
  /** Markdown. */
  readonly body: string
  readonly values: readonly SetupValue[]
}

/** Which addresses are whose, in one place: pages, guides and requests are made from it. */
export function ssoAddresses(publicUrl: string, providerId: string) {
  const id = toTypeId('SsoProvider', providerId)
  const [start, oidc, saml] = [`${publicUrl}/sso/${id}`, `${publicUrl}/sso/oidc/${id}`, `${publicUrl}/sso/saml/${id}`]
  return {
    startUrl: `${start}/start`,
    redirectUri: `${oidc}/callback`,
    logoutUri: `${oidc}/backchannel-logout`,
    spEntityId: saml,
    acsUrl: `${saml}/acs`,
    spMetadataUrl: `${saml}/metadata`,
  }
}

/** Where the Admin's browser begins a test. */
export function testStartUrl(publicUrl: string, providerId: string, testRunId: string): string {
  return `${ssoAddresses(publicUrl, providerId).startUrl}?test=${toTypeId('SsoTestRun', testRunId)}`
}

/** Everything that is to be entered at the provider. */
export function setupValues(publicUrl: string, providerId: string, protocol: SsoSettings['protocol']): SetupValue[] {
  const keys: GuideValue[] =
    protocol === 'OIDC'
      ? ['redirectUri', 'signInUrl', 'logoutUri']
      : ['acsUrl', 'spEntityId', 'spMetadataUrl', 'signInUrl']
  return keys.map((key) => valueOf(key, publicUrl, providerId))
}

/** The guide of the vendor with the values of this connection. */
export function filledGuide(
  publicUrl: string,
  provider: { id: string; vendor: IdpVendor; settings: { protocol: SsoSettings['protocol'] } },
): FilledStep[] {
  const { id, vendor, settings } = provider
  return setupGuide(vendor, settings.protocol).steps.map(({ values, ...step }) => ({
    ...step,
    values: values.map((key) => valueOf(key, publicUrl, id)),
  }))
}

/** Of which vendors the base URL is entered with something behind it. Entra follows the RFCs only when it is asked to. */
const SCIM_URL_ENDINGS: Readonly<Partial<Record<IdpVendor, string>>> = { ENTRA: '?aadOptscim062020' }

/**
 * The guide of the vendor for a directory, with what is entered there.
 * @param secret  the token while it is shown, else null
 */
export function filledScimGuide(vendor: IdpVendor, scimBaseUrl: string, secret: string | null): FilledStep[] {
  const values: Partial<Record<GuideValue, string>> = {
    scimBaseUrl: scimBaseUrl + (SCIM_URL_ENDINGS[vendor] ?? ''),
    scimToken: secret ?? '',
  }
  return setupGuide(vendor, 'SCIM').steps.map((step) => ({
    ...step,
    values: step.values.map((key) => ({ key, label: LABELS[key][0], value: values[key] ?? '', help: LABELS[key][1] })),
  }))
}

const LABELS: Readonly<Record<GuideValue, readonly [label: string, help: string | null]>> = {
  redirectUri: ['Redirect URI', 'Exactly this one, and no other.'],
  signInUrl: ['Sign-in page', 'Where a sign-in begins.'],
  logoutUri: ['Back-channel logout URI', 'A sign-out at the provider ends sessions here.'],
  acsUrl: ['ACS URL', 'Also called Reply URL or Single sign-on URL.'],
  spEntityId: ['Entity id', 'Also called Audience URI or Identifier.'],
  spMetadataUrl: ['Metadata URL', 'For providers that read our metadata.'],
  scimBaseUrl: ['SCIM base URL', 'Also called Tenant URL, Endpoint URL or SCIM connector base URL.'],
  scimToken: [
    'SCIM token',
    'Shown once, when it is made. Empty here afterwards: createScimToken makes another one beside it.',
  ],
}

function valueOf(key: GuideValue, publicUrl: string, providerId: string): SetupValue {
  const { startUrl, ...addresses } = ssoAddresses(publicUrl, providerId)
  const values: Partial<Record<GuideValue, string>> = { ...addresses, signInUrl: startUrl }
  const [label, help] = LABELS[key]
  return { key, label, value: values[key] ?? '', help }
}
