import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { type Account, profileOf } from '../account'
import type { Answer } from '../answers'
import { pem } from '../company'
import type { CompanyState } from '../company-state'
import type { AuthnRequest } from './authn-request'
import { loadSamlp, type SamlpOptions } from './load-samlp'

const LIFETIME_SECONDS = 300
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const DENIED = 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed'
const ELSEWHERE = 'https://another-application.example'

/** Makes the response about a person, as XML: signed assertion and signed response, or wrong as it was chosen. */
export async function makeSamlResponse(
  state: CompanyState,
  request: AuthnRequest,
  account: Account,
  answer: Answer,
): Promise<string> {
  const samlp = await loadSamlp()
  const person = answer === 'no-address' ? { ...account, email: '' } : account
  const options = { ...properOptions(state, request, person), ...changesOf(state, answer) }
  const xml = await promisify(samlp.getSamlResponse.bind(samlp))(options, account)
  switch (answer) {
    case 'denied':
      return xml.replace(assertionIn(xml), '')
    case 'tampered':
      return xml.replaceAll(account.subject, 'somebody-else')
    case 'two-assertions':
      return xml.replace(assertionIn(xml), (assertion) => assertion + forged(assertion))
    default:
      return xml
  }
}

function properOptions(state: CompanyState, request: AuthnRequest, account: Account): SamlpOptions {
  const { key } = state.company
  return {
    issuer: state.connection.saml.entityId,
    cert: pem(key.certificate),
    key: key.privateKey,
    audience: request.issuer,
    recipient: request.acsUrl,
    destination: request.acsUrl,
    inResponseTo: request.id,
    lifetimeInSeconds: LIFETIME_SECONDS,
    sessionIndex: `_${randomBytes(16).toString('hex')}`,
    signAssertion: true,
    signResponse: true,
    signatureAlgorithm: 'rsa-sha256',
    digestAlgorithm: 'sha256',
    profileMapper: () => mapperOf(account),
  }
}

function mapperOf(account: Account) {
  const { email, name, groups, given_name: firstName, family_name: lastName } = profileOf(account)
  return {
    getClaims: () => ({ ...(email && { email }), name, firstName, lastName, groups }),
    getNameIdentifier: () => ({ nameIdentifier: account.subject, nameIdentifierFormat: PERSISTENT }),
  }
}

/** What of the options an answer makes wrong. */
function changesOf(state: CompanyState, answer: Answer): Partial<SamlpOptions> {
  switch (answer) {
    case 'denied':
      return { samlStatusCode: DENIED, signAssertion: false, signResponse: false }
    case 'expired':
      return { lifetimeInSeconds: -600 }
    case 'wrong-audience':
      return { audience: ELSEWHERE }
    case 'wrong-recipient':
      return { recipient: `${ELSEWHERE}/acs`, destination: `${ELSEWHERE}/acs` }
    case 'wrong-issuer':
      return { issuer: 'https://another-provider.example' }
    case 'other-request':
      return { inResponseTo: `_${randomBytes(16).toString('hex')}` }
    case 'unasked':
      return { inResponseTo: undefined }
    case 'wrong-key': {
      const { certificate, privateKey } = state.foreignKey()
      return { cert: pem(certificate), key: privateKey }
    }
    case 'unsigned':
      return { signAssertion: false, signResponse: false }
    case 'sha1':
      return { signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' }
    case 'two-assertions':
      return { signResponse: false }
    default:
      return {}
  }
}

function assertionIn(xml: string): string {
  return /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? ''
}

/** The same assertion about an administrator, without a signature. */
function forged(assertion: string): string {
  return assertion
    .replace(/<Signature .*<\/Signature>/s, '')
    .replace(/ID="_/, 'ID="_forged')
    .replace(/(<saml:NameID [^>]*>)[^<]*/, '$1administrator')
}
