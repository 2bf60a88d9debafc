import { AppError } from '../../kernel/errors'
import { attributeOf, checkMarkup, childrenOf, type Element, elementsIn, parseXml, XmlError } from '../../platform/xml'
import { readProviderUrl } from './provider-url'
import { readSigningCertificates, type SigningCertificate } from './signing-certificate'

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#'
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const MAXIMUM_BYTES = 256 * 1024
const MAXIMUM_ELEMENTS = 2_000
const LONGEST_ENTITY_ID = 1_024

/** What is taken from the metadata of a SAML identity provider; the document itself is not kept. */
export interface SamlMetadata {
  readonly idpEntityId: string
  /** Single sign-on service with the binding HTTP-Redirect. */
  readonly ssoUrl: string
  /** The provider wants signed requests. */
  readonly signsRequests: boolean
  /** One to four. */
  readonly certificates: readonly SigningCertificate[]
}

/**
 * Reads the metadata of one identity provider (SAML metadata §2.3, §2.4). Only the descriptor of an identity provider is
 * looked at: Entra writes RoleDescriptors of WS-Federation beside it. Its own signature is not verified; what is read is
 * shown to the Admin and counts after a passed test.
 *
 * @param text  at most 256 KiB
 * @throws INVALID  it is not such metadata, or offers no sign-in that is taken
 * @throws TOO_LONG, TOO_MANY
 */
export function readSamlMetadata(
  text: string,
  place: { allowsLoopback: boolean; path: readonly string[] },
): SamlMetadata {
  const refuse = (message: string): never => {
    throw new AppError('INVALID', message, { path: place.path })
  }
  if (Buffer.byteLength(text) > MAXIMUM_BYTES)
    throw new AppError('TOO_LONG', 'Metadata of one identity provider has at most 256 KiB.', { path: place.path })
  const root = parse(text.replace(/^\uFEFF/, '').trim(), refuse)
  if (root.namespaceURI === METADATA && root.localName === 'EntitiesDescriptor')
    refuse('The metadata describes several providers; take out the EntityDescriptor of yours.')
  if (root.namespaceURI !== METADATA || root.localName !== 'EntityDescriptor')
    refuse('This is not SAML metadata: its root must be an EntityDescriptor.')
  const idpEntityId = attributeOf(root, 'entityID') ?? ''
  if (!idpEntityId || idpEntityId.length > LONGEST_ENTITY_ID || /[\p{Cc}\s]/u.test(idpEntityId))
    refuse(`The entityID must have 1 to ${LONGEST_ENTITY_ID} characters without spaces.`)
  const [descriptor, ...others] = childrenOf(root, METADATA, 'IDPSSODescriptor').filter(speaksSaml2)
  if (!descriptor || others.length > 0)
    return refuse('The metadata must describe exactly one SAML 2.0 identity provider.')
  const texts = childrenOf(descriptor, METADATA, 'KeyDescriptor').filter(isForSigning).flatMap(certificatesIn)
  if (texts.length === 0) refuse('The metadata names no signing certificate (X509Certificate).')
  return {
    idpEntityId,
    ssoUrl: signInUrl(descriptor, place) ?? refuse('The provider offers no sign-in by HTTP-Redirect.'),
    signsRequests: ['true', '1'].includes(attributeOf(descriptor, 'WantAuthnRequestsSigned') ?? ''),
    certificates: readSigningCertificates(texts, place.path),
  }
}

function parse(text: string, refuse: (message: string) => never): Element {
  try {
    checkMarkup(text, MAXIMUM_ELEMENTS)
    return parseXml(text)
  } catch (error) {
    if (error instanceof XmlError) return refuse(`The metadata ${error.message}`)
    throw error
  }
}

function speaksSaml2(descriptor: Element): boolean {
  return (attributeOf(descriptor, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(PROTOCOL)
}

// SAML metadata §2.4.1.1: a key without a use is for both.
function isForSigning(key: Element): boolean {
  const use = attributeOf(key, 'use')
  return use === null || use === 'signing'
}

function certificatesIn(key: Element): string[] {
  return elementsIn(key)
    .filter(({ localName, namespaceURI }) => localName === 'X509Certificate' && namespaceURI === SIGNATURE)
    .map((element) => element.textContent ?? '')
}

function signInUrl(
  descriptor: Element,
  place: { allowsLoopback: boolean; path: readonly string[] },
): string | undefined {
  const services = childrenOf(descriptor, METADATA, 'SingleSignOnService')
  const service = services.find((candidate) => attributeOf(candidate, 'Binding') === REDIRECT)
  return service && readProviderUrl(attributeOf(service, 'Location') ?? '', 'The sign-in URL', place).href
}
