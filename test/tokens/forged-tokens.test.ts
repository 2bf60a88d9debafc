import { createHmac, generateKeyPairSync } from 'node:crypto'
import { exportJWK, importJWK, type JWTHeaderParameters } from 'jose'
import { idOf } from '../support/access-fixtures'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { ServiceClient } from '../support/service-client'
import { claimsOf, forge, mint, stealSigningKey } from '../support/tokens'
import { found, type TestOrganization } from '../support/world'

/*
 * Attacks on access tokens (sso.md §3, rows 13 and 14), all with a signature that is right for the key that made it. A
 * service that follows docs/tokens.md is asked by docs/tokens.md's own test; here introspection and checks are.
 */

let gatehouse: Gatehouse
let service: ServiceClient
let acme: TestOrganization
let genuine: Answer
let stolen: Awaited<ReturnType<typeof stealSigningKey>>

beforeAll(async () => {
  gatehouse = await startGatehouse()
  service = new ServiceClient(gatehouse.url)
  acme = await found(gatehouse, 'Acme')
  genuine = claimsOf((await mint(acme.admin.organization, {})).accessToken)
  stolen = await stealSigningKey(gatehouse)
})
afterAll(() => gatehouse.close())

const header = (changes: object = {}): JWTHeaderParameters =>
  ({ alg: 'ES256', typ: 'at+jwt', kid: stolen.id, ...changes }) as JWTHeaderParameters
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(genuine as object).filter(([name]) => !names.includes(name)))

/** What introspection and a check make of a token. */
async function believed(token: string): Promise<[introspected: boolean, checked: boolean]> {
  const { status, body } = await service.introspect(token)
  expect(status).toBe(200)
  if (!body.active) expect(body).toEqual({ active: false })
  const [decision] = await service.check({ type: 'token', id: token }, 'organization.read', {
    type: 'organization',
    id: acme.id,
  })
  return [body.active, decision]
}
const REFUSED = [false, false]

