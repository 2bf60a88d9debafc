import { IdentityProvider, ServiceProvider } from 'samlify'
import { RecentlyUsed } from '../../kernel/recently-used'
import { type SamlSettings, ssoAddresses } from '../../modules/sso'
import { escapeXml } from './escape-xml'
import type { RequestKey } from './request-key'

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings'
const MOST_KEPT = 1_000
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** A request that is to be made. */
export interface AuthnRequestDraft {
  readonly publicUrl: string
  readonly providerId: string
  readonly settings: SamlSettings
  /** An NCName of 128 random bits or more; also sent as RelayState. */
  readonly requestId: string
  readonly now: Date
  /** Null where the provider wants no signature. */
  readonly key: RequestKey | null
  /** The provider is to ask the person anew. */
  readonly asksAnew: boolean
}

/**
 * Where to send the browser with an AuthnRequest (SAML core §3.4.1, bindings §3.4). samlify deflates and signs; what it
 * knows of either side is metadata that we write.
 */
export function authnRequestUrl(draft: AuthnRequestDraft): string {
  const { settings, requestId, key } = draft
  const { spEntityId, acsUrl } = ssoAddresses(draft.publicUrl, draft.providerId)
  const { idpEntityId, ssoUrl } = settings
  const parties = [idpEntityId, ssoUrl, spEntityId, acsUrl, key?.certificate]
  const { idp, sp } = PARTIES.get(JSON.stringify(parties), () => partiesOf(settings, { spEntityId, acsUrl }, key))
  const context = requestXml(draft, { spEntityId, acsUrl })
  const { context: address } = sp.createLoginRequest(idp, 'redirect', {
    relayState: requestId,
    customTagReplacement: () => ({ id: requestId, context }),
  })
  return address
}

const PARTIES = new RecentlyUsed<ReturnType<typeof partiesOf>>(MOST_KEPT)

/** Both sides as samlify knows them, for as long as nothing of them changes. */
function partiesOf(
  settings: SamlSettings,
  { spEntityId, acsUrl }: { spEntityId: string; acsUrl: string },
  key: RequestKey | null,
) {
  const isSigned = key !== null
  const idp = IdentityProvider({
    metadata: `<EntityDescriptor xmlns="${METADATA}" entityID="${escapeXml(settings.idpEntityId)}"><IDPSSODescriptor WantAuthnRequestsSigned="${isSigned}" protocolSupportEnumeration="${PROTOCOL}"><SingleSignOnService Binding="${BINDINGS}:HTTP-Redirect" Location="${escapeXml(settings.ssoUrl)}"/></IDPSSODescriptor></EntityDescriptor>`,
  })
  const sp = ServiceProvider({
    metadata: `<EntityDescriptor xmlns="${METADATA}" entityID="${escapeXml(spEntityId)}"><SPSSODescriptor AuthnRequestsSigned="${isSigned}" protocolSupportEnumeration="${PROTOCOL}"><AssertionConsumerService Binding="${BINDINGS}:HTTP-POST" Location="${escapeXml(acsUrl)}" index="0"/></SPSSODescriptor></EntityDescriptor>`,
    ...(key && { privateKey: key.privateKey, requestSignatureAlgorithm: RSA_SHA256 }),
  })
  return { idp, sp }
}

function requestXml(
  { settings, requestId, now, asksAnew }: AuthnRequestDraft,
  { spEntityId, acsUrl }: { spEntityId: string; acsUrl: string },
): string {
  const format = settings.nameIdFormat ? ` Format="${escapeXml(settings.nameIdFormat)}"` : ''
  const force = asksAnew ? ' ForceAuthn="true"' : ''
  return `<samlp:AuthnRequest xmlns:samlp="${PROTOCOL}" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${requestId}" Version="2.0" IssueInstant="${now.toISOString()}" Destination="${escapeXml(settings.ssoUrl)}" ProtocolBinding="${BINDINGS}:HTTP-POST"${force} AssertionConsumerServiceURL="${escapeXml(acsUrl)}"><saml:Issuer>${escapeXml(spEntityId)}</saml:Issuer><samlp:NameIDPolicy${format} AllowCreate="true"/></samlp:AuthnRequest>`
}
