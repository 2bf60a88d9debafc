import { KEYS, type ResponseDraft, type SamlParts, signatureIn } from './response-builder'

/*
 * What the guard takes and what it refuses, for any connection and any request: the same rows are held against the guard
 * alone and against the assertion consumer service of a whole Gatehouse.
 */

/** Changes a part of a document that must be there. */
export const replaced = (from: string, to: string) => (xml: string) => {
  if (!xml.includes(from)) throw new Error(`Nothing to change: ${from}`)
  return xml.replace(from, () => to)
}

/** Responses that are taken, by name. */
export function takenResponses({ EXPECTED, at }: SamlParts): [string, ResponseDraft][] {
  return [
    ['a signed assertion', {}],
    ['a signed response', { sign: ['Response'] }],
    ['both signed', { sign: ['Assertion', 'Response'] }],
    [
      'RSA with SHA-512',
      {
        signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
        digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha512',
      },
    ],
    ['no KeyInfo', { hasKeyInfo: false }],
    ['an XML declaration', { after: (xml: string) => `<?xml version="1.0" encoding="UTF-8"?>${xml}` }],
    ['no Destination', { response: replaced(` Destination="${EXPECTED.acsUrl}"`, '') }],
    ['no SessionIndex', { assertion: replaced(' SessionIndex="_session1"', '') }],
    ['a time that began 30 seconds ahead', { assertion: replaced(`NotBefore="${at(-60)}"`, `NotBefore="${at(30)}"`) }],
  ]
}

