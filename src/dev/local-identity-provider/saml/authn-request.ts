import { inflateRawSync } from 'node:zlib'
import { attributeOf, checkMarkup, childrenOf, parseXml, textOf } from '../../../platform/xml'

/** What an AuthnRequest asks for (SAML core §3.4.1). */
export type AuthnRequest = {
  id: string
  /** Entity id of the application */
  issuer: string
  acsUrl: string
}

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'
const MAXIMUM_BYTES = 64 * 1024
const MAXIMUM_ELEMENTS = 200

/**
 * Reads the request of the binding HTTP-Redirect (SAML bindings §3.4). Its signature is not checked: anybody may ask,
 * and is answered at an address of Gatehouse only.
 *
 * @throws  Error that says what is wrong
 */
export function readAuthnRequest(parameters: URLSearchParams): AuthnRequest {
  const packed = Buffer.from(parameters.get('SAMLRequest') ?? '', 'base64')
  if (packed.length === 0) throw new Error('There is no SAMLRequest.')
  const xml = inflateRawSync(packed, { maxOutputLength: MAXIMUM_BYTES }).toString('utf8')
  checkMarkup(xml, MAXIMUM_ELEMENTS)
  const root = parseXml(xml)
  if (root.namespaceURI !== PROTOCOL || root.localName !== 'AuthnRequest')
    throw new Error('The SAMLRequest is no AuthnRequest.')
  const [issuer] = childrenOf(root, ASSERTION, 'Issuer')
  const id = attributeOf(root, 'ID')
  const acsUrl = attributeOf(root, 'AssertionConsumerServiceURL')
  const issuerText = issuer && textOf(issuer)
  if (!id || !acsUrl || !issuerText)
    throw new Error('The AuthnRequest needs an ID, an Issuer and an AssertionConsumerServiceURL.')
  return { id, acsUrl, issuer: issuerText }
}