describe('an access token', () => {
  it('is believed when it is genuine: what follows fails for its reason alone', async () => {
    expect(await believed(await forge(genuine, header(), stolen.key))).toEqual([true, true])
  })

  it.each([
    ['none', () => [Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url'), ''] as const],
    [
      'HS256 over the published key',
      () => {
        const head = Buffer.from(JSON.stringify(header({ alg: 'HS256' }))).toString('base64url')
        const body = Buffer.from(JSON.stringify(genuine)).toString('base64url')
        return [head, createHmac('sha256', publicPem).update(`${head}.${body}`).digest('base64url')] as const
      },
    ],
  ])('is refused with the algorithm %s', async (_, make) => {
    const [head, signature] = make()
    const body = Buffer.from(JSON.stringify(genuine)).toString('base64url')
    expect(await believed(`${head}.${body}.${signature}`)).toEqual(REFUSED)
  })

  it('is refused with another algorithm, though its key would fit', async () => {
    for (const [alg, type] of [
      ['RS256', 'rsa'],
      ['EdDSA', 'ed25519'],
    ] as const) {
      const pair = type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519')
      const key = (await importJWK(await exportJWK(pair.privateKey), alg)) as CryptoKey
      expect(await believed(await forge(genuine, header({ alg }), key))).toEqual(REFUSED)
    }
  })

  it.each([
    '../../../etc/passwd',
    '/dev/null',
    "' OR '1'='1",
    "x'; DROP TABLE signing_keys; --",
    '__proto__',
    'constructor',
    'unknown',
    '',
    undefined,
    null,
    7,
    ['a'],
  ])('is refused with the kid %p, which is a name in the key set and nothing else', async (kid) => {
    expect(await believed(await forge(genuine, header({ kid }), stolen.key))).toEqual(REFUSED)
  })

  it('is refused when it brings its own key, or an address of one', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = (await importJWK(await exportJWK(privateKey), 'ES256')) as CryptoKey
    const jwk = await exportJWK(publicKey)
    for (const brought of [{ jwk }, { jku: 'http://127.0.0.1:9/keys' }, { x5u: 'http://127.0.0.1:9/x' }])
      for (const kid of [stolen.id, 'mine', undefined])
        expect(await believed(await forge(genuine, header({ ...brought, kid }), key))).toEqual(REFUSED)
  })

  it.each(['exp', 'iat', 'sub', 'jti', 'sid', 'org_id', 'membership_id', 'aud', 'iss'])(
    'is refused without %s',
    async (claim) => {
      expect(await believed(await forge(without(claim), header(), stolen.key))).toEqual(REFUSED)
    },
  )

  it('is refused after its end, and with a longer life than we give', async () => {
    const now = Math.floor(Date.now() / 1000)
    for (const times of [
      { iat: now - 301, exp: now - 1 },
      { iat: now, exp: now + 3_600 },
      { iat: now, exp: 'tomorrow' },
      { iat: now, exp: now + 300, nbf: now + 60 },
    ])
      expect(await believed(await forge({ ...genuine, ...times }, header(), stolen.key))).toEqual(REFUSED)
  })

  it('is refused for another audience or of another issuer', async () => {
    for (const claims of [
      { aud: 'https://elsewhere.example' },
      { aud: [] },
      { iss: 'https://elsewhere.example' },
      { iss: `${genuine.iss}/` },
    ])
      expect(await believed(await forge({ ...genuine, ...claims }, header(), stolen.key))).toEqual(REFUSED)
  })

  it.each(['JWT', 'logout+jwt', 'id+jwt', 'secevent+jwt', undefined])(
    'is refused with the type %p: other tokens of ours are none',
    async (typ) => {
      expect(await believed(await forge(genuine, header({ typ }), stolen.key))).toEqual(REFUSED)
    },
  )

  it('is worth nothing in another organization, whatever it claims', async () => {
    const other = await found(gatehouse, 'Other')
    const claims = { ...genuine, org_id: other.id }
    expect((await service.introspect(await forge(claims, header(), stolen.key))).body).toEqual({ active: false })
    const { accessToken } = await mint(acme.admin.organization, {})
    expect(
      await service.check({ type: 'token', id: accessToken }, 'organization.read', {
        type: 'organization',
        id: other.id,
      }),
    ).toEqual([false, 'UNKNOWN_RESOURCE'])
  })

  it.each(['org_x', 'ses_x', '', idOf.member('018f0000-0000-7000-8000-000000000000'), 7, {}])(
    'is refused with ids that are none: %p',
    async (id) => {
      for (const claim of ['org_id', 'sid'])
        expect(await believed(await forge({ ...genuine, [claim]: id }, header(), stolen.key))).toEqual(REFUSED)
    },
  )

  it('is refused after any change to its text', async () => {
    const { accessToken } = await mint(acme.admin.organization, {})
    const [head, body, signature] = accessToken.split('.') as [string, string, string]
    const admin = Buffer.from(JSON.stringify({ ...genuine, roles: ['owner'] })).toString('base64url')
    for (const token of [
      `${head}.${admin}.${signature}`,
      `${head}.${body}.${signature.slice(0, -4)}AAAA`,
      `${head}.${body}.`,
      `${head}.${body}`,
      `${accessToken}.x`,
      `${accessToken} `,
      accessToken.toUpperCase(),
    ])
      expect((await service.introspect(token)).body).toEqual({ active: false })
  })

  it('is not read at all when it is longer than any of ours', async () => {
    const long = await forge({ ...genuine, filler: 'x'.repeat(8_000) }, header(), stolen.key)
    expect((await service.introspect(long)).body).toEqual({ active: false })
    const answer = await service.post('/access/v1/evaluation', {
      subject: { type: 'token', id: long },
      action: { name: 'organization.read' },
      resource: { type: 'organization', id: acme.id },
    })
    expect([answer.status, answer.body.error.path]).toEqual([400, ['subject', 'id']])
  })
})

const publicPem = Buffer.from('published')
