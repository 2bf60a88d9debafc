import { createHmac } from 'node:crypto'
import { fromTypeId } from '../../../src/kernel/ids'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import {
  BROKEN,
  type HostileOpenidProvider,
  type Misbehaviour,
  startHostileOpenidProvider,
} from '../../support/hostile-openid-provider'
import { arrangeCompany, authorize, connect, VictimBrowser } from '../../support/hostile-sign-in'
import type { SsoOrganization } from '../../support/sso-company'

const SOON = Math.floor(Date.now() / 1000)
const LONG_AGO = { iat: SOON - 1_000, exp: SOON - 100 }

/** What must never be let in, with the code that the Admin reads. */
const REFUSED: readonly [string, Misbehaviour, string][] = [
  ['an error', { callback: (sent) => (sent.delete('code'), sent.set('error', 'access_denied')) }, 'CANCELLED'],
  ['another error', { callback: (sent) => (sent.delete('code'), sent.set('error', 'server_error')) }, 'PROVIDER_ERROR'],
  ['a stranger’s code', { callback: (sent) => sent.set('code', 'of-somebody-else') }, 'CODE_REFUSED'],
  ['two codes', { callback: (sent) => sent.append('code', 'another') }, 'TOKEN_INVALID'],
  ['no code', { callback: (sent) => sent.delete('code') }, 'TOKEN_INVALID'],
  [
    'another issuer in the answer (RFC 9207)',
    { callback: (sent) => sent.set('iss', 'https://other.example') },
    'TOKEN_INVALID',
  ],
  ['no issuer in the answer although one was announced', { callback: (sent) => sent.delete('iss') }, 'TOKEN_INVALID'],
  ['another nonce', { claims: { nonce: 'another' } }, 'TOKEN_INVALID'],
  ['no nonce', { claims: { nonce: undefined } }, 'TOKEN_INVALID'],
  ['another audience', { claims: { aud: 'another-application' } }, 'TOKEN_INVALID'],
  ['several audiences and no authorized party', { claims: { aud: ['gatehouse', 'other'] } }, 'TOKEN_INVALID'],
  ['a foreign authorized party', { claims: { aud: ['gatehouse', 'other'], azp: 'other' } }, 'TOKEN_INVALID'],
  ['another issuer', { claims: { iss: 'https://accounts.google.com' } }, 'TOKEN_INVALID'],
  ['its issuer with a slash behind', { claims: { iss: 'http://127.0.0.1/' } }, 'TOKEN_INVALID'],
  ['an expired token', { claims: LONG_AGO }, 'TOKEN_INVALID'],
  ['a token without an end', { claims: { exp: undefined } }, 'TOKEN_INVALID'],
  ['a token of the future', { claims: { iat: SOON + 600, exp: SOON + 900 } }, 'TOKEN_INVALID'],
  ['no subject', { claims: { sub: undefined } }, 'TOKEN_INVALID'],
  ['a subject that is a number', { claims: { sub: 42 } }, 'TOKEN_INVALID'],
  ['a subject that is a list', { claims: { sub: ['ada'] } }, 'TOKEN_INVALID'],
  ['an empty subject', { claims: { sub: '' } }, 'SUBJECT_MISSING'],
  ["somebody else's signature", { signer: 'foreign' }, 'TOKEN_INVALID'],
  ['no signature', { header: { alg: 'none', kid: undefined }, signer: 'nobody' }, 'TOKEN_INVALID'],
  ['a signature that is cut off', { signer: 'nobody' }, 'TOKEN_INVALID'],
  ['an unknown key', { header: { kid: 'unknown' } }, 'TOKEN_INVALID'],
  ['a key that is a path', { header: { kid: '../../etc/passwd' } }, 'TOKEN_INVALID'],
  ['an algorithm that was not announced', { header: { alg: 'RS512' } }, 'TOKEN_INVALID'],
  ['a critical header that nobody knows', { header: { crit: ['b64'], b64: false } }, 'TOKEN_INVALID'],
  ['no ID token', { tokens: { id_token: undefined } }, 'TOKEN_INVALID'],
  ['an ID token that is none', { tokens: { id_token: 'a.b.c' } }, 'TOKEN_INVALID'],
  [
    'another subject at the userinfo endpoint',
    { claims: { email: undefined, name: undefined }, userInfo: { sub: 'somebody-else' } },
    'TOKEN_INVALID',
  ],
]

