import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import fc from 'fast-check'
import { endSchemaChecks, readSamlResponse, SamlRefusal } from '../../../src/sign-in/saml'
import { rounds } from '../../support/soak'
import { EXPECTED, KEYS, NOW, type ResponseDraft, responseField, responseXml } from './response-builder'

const ACME = [KEYS.acme.certificate]
const NAMESPACES = ['urn:oasis:names:tc:SAML:2.0:assertion', 'urn:oasis:names:tc:SAML:2.0:protocol', 'urn:evil', '']
const SCRAPS = [
  '',
  ' ',
  '<',
  '>',
  '/',
  '"',
  '&amp;',
  '&lt;',
  '&#x0;',
  '\u0000',
  '\u202e',
  '\ufeff',
  'admin',
  '<x/>',
  '<!---->',
  ']]>',
  'xmlns:a="b"',
]

/** Takes an answer as identity or refusal; anything else is a crash, and fails the test. */
async function read(field: unknown) {
  try {
    const { subject, attributes, assertionId } = await readSamlResponse(field, ACME, EXPECTED)
    return JSON.stringify([subject, [...attributes], assertionId])
  } catch (error) {
    if (error instanceof SamlRefusal) return null
    throw error
  }
}

const elements = (xml: string) => [...xml.matchAll(/<(\w+:\w+)[^>]*?(?:\/>|>.*?<\/\1>)/gs)].map(([text]) => text)

/** Ways to write a document that are not UTF-8, or not quite. */
const ENCODINGS: readonly ((xml: string) => Buffer)[] = [
  (xml) => Buffer.from(xml, 'utf16le'),
  (xml) => Buffer.from(`\ufeff${xml}`, 'utf16le'),
  (xml) => Buffer.from(xml, 'utf16le').swap16(),
  (xml) => Buffer.from(xml, 'latin1'),
  (xml) => Buffer.from(`\ufeff${xml}`),
  (xml) => Buffer.from(`<?xml version="1.0" encoding="UTF-16"?>${xml}`),
  (xml) => Buffer.from(`<?xml version="1.0" encoding="UTF-7"?>${xml.replaceAll('<', '+ADw-')}`),
  // An overlong form of "<", and half of a pair.
  (xml) => Buffer.from(Buffer.from(xml).toString('latin1').replace('<', '\u00c0\u00bc'), 'latin1'),
  (xml) => Buffer.concat([Buffer.from(xml), Buffer.from([0xed, 0xa0, 0x80])]),
]

/**
 * One change somewhere in a signed document: a bit, a scrap of text, an element moved or doubled, a namespace, a part
 * dropped, another encoding.
 */
function mutate(xml: string, kind: number, at: number, other: number): string | Buffer {
  const place = Math.floor(at * xml.length)
  const parts = elements(xml)
  const part = parts[Math.floor(other * parts.length)]!
  if (kind === 0) {
    const bytes = Buffer.from(xml)
    bytes[Math.floor(at * bytes.length)]! ^= 1 << Math.floor(other * 8)
    return bytes
  }
  if (kind === 1) return xml.slice(0, place) + SCRAPS[Math.floor(other * SCRAPS.length)]! + xml.slice(place)
  if (kind === 2) return xml.slice(0, place) + part + xml.slice(place)
  if (kind === 3) return xml.replace(part, '')
  if (kind === 4) return xml.replace(part, part + part)
  if (kind === 5) return xml.replace(NAMESPACES[Math.floor(at * 2)]!, NAMESPACES[Math.floor(other * 4)]!)
  if (kind === 6) return ENCODINGS[Math.floor(other * ENCODINGS.length)]!(xml)
  return xml.slice(0, place) + xml.slice(place + 1 + Math.floor(other * 40))
}

describe('a signed response that was changed', () => {
  afterAll(endSchemaChecks)

  it.each([
    ['its assertion signed', { sign: ['Assertion'] }],
    ['all of it signed', { sign: ['Response'] }],
    ['both signed', { sign: ['Assertion', 'Response'] }],
  ] satisfies [string, ResponseDraft][])('never says anything else, with %s', async (_, draft) => {
    const xml = responseXml(draft)
    const honest = await read(Buffer.from(xml).toString('base64'))
    expect(honest).toContain('ada-42')
    const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 7 }), fraction, fraction, async (kind, at, other) => {
        const said = await read(Buffer.from(mutate(xml, kind, at, other)).toString('base64'))
        // A change that canonicalization takes back, or that stands outside what is signed, changes nothing it says.
        return said === null || said === honest
      }),
      { numRuns: rounds(350, 7_000) },
    )
  })

  it('is read by the guard only where another library reads it too', async () => {
    const drafts: ResponseDraft[] = [
      {},
      { sign: ['Response'] },
      { sign: ['Assertion', 'Response'] },
      { hasKeyInfo: false },
    ]
    jest.useFakeTimers({ now: NOW, doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'clearTimeout'] })
    try {
      for (const draft of drafts) {
        const other = new SAML({
          idpCert: KEYS.acme.certificate,
          issuer: EXPECTED.spEntityId,
          audience: EXPECTED.spEntityId,
          callbackUrl: EXPECTED.acsUrl,
          wantAssertionsSigned: false,
          wantAuthnResponseSigned: false,
          validateInResponseTo: ValidateInResponseTo.never,
        })
        const { profile } = await other.validatePostResponseAsync({ SAMLResponse: responseField(draft) })
        expect([profile?.nameID, await read(responseField(draft))]).toEqual([
          'ada-42',
          expect.stringContaining('ada-42'),
        ])
      }
    } finally {
      jest.useRealTimers()
    }
  })

  it('is taken by nobody as base64 with anything else in it', async () => {
    const field = responseField()
    for (const scrap of ['%', '-', '_', '=', '\u0000', '<', 'é'])
      expect(await read(field.slice(0, 40) + scrap + field.slice(40))).toBeNull()
  })
})
