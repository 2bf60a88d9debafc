import { checkAnswers, readAssertion, type SamlExpectation, type SamlIdentity } from './assertion'
import { readMessageText } from './message-text'
import { SamlRefusal } from './refusal'
import { checkSchema } from './schema'
import { type StoredCertificate, verifySignature } from './signature'
import { checkStructure } from './structure'
import { ASSERTION, attributeOf, childrenOf, type Element, PROTOCOL, parseXml, textOf } from './xml'

export type { SamlExpectation, SamlIdentity } from './assertion'
export { SamlRefusal, type SamlRefusalCode } from './refusal'
export { endSchemaChecks } from './schema'
export { fingerprint, type StoredCertificate } from './signature'

/** A SAML sign-in that is proven. */
export interface ProvenSamlSignIn extends SamlIdentity {
  /** Which stored certificate proved it. */
  readonly certificateFingerprint: string
}

const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'

/**
 * The guard around samlify: takes the `SAMLResponse` of a form and gives what the identity provider has really said,
 * or refuses (docs/adr/0014-single-sign-on.md). samlify verifies the signature and nothing else; before it, form, schema and structure
 * leave one possible reading of the message; after it, only the assertion as it was signed is read. Whether the
 * assertion was used before, and whether the browser is the one that began, is for the caller to decide.
 *
 * @param field  the form field as it came
 * @param certificates  those stored for the connection; the first four are tried
 * @throws SamlRefusal  with a code for the Admin; employees are told none of it
 */
export async function readSamlResponse(
  field: unknown,
  certificates: readonly StoredCertificate[],
  expected: SamlExpectation,
): Promise<ProvenSamlSignIn> {
  const xml = readMessageText(field)
  await checkSchema(xml)
  const response = parseXml(xml)
  checkStatus(response)
  const { signatureMethod } = checkStructure(response)
  const verified = verifySignature(xml, { entityId: expected.idpEntityId, certificates }, signatureMethod)
  const identity = readAssertion(verified.xml, expected)
  checkWrapper(response, expected)
  return { ...identity, certificateFingerprint: verified.certificateFingerprint }
}

function checkStatus(response: Element): void {
  const [status] = childrenOf(response, PROTOCOL, 'Status')
  const [code] = status ? childrenOf(status, PROTOCOL, 'StatusCode') : []
  if (!code || attributeOf(code, 'Value') !== SUCCESS)
    throw new SamlRefusal('STATUS', 'The identity provider answers that the sign-in failed there.')
}

/** The Response around the assertion is often not signed: it proves nothing, and must not contradict either. */
function checkWrapper(response: Element, { acsUrl, idpEntityId, requestId }: SamlExpectation): void {
  const destination = attributeOf(response, 'Destination')
  if (destination && destination !== acsUrl)
    throw new SamlRefusal('RECIPIENT', 'The response was sent to another address; compare the ACS URL at the provider.')
  const inResponseTo = attributeOf(response, 'InResponseTo')
  if (inResponseTo) checkAnswers(inResponseTo, requestId)
  const [issuer] = childrenOf(response, ASSERTION, 'Issuer')
  if (issuer && textOf(issuer) !== idpEntityId)
    throw new SamlRefusal('ISSUER', 'The response was issued by another entity than the connection names.')
}
