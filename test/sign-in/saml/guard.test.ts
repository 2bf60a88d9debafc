import { endSchemaChecks, readSamlResponse, type SamlExpectation, SamlRefusal } from '../../../src/sign-in/saml'
import { ATTRIBUTES, at, EXPECTED, KEYS, type ResponseDraft, responseField, samlParts } from './response-builder'
import { refusedResponses, replaced, takenResponses, wrappedResponses } from './response-cases'

const ACME = [KEYS.acme.certificate]
const PARTS = samlParts(EXPECTED)

async function outcome(field: unknown, certificates = ACME, expected: SamlExpectation = EXPECTED): Promise<string> {
  try {
    return (await readSamlResponse(field, certificates, expected)).subject
  } catch (error) {
    if (error instanceof SamlRefusal) return error.code
    throw error
  }
}

const of = (draft: ResponseDraft) => outcome(responseField(draft))
afterAll(endSchemaChecks)

describe('the guard takes', () => {
  it.each(takenResponses(PARTS))('%s', async (_, draft) => {
    expect(await of(draft)).toBe('ada-42')
  })

  it('the carriage returns that Java providers put into SignatureValue', async () => {
    const withReturns = (xml: string) =>
      xml.replace(
        /(<ds:SignatureValue>)(.*?)(<\/ds:SignatureValue>)/s,
        (_, open: string, value: string, close: string) => open + value.match(/.{1,76}/g)!.join('&#13;\n') + close,
      )
    expect(await of({ after: withReturns })).toBe('ada-42')
    expect(await of({ after: (xml) => withReturns(xml).replace('ada-42', 'admin') })).toBe('SIGNATURE')
  })

  it('what the new certificate has signed, with and without KeyInfo, and not what only an old one has', async () => {
    const both = [KEYS.acme.certificate, KEYS.next.certificate]
    for (const hasKeyInfo of [true, false])
      expect(await outcome(responseField({ key: KEYS.next, hasKeyInfo }), both)).toBe('ada-42')
    expect(await outcome(responseField({ key: KEYS.next }))).toBe('SIGNATURE')
  })

  it('an unasked response only where none was asked for', async () => {
    const unasked = responseField({
      assertion: replaced('InResponseTo="_request1" ', ''),
      response: replaced(' InResponseTo="_request1"', ''),
    })
    expect(await outcome(unasked, ACME, { ...EXPECTED, requestId: null })).toBe('ada-42')
    expect(await outcome(unasked)).toBe('CORRELATION')
    expect(await outcome(responseField(), ACME, { ...EXPECTED, requestId: null })).toBe('CORRELATION')
  })

  it('gives what the provider said, as text', async () => {
    const identity = await readSamlResponse(responseField(), ACME, EXPECTED)
    expect(identity).toMatchObject({
      assertionId: '_assertion1',
      subject: 'ada-42',
      subjectFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      sessionIndex: '_session1',
      sessionExpiresAt: null,
      authenticatedAt: new Date(at(-5)),
    })
    expect([...identity.attributes]).toEqual([
      ['email', ['ada@acme.example']],
      ['groups', ['staff', 'Ingénieurs & co']],
    ])
  })

  it('attributes of any name, without touching prototypes', async () => {
    const names = ['__proto__', 'constructor', 'toString']
    const assertion = replaced(
      ATTRIBUTES,
      `<saml:AttributeStatement>${names.map((name) => `<saml:Attribute Name="${name}"><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>`).join('')}</saml:AttributeStatement>`,
    )
    const { attributes } = await readSamlResponse(responseField({ assertion }), ACME, EXPECTED)
    expect([...attributes.keys()]).toEqual(names)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('the guard refuses', () => {
  it.each(refusedResponses(PARTS))('%s', async (_, draft, code) => {
    expect(await of(draft)).toBe(code)
  })

  it.each(wrappedResponses(PARTS))('%s', async (_, build) => {
    expect(['STRUCTURE', 'SCHEMA', 'ALGORITHM']).toContain(await outcome(build()))
  })

  it('a certificate inside the message when none is stored, and stored ones that are too weak', async () => {
    expect(await outcome(responseField({ key: KEYS.attacker }), [])).toBe('SIGNATURE')
    expect(await outcome(responseField({ key: KEYS.small }), [KEYS.small.certificate])).toBe('SIGNATURE')
  })

  it('a valid response at another connection, for another request, at another time', async () => {
    const field = responseField()
    const other = {
      spEntityId: 'https://gatehouse.example/sso/saml/sso_2',
      acsUrl: 'https://gatehouse.example/sso/saml/sso_2/acs',
    }
    expect(await outcome(field, ACME, { ...EXPECTED, ...other })).toBe('AUDIENCE')
    expect(await outcome(field, ACME, { ...EXPECTED, acsUrl: other.acsUrl })).toBe('RECIPIENT')
    expect(await outcome(field, ACME, { ...EXPECTED, requestId: '_request2' })).toBe('CORRELATION')
    expect(await outcome(field, ACME, { ...EXPECTED, now: new Date(at(600)) })).toBe('TIME')
    expect(await outcome(field, ACME, { ...EXPECTED, idpEntityId: 'https://idp.other.example' })).toBe('ISSUER')
  })

  it.each([
    ['a field sent twice', ['a', 'b'], 'FORM'],
    ['no field', undefined, 'FORM'],
    ['an empty field', '', 'TEXT'],
    ['something that is not base64', '<xml/>', 'TEXT'],
    ['base64 of the URL alphabet', responseField().replace(/[A-Z]/, '-'), 'TEXT'],
    ['bytes that are not UTF-8', Buffer.from([0x3c, 0xff, 0xfe]).toString('base64'), 'TEXT'],
    ['more than 256 KiB', 'A'.repeat(400_000), 'SIZE'],
    [
      'very many namespaces',
      Buffer.from(`<a>${'<b xmlns:c="d" xmlns:e = \'f\' c:g="h"/>'.repeat(1_500)}</a>`).toString('base64'),
      'SIZE',
    ],
    ['very many elements', Buffer.from(`<a>${'<b/>'.repeat(40_000)}</a>`).toString('base64'), 'SIZE'],
  ])('%s', async (_, field, code) => {
    expect(await outcome(field)).toBe(code)
  })

  it('deep nesting, without a crash', async () => {
    const deep = (depth: number) => Buffer.from(`${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`).toString('base64')
    for (const depth of [100, 300, 1_900]) expect(['SCHEMA', 'SIZE']).toContain(await outcome(deep(depth)))
  })

  it('everything it refuses without a word of what stood in it', async () => {
    const refusal = await readSamlResponse(
      responseField({ after: replaced('ada-42', 'secret-person') }),
      ACME,
      EXPECTED,
    ).catch((error: Error) => error)
    expect((refusal as Error).message).not.toContain('secret-person')
  })
})
