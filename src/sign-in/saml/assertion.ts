import { SamlRefusal, type SamlRefusalCode } from './refusal'
import { ASSERTION, attributeOf, childrenOf, type Element, parseXml, textOf } from './xml'

/** What a response must answer, for one connection and one sign-in. */
export interface SamlExpectation {
  readonly idpEntityId: string
  /** Our entity id for this connection; no other connection has it. */
  readonly spEntityId: string
  /** Our assertion consumer service for this connection. */
  readonly acsUrl: string
  /** Id of the AuthnRequest that is answered; null for a response nobody asked for, where the connection allows it. */
  readonly requestId: string | null
  readonly now: Date
}

/** What a verified assertion says of the person. */
export interface SamlIdentity {
  readonly assertionId: string
  /** Until when the assertion could be presented again. */
  readonly assertionExpiresAt: Date
  readonly subject: string
  /** Format of the NameID, e.g. `urn:oasis:names:tc:SAML:2.0:nameid-format:persistent`; null when unspecified. */
  readonly subjectFormat: string | null
  readonly attributes: ReadonlyMap<string, readonly string[]>
  readonly sessionIndex: string | null
  /** The provider wants its session to end then; ours ends no later. */
  readonly sessionExpiresAt: Date | null
  readonly authenticatedAt: Date
}

const SKEW = 60_000
const LONGEST_LIFETIME = 24 * 3_600_000
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const LONGEST_SUBJECT = 256
const MAXIMUM_ATTRIBUTES = 200
const MAXIMUM_VALUES = 1_000

/**
 * Reads a verified assertion and holds it against what was expected (SAML core §2, profiles §4.1.4).
 *
 * @param xml  the assertion as it was signed
 * @throws SamlRefusal  ISSUER, AUDIENCE, RECIPIENT, TIME, CONDITIONS, SUBJECT, AUTHENTICATION or CORRELATION
 */
export function readAssertion(xml: string, expected: SamlExpectation): SamlIdentity {
  const assertion = parseXml(xml)
  if (assertion.localName !== 'Assertion' || assertion.namespaceURI !== ASSERTION)
    throw new SamlRefusal('STRUCTURE', 'What is signed is not an Assertion.')
  if (attributeOf(assertion, 'Version') !== '2.0') throw new SamlRefusal('STRUCTURE', 'The assertion is not SAML 2.0.')
  const id = attributeOf(assertion, 'ID')
  if (!id) throw new SamlRefusal('STRUCTURE', 'The assertion has no ID.')
  if (textOf(the('ISSUER', assertion, 'Issuer')) !== expected.idpEntityId)
    throw new SamlRefusal('ISSUER', 'The assertion was issued by another entity than the connection names.')
  notLater(instant(assertion, 'IssueInstant'), expected.now, 'The assertion was issued in the future.')
  const expiresAt = checkConditions(the('CONDITIONS', assertion, 'Conditions'), expected)
  const subject = the('SUBJECT', assertion, 'Subject')
  const confirmedUntil = checkConfirmation(subject, expected)
  return {
    assertionId: id,
    assertionExpiresAt: new Date(Math.max(expiresAt.getTime(), confirmedUntil.getTime()) + SKEW),
    ...readNameId(the('SUBJECT', subject, 'NameID')),
    attributes: readAttributes(assertion),
    ...readAuthentication(the('AUTHENTICATION', assertion, 'AuthnStatement'), expected.now),
  }
}

/** Everything that limits when and for whom the assertion counts. @returns when it ends */
function checkConditions(conditions: Element, { now, spEntityId }: SamlExpectation): Date {
  const notOnOrAfter = instant(conditions, 'NotOnOrAfter')
  if (attributeOf(conditions, 'NotBefore') !== null)
    notLater(instant(conditions, 'NotBefore'), now, 'The assertion is not valid yet; compare the clocks.')
  notOver(notOnOrAfter, now, 'The assertion has expired; compare the clocks.')
  if (notOnOrAfter.getTime() > now.getTime() + LONGEST_LIFETIME)
    throw new SamlRefusal('CONDITIONS', 'The assertion is valid for more than a day.')
  const restrictions = childrenOf(conditions, ASSERTION, 'AudienceRestriction')
  const known = [...restrictions, ...childrenOf(conditions, ASSERTION, 'OneTimeUse')]
  if (Array.from(conditions.childNodes).filter(({ nodeType }) => nodeType === 1).length > known.length)
    throw new SamlRefusal('CONDITIONS', 'The assertion has a condition that is not understood.')
  const isForUs = restrictions.every((restriction) =>
    childrenOf(restriction, ASSERTION, 'Audience').some((audience) => textOf(audience)?.trim() === spEntityId),
  )
  if (restrictions.length === 0 || !isForUs)
    throw new SamlRefusal('AUDIENCE', 'The assertion is for another audience; compare the entity id at the provider.')
  return notOnOrAfter
}