describe('a hostile OpenID provider', () => {
  let gatehouse: Gatehouse
  let company: SsoOrganization
  let provider: HostileOpenidProvider
  let providerId: string

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { signInsPerMinute: 100_000 })
    company = await arrangeCompany(gatehouse, 'Acme')
    provider = await startHostileOpenidProvider()
    providerId = await connect(gatehouse, company, { oidc: provider })
  })
  beforeEach(() => {
    provider.behaviour = {}
  })
  afterAll(async () => {
    await gatehouse.close()
    await provider.close()
  })

  const browser = () => new VictimBrowser(gatehouse.url)
  const lastRefusal = async () => {
    const [row] = await gatehouse.superuser.rows<{ code: string; detail: string }>(
      'SELECT code, detail FROM sso_refusals WHERE organization_id = $1 ORDER BY id DESC LIMIT 1',
      [company.uuid],
    )
    return row
  }
  const provisioned = async () =>
    gatehouse.superuser.rows('SELECT email FROM members WHERE organization_id = $1 AND source = $2', [
      company.uuid,
      'SSO',
    ])

  it.each(REFUSED)('lets nobody in with %s', async (_, behaviour, code) => {
    provider.behaviour = behaviour
    const end = await browser().signInByOidc(providerId)
    expect([end.session, (await lastRefusal())?.code]).toEqual([null, code])
    expect(end.status).toBe(400)
    expect(await provisioned()).toEqual([])
  })

  it('lets nobody in with its public key as a secret (HS256)', async () => {
    provider.behaviour = {
      header: { alg: 'HS256' },
      signer: (input) => createHmac('sha256', provider.publicKey).update(input).digest('base64url'),
    }
    expect(await browser().signInByOidc(providerId)).toMatchObject({ status: 400, session: null })
    expect(await provisioned()).toEqual([])
  })

  it('lets somebody in when it behaves, with PKCE, and nothing of it stands in a log', async () => {
    const { session, status } = await browser().signInByOidc(providerId)
    expect([status, session]).toEqual([200, expect.stringMatching(/^gos_/)])
    expect(await provisioned()).toEqual([{ email: 'ada@acme.example' }])
    const { code_verifier: verifier, client_secret: secret } = Object.fromEntries(provider.tokenRequests.at(-1)!)
    expect(verifier).toMatch(/^[\w-]{43,128}$/)
    expect(secret).toBe(provider.clientSecret)
    const logged = gatehouse.logs.join('\n')
    for (const word of [verifier!, secret!, session!, 'eyJ']) expect(logged).not.toContain(word)
  })

  it.each([
    ['directory', 'entraTenantId', '8f4e2f0c-0b0a-4a52-9a8e-6f3f2c1d0e9b', 'tid'],
    ['Workspace', 'hostedDomain', 'acme.example', 'hd'],
  ])('of many companies lets in people of the %s that was named alone', async (_, setting, right, claim) => {
    const id = await connect(gatehouse, company, { oidc: provider })
    await gatehouse.superuser.rows('UPDATE sso_providers SET settings = settings || $2::jsonb WHERE id = $1', [
      fromTypeId('SsoProvider', id),
      { [setting]: right },
    ])
    const person = { sub: `person-of-${claim}`, email: `${claim}@acme.example` }
    for (const said of ['another.example', undefined, '', [right], right.toUpperCase()]) {
      provider.behaviour = { claims: { ...person, [claim]: said } }
      expect((await browser().signInByOidc(id)).session).toBeNull()
      expect((await lastRefusal())?.code).toBe('WRONG_TENANT')
    }
    provider.behaviour = { claims: { ...person, [claim]: right } }
    expect((await browser().signInByOidc(id)).session).toMatch(/^gos_/)
  })

  it('has its answer believed once, and not by another state or another browser', async () => {
    const [own, other] = [browser(), browser()]
    const callback = await authorize(await own.begin(providerId))
    expect((await other.return(callback)).session).toBeNull()
    await other.begin(providerId)
    expect((await other.return(callback)).session).toBeNull()
    const changed = new URL(callback)
    changed.searchParams.set('state', 'another')
    expect((await own.return(changed.href)).session).toBeNull()
    expect((await own.return(callback)).session).toMatch(/^gos_/)
    own.cookies.delete('gatehouse_organization')
    expect(await own.return(callback)).toMatchObject({ status: 410, session: null })
  })

  it.each([
    ['calls itself somebody else', { discovery: { issuer: 'https://accounts.google.com' } }, ''],
    ['calls itself somebody else, below a well-known path', {}, '/.well-known/x'],
    ['calls itself somebody else, with a well-known query', {}, '?/.well-known/openid-configuration'],
    [
      'has OAuth parameters in its address',
      { discovery: { authorization_endpoint: 'https://x.example/a?redirect_uri=y' } },
      '',
    ],
    ['has a script as address', { discovery: { authorization_endpoint: 'javascript:alert(1)' } }, ''],
    ['has keys in the internal network', { discovery: { jwks_uri: 'http://10.0.0.1/keys' } }, ''],
    ['signs with shared secrets', { discovery: { id_token_signing_alg_values_supported: ['HS256'] } }, ''],
    ['offers tokens in the front channel only', { discovery: { response_types_supported: ['id_token'] } }, ''],
  ] satisfies [string, Misbehaviour, string][])('that %s cannot be connected', async (_, behaviour, suffix) => {
    provider.behaviour = behaviour
    const connecting = connect(gatehouse, company, { oidc: { ...provider, issuer: provider.issuer + suffix } })
    await expect(connecting).rejects.toThrow('INVALID')
  })

  it.each([
    ['tokens', 'token'],
    ['keys', 'keys'],
  ] as const)(
    'that does not give %s has a clear page within five seconds, and harms nobody else',
    async (_, endpoint) => {
      const email = `${endpoint}@acme.example`
      const other = await startHostileOpenidProvider({ sub: 'bob', email, name: 'Bob' })
      const otherId = await connect(gatehouse, company, { oidc: other })
      for (const broken of Object.values(BROKEN)) {
        // A connection of its own, whose keys nobody has yet.
        const fresh = await startHostileOpenidProvider()
        const freshId = await connect(gatehouse, company, { oidc: fresh })
        fresh.behaviour = { instead: { [endpoint]: broken } }
        const startedAt = performance.now()
        const waiting = browser().signInByOidc(freshId)
        expect(await browser().signInByOidc(otherId)).toMatchObject({
          session: expect.stringMatching(/^gos_/) as string,
        })
        const end = await waiting
        expect(performance.now() - startedAt).toBeLessThan(7_000)
        expect([end.status, end.session]).toEqual([503, null])
        expect(end.html).toContain('cannot be reached right now')
        expect(end.headers.get('retry-after')).toBe('10')
        expect((await lastRefusal())?.code).toBe('IDP_UNREACHABLE')
        await fresh.close()
      }
      await other.close()
    },
  )
})
