import { SignedXml } from 'xml-crypto'
import { type SelfSigned, selfSignedCertificate } from '../../../src/platform/crypto'
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

/** The text of a response for what is expected, in parts, and the whole made of them. */
export type SamlParts = ReturnType<typeof samlParts>

/**
 * @param expected  what the response answers; hostile parts are changes of it
 * @param assertionId  one that was not used before, where responses are really taken
 */
export function samlParts(expected: SamlExpectation, assertionId = '_assertion1') {
  const { spEntityId, acsUrl, idpEntityId, requestId, now } = expected
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString()
  const NAME_ID = '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">ada-42</saml:NameID>'
  const CONDITIONS = `<saml:Conditions NotBefore="${at(-60)}" NotOnOrAfter="${at(300)}"><saml:AudienceRestriction><saml:Audience>${spEntityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`
  const CONFIRMATION = `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${at(300)}" Recipient="${acsUrl}"/></saml:SubjectConfirmation>`
  const AUTHENTICATION = `<saml:AuthnStatement AuthnInstant="${at(-5)}" SessionIndex="_session1"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`
  const ATTRIBUTES = `<saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>ada@acme.example</saml:AttributeValue></saml:Attribute><saml:Attribute Name="groups"><saml:AttributeValue>staff</saml:AttributeValue><saml:AttributeValue>Ingénieurs &amp; co</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
  const ASSERTION = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${assertionId}" Version="2.0" IssueInstant="${at(-5)}"><saml:Issuer>${idpEntityId}</saml:Issuer><saml:Subject>${NAME_ID}${CONFIRMATION}</saml:Subject>${CONDITIONS}${AUTHENTICATION}${ATTRIBUTES}</saml:Assertion>`
  const RESPONSE = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response1" Version="2.0" IssueInstant="${at(-5)}" Destination="${acsUrl}" InResponseTo="${requestId}"><saml:Issuer>${idpEntityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>%ASSERTION%</samlp:Response>`

  const responseXml = (draft: ResponseDraft = {}): string => {
    const { sign = ['Assertion'], assertion = same, response = same, after = same } = draft
    let xml = response(RESPONSE).replace('%ASSERTION%', () => assertion(ASSERTION))
    for (const part of ['Assertion', 'Response'] as const) if (sign.includes(part)) xml = signed(xml, part, draft)
    return after(xml)
  }
  /** The form field of a response. */
  const responseField = (draft: ResponseDraft = {}): string => Buffer.from(responseXml(draft)).toString('base64')
  return {
    EXPECTED: expected,
    at,
    NAME_ID,
    CONDITIONS,
    CONFIRMATION,
    AUTHENTICATION,
    ATTRIBUTES,
    ASSERTION,
    assertionId,
    responseXml,
    responseField,
  }
}

/** Everything for {@link EXPECTED}. */
export const { at, ASSERTION, ATTRIBUTES, AUTHENTICATION, CONDITIONS, CONFIRMATION, responseXml, responseField } =
  samlParts(EXPECTED)

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
