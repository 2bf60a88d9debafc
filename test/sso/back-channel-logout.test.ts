import { generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { toTypeId } from '../../src/kernel/ids'
import { type AnotherInstance, startAnotherInstance } from '../support/another-instance'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { GraphQLClient } from '../support/graphql-client'
import { type KeyServer, startKeyServer } from '../support/key-server'
import { ServiceClient } from '../support/service-client'
import {
  type ArrangedProvider,
  arrangeProvider,
  comeThrough,
  enterSsoMode,
  OIDC_SETTINGS,
  SAML_SETTINGS,
} from '../support/sso'
import { mint } from '../support/tokens'
import { found, type TestOrganization } from '../support/world'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const ISSUER = 'https://login.example.com'

let gatehouse: Gatehouse
let second: AnotherInstance
let keys: KeyServer
let acme: TestOrganization
let provider: ArrangedProvider
let count = 0

beforeAll(async () => {
  gatehouse = await startGatehouse({}, { signInsPerMinute: 10_000 })
  second = await startAnotherInstance(gatehouse.testDatabase.appUrl)
  keys = await startKeyServer()
  acme = await found(gatehouse, 'Acme')
  await enterSsoMode(gatehouse, acme)
  provider = await connectionOf(acme)
})
afterAll(async () => {
  await keys.close()
  await second.close()
  await gatehouse.close()
})

const connectionOf = (organization: TestOrganization, keysUrl = keys.url) => {
  if (OIDC_SETTINGS.protocol !== 'OIDC') throw new Error('not OIDC')
  const metadata = { ...OIDC_SETTINGS.metadata, jwks_uri: keysUrl }
  return arrangeProvider(gatehouse, organization, { status: 'ACTIVE', settings: { ...OIDC_SETTINGS, metadata } })
}

/** Somebody with two sessions of the provider, and their subject there. */
async function employee(through = provider, organization = acme) {
  const person = await comeThrough(gatehouse, organization, through)
  const [row] = await gatehouse.superuser.rows<{ subject: string }>(
    'SELECT subject FROM sso_identities WHERE id = $1',
    [person.identityId],
  )
  const other = await person.openSession()
  await gatehouse.superuser.rows(
    `UPDATE organization_sessions SET idp_session = CASE WHEN id = (SELECT min(id::text)::uuid FROM organization_sessions WHERE sso_identity_id = $1) THEN 'sid-a-' ELSE 'sid-b-' END || $2
     WHERE sso_identity_id = $1`,
    [person.identityId, row!.subject],
  )
  return { ...person, other, subject: row!.subject }
}

/** Claims of a logout token as it should be. */
function claimsFor(changes: JWTPayload): JWTPayload {
  const now = Math.floor(Date.now() / 1000)
  count += 1
  return {
    iss: ISSUER,
    aud: 'gatehouse',
    iat: now,
    exp: now + 120,
    jti: `jti-${count}`,
    events: { [EVENT]: {} },
    ...changes,
  }
}

const HEADER: JWTHeaderParameters = { alg: 'RS256', kid: 'one', typ: 'logout+jwt' }
const sign = (claims: JWTPayload, header: object = {}, key = keys.key) =>
  new SignJWT(claims).setProtectedHeader({ ...HEADER, ...header }).sign(key)

async function send(token: string, to = provider.id, url = gatehouse.url) {
  const response = await fetch(`${url}/sso/oidc/${to}/backchannel-logout`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: token }),
  })
  const text = await response.text()
  const { error } = text.startsWith('{') ? (JSON.parse(text) as { error: string }) : { error: null }
  return { status: response.status, cache: response.headers.get('cache-control'), error, text }
}
const WHO = '{ viewer { user { id } } }'
const isAlive = async (token: string) =>
  (await new GraphQLClient(`${second.url}/graphql`, token).send(WHO)).data?.viewer != null

