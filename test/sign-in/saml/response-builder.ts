import { SignedXml } from 'xml-crypto'
import { type SelfSigned, selfSignedCertificate } from '../../../src/dev/self-signed-certificate'
import type { SamlExpectation } from '../../../src/sign-in/saml'

/*
 * Builds SAML responses, honest and hostile. Everything is text with holes, so that a test changes exactly what it is
 * about, before or after the signatures are made.
 */

export const NOW = new Date('2026-05-04T10:00:00Z')
export const EXPECTED: SamlExpectation = {
  idpEntityId: 'https://idp.acme.example/metadata',
  spEntityId: 'https://gatehouse.example/sso/saml/sso_1',
  acsUrl: 'https://gatehouse.example/sso/saml/sso_1/acs',
  requestId: '_request1',
  now: NOW,
}

/** The identity provider's key, another of it for a roll-over, and somebody else's. */
export const KEYS = {
  acme: selfSignedCertificate('acme'),
  next: selfSignedCertificate('acme next'),
  attacker: selfSignedCertificate('attacker'),
  small: selfSignedCertificate('small', { bits: 1024 }),
}

export type SignedPart = 'Assertion' | 'Response'

export interface ResponseDraft {
  sign?: readonly SignedPart[]
  key?: SelfSigned
  hasKeyInfo?: boolean
  signatureAlgorithm?: string
  digestAlgorithm?: string
  /** Changes of the parts before they are signed. */
  assertion?: (xml: string) => string
  response?: (xml: string) => string
  /** Changes of the whole after everything is signed. */
  after?: (xml: string) => string
}

export const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000).toISOString()

export const NAME_ID = '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">ada-42</saml:NameID>'
export const CONDITIONS = `<saml:Conditions NotBefore="${at(-60)}" NotOnOrAfter="${at(300)}"><saml:AudienceRestriction><saml:Audience>${EXPECTED.spEntityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`
export const CONFIRMATION = `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="_request1" NotOnOrAfter="${at(300)}" Recipient="${EXPECTED.acsUrl}"/></saml:SubjectConfirmation>`
export const AUTHENTICATION = `<saml:AuthnStatement AuthnInstant="${at(-5)}" SessionIndex="_session1"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`
export const ATTRIBUTES = `<saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>ada@acme.example</saml:AttributeValue></saml:Attribute><saml:Attribute Name="groups"><saml:AttributeValue>staff</saml:AttributeValue><saml:AttributeValue>Ingénieurs &amp; co</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
export const ASSERTION = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_assertion1" Version="2.0" IssueInstant="${at(-5)}"><saml:Issuer>${EXPECTED.idpEntityId}</saml:Issuer><saml:Subject>${NAME_ID}${CONFIRMATION}</saml:Subject>${CONDITIONS}${AUTHENTICATION}${ATTRIBUTES}</saml:Assertion>`
const RESPONSE = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response1" Version="2.0" IssueInstant="${at(-5)}" Destination="${EXPECTED.acsUrl}" InResponseTo="_request1"><saml:Issuer>${EXPECTED.idpEntityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>%ASSERTION%</samlp:Response>`

/** The form field of a response. */
export function responseField(draft: ResponseDraft = {}): string {
  return Buffer.from(responseXml(draft)).toString('base64')
}

export function responseXml(draft: ResponseDraft = {}): string {
  const { sign = ['Assertion'], assertion = same, response = same, after = same } = draft
  let xml = response(RESPONSE).replace('%ASSERTION%', () => assertion(ASSERTION))
  for (const part of ['Assertion', 'Response'] as const) if (sign.includes(part)) xml = signed(xml, part, draft)
  return after(xml)
}

/** The signature of the assertion as it stands in a document. */
export function signatureIn(xml: string): string {
  return /<ds:Signature .*?<\/ds:Signature>/s.exec(xml)![0]
}

function signed(xml: string, part: SignedPart, draft: ResponseDraft): string {
  const { key = KEYS.acme, hasKeyInfo = true } = draft
  const signer = new SignedXml({
    privateKey: key.privateKey,
    publicCert: pem(key.certificate),
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
    signatureAlgorithm: draft.signatureAlgorithm ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    ...(!hasKeyInfo && { getKeyInfoContent: () => null }),
  })
  const xpath = part === 'Assertion' ? "//*[local-name(.)='Assertion']" : "/*[local-name(.)='Response']"
  signer.addReference({
    xpath,
    digestAlgorithm: draft.digestAlgorithm ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  })
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' },
  })
  return signer.getSignedXml()
}

function pem(certificate: string): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`
}

function same(xml: string): string {
  return xml
}
