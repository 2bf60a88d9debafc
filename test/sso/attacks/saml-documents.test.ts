import { deflateRawSync } from 'node:zlib'
import { newId } from '../../../src/kernel/ids'
import { endSchemaChecks } from '../../../src/sign-in/saml'
import { EXPECTED, KEYS, type ResponseDraft, type SamlParts, samlParts } from '../../sign-in/saml/response-builder'
import { refusedResponses, replaced, takenResponses, wrappedResponses } from '../../sign-in/saml/response-cases'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import {
  arrangeCompany,
  connect,
  type SamlExchange,
  type SignInEnd,
  samlProvider,
  VictimBrowser,
} from '../../support/hostile-sign-in'
import { rounds } from '../../support/soak'
import type { SsoOrganization } from '../../support/sso-company'

const SAMPLE = samlParts(EXPECTED)

describe('the assertion consumer service', () => {
  let gatehouse: Gatehouse
  let company: SsoOrganization
  let providerId: string
  const idp = samlProvider('acme', KEYS.acme)

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { signInsPerMinute: 100_000 })
    company = await arrangeCompany(gatehouse, 'Acme')
    providerId = await connect(gatehouse, company, { saml: { ...idp, certificates: [KEYS.acme.certificate] } })
  })
  afterAll(async () => {
    await gatehouse.close()
    await endSchemaChecks()
  })

  const begin = (id = providerId) => new VictimBrowser(gatehouse.url).beginSaml(id)
  const partsFor = ({ expected }: SamlExchange): SamlParts =>
    samlParts({ ...expected, idpEntityId: idp.idpEntityId }, `_${newId()}`)
  const answer = async (make: (parts: SamlParts) => unknown): Promise<SignInEnd> => {
    const exchange = await begin()
    return exchange.post(make(partsFor(exchange)) as string)
  }
  const members = () =>
    gatehouse.superuser.rows('SELECT id, email, status FROM members WHERE organization_id = $1', [company.uuid])
  const lastRefusal = async () => {
    const [row] = await gatehouse.superuser.rows<{ code: string }>(
      'SELECT code FROM sso_refusals WHERE organization_id = $1 ORDER BY id DESC LIMIT 1',
      [company.uuid],
    )
    return row?.code
  }

  it.each(takenResponses(SAMPLE).map(([name]) => name))('lets in: %s', async (name) => {
    const end = await answer((parts) => parts.responseField(draftOf(takenResponses(parts), name)))
    expect([end.status, end.session]).toEqual([200, expect.stringMatching(/^gos_/)])
  })

  it.each(refusedResponses(SAMPLE).map(([name, , code]) => [name, code]))('refuses: %s', async (name, code) => {
    const before = await members()
    const end = await answer((parts) => parts.responseField(draftOf(refusedResponses(parts), name)))
    expect([end.status, end.session]).toEqual([400, null])
    expect([await lastRefusal(), await members()]).toEqual([`SAML_${code}`, before])
  })

  it.each(wrappedResponses(SAMPLE).map(([name]) => name))('refuses: %s', async (name) => {
    const before = await members()
    const end = await answer((parts) => wrappedResponses(parts).find(([each]) => each === name)![1]())
    expect([end.status, end.session]).toEqual([400, null])
    expect(await lastRefusal()).toMatch(/^SAML_(STRUCTURE|SCHEMA|ALGORITHM)$/)
    expect(await members()).toEqual(before)
  })

  it('lets a session live no longer than the provider wants, and no longer than the connection', async () => {
    const liveUntil = async (minutes: number) => {
      const end = new Date(Date.now() + minutes * 60_000).toISOString()
      const until = replaced('SessionIndex=', `SessionNotOnOrAfter="${end}" SessionIndex=`)
      expect((await answer((parts) => parts.responseField({ assertion: until }))).session).toMatch(/^gos_/)
      const [row] = await gatehouse.superuser.rows<{ minutes: number; most: number }>(
        `SELECT round(extract(epoch FROM s.expires_at - now()) / 60)::int AS minutes, p.session_lifetime_minutes AS most
         FROM organization_sessions s JOIN sso_providers p ON p.id = s.sso_provider_id
         WHERE s.organization_id = $1 ORDER BY s.created_at DESC, s.id DESC LIMIT 1`,
        [company.uuid],
      )
      return row!
    }
    expect(await liveUntil(7)).toMatchObject({ minutes: 7 })
    const { minutes, most } = await liveUntil(100_000)
    expect(minutes).toBe(most)
  })

  it('takes what the second of two stored certificates has signed, with and without KeyInfo', async () => {
    const both = [KEYS.acme.certificate, KEYS.next.certificate]
    const id = await connect(gatehouse, company, { saml: { ...idp, certificates: both } })
    for (const hasKeyInfo of [true, false]) {
      const exchange = await begin(id)
      const parts = samlParts({ ...exchange.expected, idpEntityId: idp.idpEntityId }, `_${newId()}`)
      // Another connection, another subject: with the same address, somebody else.
      const assertion = (xml: string) => xml.replace('ada@acme.example', 'next@acme.example')
      const end = await exchange.post(parts.responseField({ key: KEYS.next, hasKeyInfo, assertion }))
      expect(end.session).toMatch(/^gos_/)
    }
  })

  it('takes a response once: not in the same browser, not in another one', async () => {
    const browser = new VictimBrowser(gatehouse.url)
    const exchange = await browser.beginSaml(providerId)
    const field = partsFor(exchange).responseField()
    expect((await exchange.post(field)).session).toMatch(/^gos_/)
    browser.cookies.delete('gatehouse_organization')
    expect(await exchange.post(field)).toMatchObject({ status: 400, session: null })
    expect(await (await begin()).post(field)).toMatchObject({ status: 400, session: null })
  })

  it('takes an assertion once, also in answer to two requests of one id', async () => {
    const [one, two] = [await begin(), await begin()]
    const parts = partsFor(one)
    const again = samlParts({ ...two.expected, idpEntityId: idp.idpEntityId }, parts.assertionId)
    expect((await one.post(parts.responseField())).session).toMatch(/^gos_/)
    expect(await two.post(again.responseField())).toMatchObject({ status: 400, session: null })
    expect(await lastRefusal()).toBe('REPLAYED')
  })

  it('takes nothing that nobody asked for', async () => {
    const { expected } = await begin()
    const parts = samlParts({ ...expected, idpEntityId: idp.idpEntityId }, `_${newId()}`)
    const unasked = {
      assertion: replaced(` InResponseTo="${expected.requestId}"`, ''),
      response: replaced(` InResponseTo="${expected.requestId}"`, ''),
    }
    const asks = new VictimBrowser(gatehouse.url)
    for (const RelayState of ['', 'https://evil.example', '_'.padEnd(44, 'x')]) {
      const fields = { SAMLResponse: parts.responseField(unasked), RelayState }
      expect(await asks.postResponse(expected.acsUrl, fields)).toMatchObject({ status: 400, session: null })
    }
    expect(await lastRefusal()).toBe('SAML_CORRELATION')
  })

  it.each([
    ['something that is no base64', () => '<samlp:Response/>'],
    ['an empty field', () => ''],
    ['bytes that are no UTF-8', () => Buffer.from([0x3c, 0xff]).toString('base64')],
    ['40,000 elements', () => Buffer.from(`<a>${'<b/>'.repeat(35_000)}</a>`).toString('base64')],
  ])('refuses %s', async (_, make) => {
    expect(await answer(make)).toMatchObject({ status: 400, session: null })
  })

  it('refuses a field that is sent twice', async () => {
    const { expected } = await begin()
    const body = new URLSearchParams([
      ['SAMLResponse', 'PGEvPg=='],
      ['SAMLResponse', 'PGEvPg=='],
    ])
    const { status } = await fetch(gatehouse.url + new URL(expected.acsUrl).pathname, { method: 'POST', body })
    expect(status).toBe(400)
  })

  it('does not read a body that is too large', async () => {
    const { expected } = await begin()
    const body = new URLSearchParams({ SAMLResponse: 'A'.repeat(8 * 1024 * 1024) })
    const before = process.cpuUsage()
    const answered = await fetch(gatehouse.url + new URL(expected.acsUrl).pathname, { method: 'POST', body })
    const { user, system } = process.cpuUsage(before)
    expect([400, 413]).toContain(answered.status)
    expect((user + system) / 1000).toBeLessThan(500)
  })

  it('offers neither the binding HTTP-Redirect nor single logout', async () => {
    const { expected } = await begin()
    const { pathname } = new URL(expected.acsUrl)
    const bomb = deflateRawSync(Buffer.alloc(50_000_000, 'a')).toString('base64')
    const query = new URLSearchParams({ SAMLResponse: bomb, Signature: 'x', SigAlg: 'y' })
    for (const place of [`${pathname}?${query}`, `${pathname.replace(/acs$/, 'slo')}?SAMLRequest=x`]) {
      const { status } = await fetch(gatehouse.url + place, { redirect: 'manual' })
      expect([404, 405, 414, 431]).toContain(status)
    }
    const metadata = await (await fetch(gatehouse.url + pathname.replace(/acs$/, 'metadata'))).text()
    expect(metadata).toContain(expected.acsUrl)
    expect(metadata).not.toContain('SingleLogoutService')
  })

  it('says nothing of what stood in a response, in no page and in no log', async () => {
    const secret = `secret-${newId()}`
    const end = await answer((parts) => parts.responseField({ after: replaced('ada-42', secret) }))
    expect(end.html).not.toContain(secret)
    expect(end.html).not.toContain('SIGNATURE')
    expect(gatehouse.logs.join('\n')).not.toContain(secret)
  })

  it('takes nothing of a changed response, whatever is changed', async () => {
    const honest = JSON.stringify(await members())
    const sessions: unknown[] = []
    const random = seededRandom(4)
    for (let round = 0; round < rounds(60, 600); round += 1) {
      const end = await answer((parts) => {
        const xml = parts.responseXml({ sign: ['Assertion', 'Response'] })
        const at = Math.floor(random() * xml.length)
        const bytes = Buffer.from(xml)
        bytes[at]! ^= 1 << Math.floor(random() * 8)
        return bytes.toString('base64')
      })
      expect([200, 400]).toContain(end.status)
      sessions.push(end.session)
    }
    // Whoever was let in all the same is who was signed: a bit may stand where canonicalization takes it back.
    expect(JSON.stringify(await members())).toBe(honest)
    expect(sessions.filter(Boolean).length).toBeLessThan(sessions.length / 20)
  })
})

function draftOf(rows: readonly [string, ResponseDraft, ...unknown[]][], name: string): ResponseDraft {
  return rows.find(([each]) => each === name)![1]
}

/** The same numbers each time, from 0 to below 1 (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