describe('a back-channel logout', () => {
  it('ends the sessions of a subject at once, also on another instance, and the tokens of applications with them', async () => {
    const [person, colleague] = [await employee(), await employee()]
    const { accessToken, refreshToken } = await mint(gatehouse.client(person.token))
    const answer = await send(await sign(claimsFor({ sub: person.subject })))
    expect(answer).toEqual({ status: 200, cache: 'no-store', error: null, text: '' })
    expect([await isAlive(person.token), await isAlive(person.other), await isAlive(colleague.token)]).toEqual([
      false,
      false,
      true,
    ])
    const service = new ServiceClient(second.url)
    for (const token of [accessToken, refreshToken])
      expect((await service.introspect(token)).body).toEqual({ active: false })
    const audits = await gatehouse.superuser.rows(
      `SELECT e.details->'changes'->0->>'after' AS reason FROM audit_events e
       WHERE e.action = 'session.ended_by_provider' AND e.target_ids @> ARRAY[$1, $2]`,
      [toTypeId('Member', person.memberId), provider.id],
    )
    expect(audits).toEqual([{ reason: 'LOGOUT' }, { reason: 'LOGOUT' }])
  })

  it('ends one session of the provider when it names that', async () => {
    const person = await employee()
    expect((await send(await sign(claimsFor({ sid: `sid-a-${person.subject}` })))).status).toBe(200)
    const alive = [await isAlive(person.token), await isAlive(person.other)]
    expect(alive.filter(Boolean)).toHaveLength(1)
    expect((await send(await sign(claimsFor({ sid: `sid-b-${person.subject}`, sub: 'somebody else' })))).status).toBe(
      200,
    )
    expect([await isAlive(person.token), await isAlive(person.other)]).toEqual(alive)
    const both = claimsFor({ sid: `sid-b-${person.subject}`, sub: person.subject })
    expect((await send(await sign(both))).status).toBe(200)
    expect([await isAlive(person.token), await isAlive(person.other)]).toEqual([false, false])
  })

  it('ends a sign-in of which a frontend has the code only', async () => {
    const person = await employee()
    await gatehouse.superuser.rows(
      `INSERT INTO session_codes (organization_id, id, code_hash, challenge, return_url, member_id, sso_identity_id, session_limits, expires_at)
       VALUES ($1, gen_random_uuid(), sha256($2::bytea), '', '', $3, $4, '{}', now() + interval '1 minute')`,
      [acme.uuid, Buffer.from(person.identityId), person.memberId, person.identityId],
    )
    await send(await sign(claimsFor({ sub: person.subject })))
    const codes = await gatehouse.superuser.rows<{ used: boolean }>(
      'SELECT used_at IS NOT NULL AS used FROM session_codes WHERE member_id = $1',
      [person.memberId],
    )
    expect(codes).toEqual([{ used: true }])
  })

  it('is taken once: the same token again is refused, on any instance', async () => {
    const person = await employee()
    const token = await sign(claimsFor({ sub: person.subject }))
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => send(token, provider.id, n % 2 ? gatehouse.url : second.url)),
    )
    const statuses = answers.map(({ status }) => status)
    expect([
      statuses.filter((status) => status === 200).length,
      statuses.filter((status) => status === 400).length,
    ]).toEqual([1, 5])
    const fresh = await person.openSession()
    expect((await send(token)).status).toBe(400)
    expect(await isAlive(fresh)).toBe(true)
  })

  it('reaches no session of another connection or organization, whatever it says', async () => {
    const person = await employee()
    const sibling = await connectionOf(acme)
    const other = await found(gatehouse, 'Other')
    await enterSsoMode(gatehouse, other)
    const elsewhere = await connectionOf(other)
    for (const id of [sibling.id, elsewhere.id])
      expect((await send(await sign(claimsFor({ sub: person.subject })), id)).status).toBe(200)
    expect(await isAlive(person.token)).toBe(true)
  })

  it.each<[string, JWTPayload, object?]>([
    ['an ID token: it has a nonce', { nonce: 'n' }],
    ['an ID token without nonce: it has no event', { events: undefined }],
    ['an event that is not an object', { events: { [EVENT]: true } }],
    ['another event', { events: { 'http://schemas.openid.net/event/other': {} } }],
    ['another audience', { aud: 'somebody' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['no id', { jti: undefined }],
    ['no time', { iat: undefined }],
    ['no end', { exp: undefined }],
    ['ten minutes of age', { iat: Math.floor(Date.now() / 1000) - 600 }],
    ['its end behind it', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['neither person nor session', { sub: undefined }],
    ['an empty person', { sub: '' }],
    ['another type', {}, { typ: 'at+jwt' }],
    ['an unknown key', {}, { kid: 'two' }],
  ])('is refused with %s', async (_, changes, header = {}) => {
    const person = await employee()
    const answer = await send(await sign(claimsFor({ sub: person.subject, ...changes }), header))
    expect([answer.status, answer.error, answer.cache]).toEqual([400, 'invalid_request', 'no-store'])
    expect(await isAlive(person.token)).toBe(true)
  })

  it('is refused when somebody else has signed it, or nobody', async () => {
    const person = await employee()
    const { privateKey } = await generateKeyPair('RS256')
    const claims = claimsFor({ sub: person.subject })
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
    const unsigned = `${Buffer.from('{"alg":"none","kid":"one"}').toString('base64url')}.${body}.`
    for (const token of [await sign(claims, {}, privateKey), unsigned, '', 'x', 'a.b.c', 'x'.repeat(20_000)])
      expect((await send(token)).status).toBe(400)
    expect(await isAlive(person.token)).toBe(true)
  })

  it.each(['JWT', 'logout+jwt', 'LOGOUT+JWT', undefined])(
    'is taken with the type %p, as providers send it',
    async (typ) => {
      const person = await employee()
      expect((await send(await sign(claimsFor({ sub: person.subject }), { typ }))).status).toBe(200)
      expect(await isAlive(person.token)).toBe(false)
    },
  )

  it('is for connections that speak OpenID Connect', async () => {
    const saml = await arrangeProvider(gatehouse, acme, { settings: SAML_SETTINGS, status: 'ACTIVE' })
    for (const id of [saml.id, toTypeId('SsoProvider', '018f0000-0000-7000-8000-000000000000'), 'sso_x'])
      expect((await send(await sign(claimsFor({ sub: 'x' })), id)).status).toBe(404)
  })

  it('asks for the keys once for many tokens, and for unknown keys not again and again', async () => {
    const before = keys.asked()
    for (let n = 0; n < 20; n += 1) await send(await sign(claimsFor({ sub: 'x' }), { kid: `unknown-${n}` }))
    expect(keys.asked() - before).toBeLessThanOrEqual(1)
  })

  it('that cannot be checked now is to be sent again: within six seconds, and nothing has changed', async () => {
    const other = await startKeyServer()
    const slow = await connectionOf(acme, other.url)
    const person = await employee(slow)
    const token = await sign(claimsFor({ sub: person.subject }), {}, other.key)
    for (const condition of ['garbage', 'slow'] as const) {
      other.condition = condition
      const started = performance.now()
      expect((await send(token, slow.id)).status).toBe(503)
      expect(performance.now() - started).toBeLessThan(6_000)
      expect(await isAlive(person.token)).toBe(true)
    }
    other.condition = 'up'
    expect((await send(token, slow.id)).status).toBe(200)
    expect(await isAlive(person.token)).toBe(false)
    await other.close()
  })

  it('leaves no token in the log', async () => {
    const token = await sign(claimsFor({ sub: 'x', nonce: 'n' }))
    await send(token)
    expect(gatehouse.logs.join('')).not.toContain(token)
  })
})