/** One confirmation at least must be for whoever bears the assertion, here, now, and in answer to our request. */
function checkConfirmation(subject: Element, expected: SamlExpectation): Date {
  const refusals: SamlRefusal[] = []
  for (const confirmation of childrenOf(subject, ASSERTION, 'SubjectConfirmation')) {
    if (attributeOf(confirmation, 'Method') !== BEARER) continue
    try {
      return checkBearer(the('SUBJECT', confirmation, 'SubjectConfirmationData'), expected)
    } catch (error) {
      if (!(error instanceof SamlRefusal)) throw error
      refusals.push(error)
    }
  }
  throw refusals[0] ?? new SamlRefusal('SUBJECT', 'The assertion has no bearer confirmation.')
}

function checkBearer(data: Element, { acsUrl, requestId, now }: SamlExpectation): Date {
  if (attributeOf(data, 'Recipient') !== acsUrl)
    throw new SamlRefusal('RECIPIENT', 'The assertion is for another address; compare the ACS URL at the provider.')
  const notOnOrAfter = instant(data, 'NotOnOrAfter')
  notOver(notOnOrAfter, now, 'The assertion has expired; compare the clocks.')
  if (attributeOf(data, 'NotBefore') !== null)
    throw new SamlRefusal('SUBJECT', 'A bearer confirmation must have no NotBefore (SAML profiles §4.1.4.2).')
  checkAnswers(attributeOf(data, 'InResponseTo'), requestId)
  return notOnOrAfter
}

/** @throws SamlRefusal  CORRELATION, when the response answers another request than ours, or none */
export function checkAnswers(inResponseTo: string | null, requestId: string | null): void {
  if (inResponseTo !== requestId)
    throw new SamlRefusal(
      'CORRELATION',
      requestId === null
        ? 'The response answers a request, but none was made.'
        : 'The response does not answer our request.',
    )
}

function readNameId(nameId: Element): Pick<SamlIdentity, 'subject' | 'subjectFormat'> {
  const subject = textOf(nameId)?.trim() ?? ''
  if (!subject || subject.length > LONGEST_SUBJECT || /\p{Cc}/u.test(subject))
    throw new SamlRefusal('SUBJECT', `The NameID must be text of 1 to ${LONGEST_SUBJECT} characters.`)
  return { subject, subjectFormat: attributeOf(nameId, 'Format') || null }
}

function readAuthentication(
  statement: Element,
  now: Date,
): Pick<SamlIdentity, 'sessionIndex' | 'sessionExpiresAt' | 'authenticatedAt'> {
  const authenticatedAt = instant(statement, 'AuthnInstant')
  notLater(authenticatedAt, now, 'The person signed in in the future; compare the clocks.')
  const hasEnd = attributeOf(statement, 'SessionNotOnOrAfter') !== null
  const sessionExpiresAt = hasEnd ? instant(statement, 'SessionNotOnOrAfter') : null
  if (sessionExpiresAt) notOver(sessionExpiresAt, now, 'The session at the provider is over.')
  return { sessionIndex: attributeOf(statement, 'SessionIndex') || null, sessionExpiresAt, authenticatedAt }
}

/** Attributes by name, in a Map: their names are the provider's. Values that are not text are left out. */
function readAttributes(assertion: Element): Map<string, string[]> {
  const attributes = new Map<string, string[]>()
  let values = 0
  for (const statement of childrenOf(assertion, ASSERTION, 'AttributeStatement'))
    for (const attribute of childrenOf(statement, ASSERTION, 'Attribute')) {
      const name = attributeOf(attribute, 'Name') ?? ''
      const found = childrenOf(attribute, ASSERTION, 'AttributeValue').flatMap((value) => textOf(value) ?? [])
      values += found.length
      attributes.set(name, [...(attributes.get(name) ?? []), ...found])
      if (attributes.size > MAXIMUM_ATTRIBUTES || values > MAXIMUM_VALUES)
        throw new SamlRefusal(
          'SIZE',
          `The assertion has more than ${MAXIMUM_ATTRIBUTES} attributes or ${MAXIMUM_VALUES} values.`,
        )
    }
  return attributes
}

function the(code: SamlRefusalCode, parent: Element, name: string): Element {
  const [only, ...others] = childrenOf(parent, ASSERTION, name)
  if (!only || others.length > 0) throw new SamlRefusal(code, `The assertion must have exactly one ${name}.`)
  return only
}

// SAML core §1.3.3: xs:dateTime in UTC, without another time zone.
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/

function instant(element: Element, attribute: string): Date {
  const text = attributeOf(element, attribute) ?? ''
  const date = new Date(text)
  if (!INSTANT.test(text) || Number.isNaN(date.getTime()))
    throw new SamlRefusal('TIME', `${attribute} of ${element.localName} must be an instant in UTC.`)
  return date
}

function notOver(end: Date, now: Date, message: string): void {
  if (end.getTime() + SKEW <= now.getTime()) throw new SamlRefusal('TIME', message)
}

function notLater(begin: Date, now: Date, message: string): void {
  if (begin.getTime() - SKEW > now.getTime()) throw new SamlRefusal('TIME', message)
}