/** Responses that are refused, by name, with the code of the refusal. */
export function refusedResponses(parts: SamlParts): [string, ResponseDraft, string][] {
  const { EXPECTED, AUTHENTICATION, CONDITIONS, CONFIRMATION, at } = parts
  const EVIL = evilOf(parts)
  return [
    ['nothing signed', { sign: [] }, 'STRUCTURE'],
    ["an attacker's key", { key: KEYS.attacker }, 'SIGNATURE'],
    ["an attacker's key without KeyInfo", { key: KEYS.attacker, hasKeyInfo: false }, 'SIGNATURE'],
    ['a changed NameID', { after: replaced('ada-42', 'admin') }, 'SIGNATURE'],
    ['a changed attribute', { after: replaced('staff', 'admins') }, 'SIGNATURE'],
    ['SHA-1', { signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }, 'ALGORITHM'],
    ['a SHA-1 digest', { digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' }, 'ALGORITHM'],
    [
      'expired conditions',
      { assertion: replaced(`NotOnOrAfter="${at(300)}"><saml:Aud`, `NotOnOrAfter="${at(-61)}"><saml:Aud`) },
      'TIME',
    ],
    ['conditions that begin later', { assertion: replaced(`NotBefore="${at(-60)}"`, `NotBefore="${at(61)}"`) }, 'TIME'],
    ['no conditions', { assertion: replaced(CONDITIONS, '') }, 'CONDITIONS'],
    [
      'conditions without an end',
      { assertion: replaced(` NotOnOrAfter="${at(300)}"><saml:Aud`, '><saml:Aud') },
      'TIME',
    ],
    ['two conditions', { assertion: replaced(CONDITIONS, CONDITIONS + CONDITIONS) }, 'SCHEMA'],
    [
      'conditions for longer than a day',
      { assertion: replaced(`NotOnOrAfter="${at(300)}"><saml:Aud`, `NotOnOrAfter="${at(90_000)}"><saml:Aud`) },
      'CONDITIONS',
    ],
    [
      'a proxy restriction',
      { assertion: replaced('</saml:Conditions>', '<saml:ProxyRestriction Count="1"/></saml:Conditions>') },
      'CONDITIONS',
    ],
    [
      'an expired confirmation',
      { assertion: replaced(`NotOnOrAfter="${at(300)}" Recipient`, `NotOnOrAfter="${at(-61)}" Recipient`) },
      'TIME',
    ],
    ['no confirmation', { assertion: replaced(CONFIRMATION, '') }, 'SUBJECT'],
    [
      'a confirmation without data',
      { assertion: replaced(/<saml:SubjectConfirmationData [^>]*\/>/.exec(CONFIRMATION)![0], '') },
      'SUBJECT',
    ],
    ['a holder of a key', { assertion: replaced('cm:bearer', 'cm:holder-of-key') }, 'SUBJECT'],
    [
      'a confirmation that begins later',
      {
        assertion: replaced('<saml:SubjectConfirmationData ', `<saml:SubjectConfirmationData NotBefore="${at(-60)}" `),
      },
      'SUBJECT',
    ],
    [
      'another audience',
      {
        assertion: replaced(
          `<saml:Audience>${EXPECTED.spEntityId}`,
          '<saml:Audience>https://gatehouse.example/sso/saml/sso_2',
        ),
      },
      'AUDIENCE',
    ],
    [
      'no audience',
      { assertion: replaced(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/.exec(CONDITIONS)![0], '') },
      'AUDIENCE',
    ],
    [
      'a second, foreign audience restriction',
      {
        assertion: replaced(
          '</saml:Conditions>',
          '<saml:AudienceRestriction><saml:Audience>https://other.example</saml:Audience></saml:AudienceRestriction></saml:Conditions>',
        ),
      },
      'AUDIENCE',
    ],
    [
      'another recipient',
      {
        assertion: replaced(
          `Recipient="${EXPECTED.acsUrl}"`,
          'Recipient="https://gatehouse.example/sso/saml/sso_2/acs"',
        ),
      },
      'RECIPIENT',
    ],
    [
      'another destination, signed',
      {
        sign: ['Response'],
        response: replaced(`Destination="${EXPECTED.acsUrl}"`, 'Destination="https://elsewhere.example/acs"'),
      },
      'RECIPIENT',
    ],
    [
      'another destination around it',
      { response: replaced(`Destination="${EXPECTED.acsUrl}"`, 'Destination="https://elsewhere.example/acs"') },
      'RECIPIENT',
    ],
    [
      "the answer to somebody else's request",
      { assertion: replaced(`InResponseTo="${EXPECTED.requestId}"`, 'InResponseTo="_victim"') },
      'CORRELATION',
    ],
    [
      'InResponseTo changed on the wrapper',
      { after: replaced(`InResponseTo="${EXPECTED.requestId}"><saml:Issuer>`, `InResponseTo="_victim"><saml:Issuer>`) },
      'CORRELATION',
    ],
    [
      'another issuer in the assertion',
      { assertion: replaced(EXPECTED.idpEntityId, 'https://idp.evil.example') },
      'ISSUER',
    ],
    [
      'another issuer in the response',
      { response: replaced(EXPECTED.idpEntityId, 'https://idp.evil.example') },
      'ISSUER',
    ],
    ['a failed status', { response: replaced('status:Success', 'status:Responder') }, 'STATUS'],
    ['no authentication', { assertion: replaced(AUTHENTICATION, '') }, 'AUTHENTICATION'],
    ['two authentications', { assertion: replaced(AUTHENTICATION, AUTHENTICATION + AUTHENTICATION) }, 'AUTHENTICATION'],
    [
      'an authentication in the future',
      { assertion: replaced(`AuthnInstant="${at(-5)}"`, `AuthnInstant="${at(61)}"`) },
      'TIME',
    ],
    [
      'a session that is over',
      { assertion: replaced('SessionIndex=', `SessionNotOnOrAfter="${at(-61)}" SessionIndex=`) },
      'TIME',
    ],
    [
      'a time zone',
      { assertion: replaced(`AuthnInstant="${at(-5)}"`, `AuthnInstant="${at(-5).replace('Z', '+00:00')}"`) },
      'TIME',
    ],
    ['an empty NameID', { assertion: replaced('ada-42', '   ') }, 'SUBJECT'],
    ['a NameID of 257 characters', { assertion: replaced('ada-42', 'x'.repeat(257)) }, 'SUBJECT'],
    ['elements in a NameID', { assertion: replaced('ada-42', 'ada<b xmlns="">-42</b>') }, 'SCHEMA'],
    ['a comment in a NameID', { after: replaced('ada-42', 'ada<!-- -->-42') }, 'TEXT'],
    ['a CDATA section', { after: replaced('ada-42', '<![CDATA[ada-42]]>') }, 'TEXT'],
    ['a processing instruction', { after: replaced('ada-42', 'ada<?x?>-42') }, 'TEXT'],
    ['a DOCTYPE', { after: (xml: string) => `<!DOCTYPE Response>${xml}` }, 'TEXT'],
    [
      'an entity',
      {
        after: (xml: string) => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${xml.replace('ada-42', '&x;')}`,
      },
      'TEXT',
    ],
    [
      'an internal entity',
      { after: (xml: string) => `<!DOCTYPE r [<!ENTITY x "admin">]>${xml.replace('ada-42', '&x;')}` },
      'TEXT',
    ],
    [
      'a parameter entity that nobody resolves',
      { after: (xml: string) => `<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]>${xml}` },
      'TEXT',
    ],
    ['an entity without a declaration', { after: replaced('ada-42', '&x;') }, 'SCHEMA'],
    [
      'a foreign namespace',
      { after: (xml: string) => xml.replaceAll('urn:oasis:names:tc:SAML:2.0:assertion', 'urn:evil') },
      'SCHEMA',
    ],
    ['SAML 1.1', { assertion: replaced('Version="2.0"', 'Version="1.1"') }, 'STRUCTURE'],
    [
      'an encrypted assertion beside it',
      { response: replaced('%ASSERTION%', `%ASSERTION%${encrypted('aes256-gcm', 'rsa-oaep-mgf1p')}`) },
      'STRUCTURE',
    ],
    [
      'an encrypted assertion in a signed response',
      { sign: ['Response'], response: replaced('%ASSERTION%', encrypted('aes128-cbc', 'rsa-oaep-mgf1p')) },
      'STRUCTURE',
    ],
    [
      'a key that RSA 1.5 has encrypted',
      { sign: ['Response'], response: replaced('%ASSERTION%', encrypted('aes128-cbc', 'rsa-1_5')) },
      'STRUCTURE',
    ],
    [
      'extensions',
      { response: replaced('<samlp:Status>', '<samlp:Extensions><x xmlns="urn:x"/></samlp:Extensions><samlp:Status>') },
      'STRUCTURE',
    ],
    [
      'an unsigned assertion beside the signed one',
      { after: replaced('</samlp:Response>', `${EVIL}</samlp:Response>`) },
      'STRUCTURE',
    ],
    [
      'two assertions in one signed response',
      { sign: ['Response'], response: replaced('%ASSERTION%', `${EVIL}%ASSERTION%`) },
      'STRUCTURE',
    ],
    ['not XML', { after: () => 'hello' }, 'SCHEMA'],
    [
      'another root',
      { after: (xml: string) => xml.replaceAll('samlp:Response', 'samlp:ArtifactResponse') },
      'STRUCTURE',
    ],
  ]
}

/** Responses whose signature is good and stands for something else, by name, as form fields. */
export function wrappedResponses(parts: SamlParts): [string, () => string][] {
  const { at, assertionId, responseXml } = parts
  const EVIL = evilOf(parts)
  const inResponse = (inner: string) =>
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_inner" Version="2.0" IssueInstant="${at(-5)}">${inner}</samlp:Response>`
  const evilWith = (inner: string) => EVIL.replace('</saml:Issuer>', `</saml:Issuer>${inner}`)
  const without = (assertion: string, signature: string) => assertion.replace(signature, '')
  const wrapped = (draft: ResponseDraft, build: (assertion: string, signature: string) => string) =>
    wrap(parts, draft, build)
  return [
    [
      'XSW1: the signed response inside a copied one',
      () =>
        Buffer.from(
          responseXml({ sign: ['Response'] })
            .replace(/ID="_response1"/, 'ID="_copy"')
            .replace('ada-42', 'admin')
            .replace('</ds:Signature>', `<ds:Object>${responseXml({ sign: [] })}</ds:Object></ds:Signature>`),
        ).toString('base64'),
    ],
    [
      'XSW2: the signed response beside its signature',
      () =>
        Buffer.from(
          responseXml({ sign: ['Response'] })
            .replace(
              '<samlp:Status>',
              `<samlp:Extensions>${responseXml({ sign: [] })}</samlp:Extensions><samlp:Status>`,
            )
            .replace('ID="_response1"', 'ID="_copy"'),
        ).toString('base64'),
    ],
    ['XSW3: an evil assertion before the signed one', () => wrapped({}, (signed) => EVIL + signed)],
    [
      'XSW4: the signed assertion inside an evil one',
      () => wrapped({}, (signed) => EVIL.replace('</saml:Assertion>', `${signed}</saml:Assertion>`)),
    ],
    [
      'XSW5: the signature in an evil assertion, the signed one after it',
      () => wrapped({}, (signed, signature) => evilWith(signature) + without(signed, signature)),
    ],
    [
      'XSW6: the signed assertion inside the signature of an evil one',
      () =>
        wrapped({}, (signed, signature) =>
          evilWith(signature.replace('</ds:Signature>', `${without(signed, signature)}</ds:Signature>`)),
        ),
    ],
    [
      'XSW7: an evil assertion in Extensions',
      () => wrapped({}, (signed) => `<samlp:Extensions>${EVIL}</samlp:Extensions>${signed}`),
    ],
    [
      'XSW8: the signed assertion in an Object of the signature',
      () =>
        wrapped({}, (signed, signature) =>
          evilWith(
            signature.replace('</ds:Signature>', `<ds:Object>${without(signed, signature)}</ds:Object></ds:Signature>`),
          ),
        ),
    ],
    [
      'XSW9: the signature moved to the response, the signed assertion in Extensions',
      () =>
        wrapped(
          {},
          (signed, signature) =>
            `${signature}<samlp:Extensions>${without(signed, signature)}</samlp:Extensions>${EVIL}`,
        ),
    ],
    [
      'the signed assertion inside the confirmation of an evil one',
      () =>
        wrapped({}, (signed) =>
          EVIL.replace(
            /(<saml:SubjectConfirmationData [^>]*)\/>/,
            (_, open: string) => `${open}>${signed}</saml:SubjectConfirmationData>`,
          ),
        ),
    ],
    ['a response inside a response', () => wrapped({}, (signed) => inResponse(signed) + EVIL)],
    [
      'two elements of one ID',
      () =>
        wrapped({}, (signed) =>
          signed.replace('<saml:AttributeStatement>', `<saml:AttributeStatement ID="${assertionId}">`),
        ),
    ],
    [
      'two references in one signature',
      () => wrapped({}, (signed) => signed.replace(/(<ds:Reference .*?<\/ds:Reference>)/s, '$1$1')),
    ],
    [
      'a signature that refers to everything',
      () => wrapped({}, (signed) => signed.replace(`URI="#${assertionId}"`, 'URI=""')),
    ],
    [
      'inclusive canonicalization',
      () =>
        wrapped({}, (signed) =>
          signed.replace(
            'CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"',
            'CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
          ),
        ),
    ],
    [
      'an XPath transform',
      () =>
        wrapped({}, (signed) =>
          signed.replace(
            'Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"',
            'Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"',
          ),
        ),
    ],
  ]
}

/** An encrypted assertion in form; that nobody could decrypt it does not matter, since nobody tries. */
function encrypted(content: string, key: string): string {
  const method = (name: string) => `<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#${name}"/>`
  const cipher = '<xenc:CipherData><xenc:CipherValue>eA==</xenc:CipherValue></xenc:CipherData>'
  const encryptedKey = `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>${method(key)}${cipher}</xenc:EncryptedKey></ds:KeyInfo>`
  return `<saml:EncryptedAssertion><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">${method(content)}${encryptedKey}${cipher}</xenc:EncryptedData></saml:EncryptedAssertion>`
}

/** What an attacker would have said. */
function evilOf({ ASSERTION, assertionId }: SamlParts): string {
  return ASSERTION.replace('ada-42', 'admin').replace(assertionId, '_evil')
}

/** Takes the assertion out of a signed response and puts the response together anew. */
function wrap(
  { responseXml }: SamlParts,
  draft: ResponseDraft,
  build: (assertion: string, signature: string) => string,
): string {
  const xml = responseXml(draft)
  const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)![0]
  return Buffer.from(xml.replace(assertion, () => build(assertion, signatureIn(assertion)))).toString('base64')
}
