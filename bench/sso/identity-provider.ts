import { createPrivateKey, createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, SignJWT } from 'jose'
import { SignedXml } from 'xml-crypto'
import { selfSignedCertificate } from '../../src/platform/crypto'
import { addressOf, CLIENT_ID, subjectOf, type Target } from './messages'

/** A company's identity provider that lets everybody in at once. */
export interface BenchIdentityProvider {
  readonly issuer: string
  /** DER in base64. */
  readonly certificate: string
  /** The form field of a response, signed as Okta and Entra do: the assertion, RSA-SHA256. */
  samlResponse(target: Target, requestId: string, employee: number): string
  close(): void
}

const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
let assertions = 0

/** Starts one on loopback; its codes are `{employee}.{nonce}`. */
export async function startIdentityProvider(): Promise<BenchIdentityProvider> {
  const { privateKey, certificate } = selfSignedCertificate('bench')
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const key = createPrivateKey(privateKey)
  const jwk = { ...(await exportJWK(createPublicKey(key))), kid: 'one', alg: 'RS256', use: 'sig' }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/keys') return void response.end(JSON.stringify({ keys: [jwk] }))
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const [employee = '', nonce] = (new URLSearchParams(body).get('code') ?? '').split('.')
    const claims = { nonce, email: addressOf(Number(employee)), name: `Employee ${employee}`, auth_time: seconds() }
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(CLIENT_ID)
      .setSubject(subjectOf(Number(employee)))
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .sign(key)
    response.end(JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: token }))
  }
  server.on('request', (request, response) => void answer(request, response))
  return {
    issuer,
    certificate,
    samlResponse: (target, requestId, employee) =>
      Buffer.from(sign(responseXml(issuer, target, requestId, employee), privateKey, certificate)).toString('base64'),
    close: () => void server.close(),
  }
}

function responseXml(issuer: string, { acsUrl, spEntityId }: Target, requestId: string, employee: number): string {
  const at = (offset: number) => new Date(Date.now() + offset * 1000).toISOString()
  assertions += 1
  const id = `_a${process.pid}-${assertions}-${Date.now()}`
  const assertion = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${at(0)}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${subjectOf(employee)}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${at(300)}" Recipient="${acsUrl}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at(-60)}" NotOnOrAfter="${at(300)}"><saml:AudienceRestriction><saml:Audience>${spEntityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(-5)}" SessionIndex="_s${assertions}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>${addressOf(employee)}</saml:AttributeValue></saml:Attribute><saml:Attribute Name="name"><saml:AttributeValue>Employee ${employee}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>`
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r${id}" Version="2.0" IssueInstant="${at(0)}" Destination="${acsUrl}" InResponseTo="${requestId}"><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${assertion}</samlp:Response>`
}

function sign(xml: string, privateKey: string, certificate: string): string {
  const signature = new SignedXml({
    privateKey,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: C14N,
    getKeyInfoContent: () => `<X509Data><X509Certificate>${certificate}</X509Certificate></X509Data>`,
  })
  const assertion = "//*[local-name(.)='Assertion']"
  signature.addReference({
    xpath: assertion,
    transforms: [ENVELOPED, C14N],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  })
  signature.computeSignature(xml, {
    location: { reference: `${assertion}/*[local-name(.)='Issuer']`, action: 'after' },
  })
  return signature.getSignedXml()
}

function seconds(): number {
  return Math.floor(Date.now() / 1000)
}
