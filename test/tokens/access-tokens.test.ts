import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { toTypeId } from '../../src/kernel/ids'
import { AccessFixtures, idOf, registerPermissions } from '../support/access-fixtures'
import { arrangeKey } from '../support/api-keys'
import { type Gatehouse, startGatehouse, TEST_OPERATOR_KEY } from '../support/gatehouse'
import { claimsOf, MINT, mint } from '../support/tokens'
import { found, join, type OrganizationMember, signUp, type TestOrganization } from '../support/world'

const ISSUER = 'http://localhost:4000'
const AUDIENCES = ['https://api.example.com', 'https://files.example.com']

let gatehouse: Gatehouse
let acme: TestOrganization
let fixtures: AccessFixtures
let member: OrganizationMember

beforeAll(async () => {
  gatehouse = await startGatehouse({ GATEHOUSE_TOKEN_AUDIENCES: AUDIENCES.join(',') })
  acme = await found(gatehouse, 'Acme')
  fixtures = new AccessFixtures(gatehouse, acme.uuid)
  member = await join(gatehouse, acme)
})
afterAll(() => gatehouse.close())

describe('mintAccessToken', () => {
  it('signs who, where, with which role and permissions, for five minutes', async () => {
    const { accessToken, audience, expiresAt } = await mint(member.organization, {})
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', gatehouse.url))
    const { payload, protectedHeader } = await jwtVerify(accessToken, keys, {
      issuer: ISSUER,
      audience: AUDIENCES[0],
      algorithms: ['ES256'],
      typ: 'at+jwt',
    })
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.stringMatching(/^[\w-]{43}$/) })
    const { iat, exp, jti, auth_time, projects, sid, ...claims } = payload
    expect(claims).toEqual({
      iss: ISSUER,
      sub: toTypeId('User', member.userId),
      aud: AUDIENCES[0],
      client_id: ISSUER,
      amr: ['otp'],
      org_id: acme.id,
      org_slug: acme.slug,
      membership_id: idOf.member(member.memberId),
      email: member.email,
      email_verified: true,
      roles: ['member'],
      permissions: ['member.read', 'organization.read', 'team.read'],
    })
    expect(projects).toEqual([{ id: expect.stringMatching(/^prj_/), roles: ['project_member'] }])
    expect([exp! - iat!, sid, jti]).toEqual([300, expect.stringMatching(/^ses_/), expect.stringMatching(/^[\w-]{36}$/)])
    expect(Math.floor(Date.parse(expiresAt) / 1000)).toBe(exp)
    expect(Number(auth_time)).toBeLessThanOrEqual(iat!)
    expect(audience).toBe(AUDIENCES[0])
  })

  it('is for the audience that is named, if the operator lists it', async () => {
    const { accessToken } = await mint(member.organization, { audience: AUDIENCES[1] })
    expect(claimsOf(accessToken).aud).toBe(AUDIENCES[1])
    const { data } = await member.organization.send(MINT, { input: { audience: 'https://evil.example' } })
    expect(data.mintAccessToken).toMatchObject({
      accessToken: null,
      userErrors: [{ code: 'INVALID', path: ['input', 'audience'] }],
    })
  })

  it('names the projects of the member with the roles given there, and no archived or foreign one', async () => {
    const person = await join(gatehouse, acme)
    const [mine, foreign, archived] = [
      await fixtures.project(),
      await fixtures.project(),
      await fixtures.project('ARCHIVED'),
    ]
    const role = await fixtures.role('PROJECT', ['project.read', 'project.update'])
    await fixtures.grant(mine, { member: person.memberId }, role)
    await fixtures.grant(archived, { member: person.memberId }, role)
    const { projects } = claimsOf((await mint(person.organization, {})).accessToken)
    expect(projects.map(({ id }: { id: string }) => id)).toContain(idOf.project(mine))
    expect(projects).toHaveLength(2)
    expect(JSON.stringify(projects)).not.toContain(idOf.project(foreign))
  })

  it('leaves out lists that are too long, and says so', async () => {
    const wide = await found(gatehouse, 'Wide')
    const many = new AccessFixtures(gatehouse, wide.uuid)
    for (let n = 0; n < 31; n += 1) await many.project()
    const keys = Array.from({ length: 60 }, (_, n) => `very.long.permission_of_the_platform_number_${n}`)
    await registerPermissions(gatehouse, Object.fromEntries(keys.map((key) => [key, { scope: 'ORGANIZATION' }])))
    const { accessToken } = await mint(wide.admin.organization, {})
    const { permissions, permissions_omitted, projects, projects_omitted, roles } = claimsOf(accessToken)
    expect([permissions, permissions_omitted, projects, projects_omitted, roles]).toEqual([
      undefined,
      true,
      undefined,
      true,
      ['admin'],
    ])
    expect(accessToken.length).toBeLessThan(2_048)
  })

  it('does not outlive the session', async () => {
    const person = await join(gatehouse, acme)
    await gatehouse.superuser.rows(
      `UPDATE organization_sessions SET expires_at = now() + interval '70 seconds' WHERE member_id = $1`,
      [person.memberId],
    )
    const { exp, iat } = claimsOf((await mint(person.organization, {})).accessToken)
    expect(exp - iat).toBeLessThanOrEqual(70)
  })

  it('says truthfully whether the address is verified', async () => {
    const person = await join(gatehouse, acme)
    await gatehouse.superuser.rows(`UPDATE identities SET verified_emails = '{}' WHERE user_id = $1`, [person.userId])
    expect(claimsOf((await mint(person.organization, {})).accessToken).email_verified).toBe(false)
  })

  it('is for sessions: nobody else gets one', async () => {
    const stranger = await signUp(gatehouse)
    const suspended = await join(gatehouse, acme)
    await gatehouse.superuser.rows(`UPDATE members SET status = 'SUSPENDED', suspended_at = now() WHERE id = $1`, [
      suspended.memberId,
    ])
    for (const token of [undefined, suspended.organizationToken]) {
      const { status, errors } = await gatehouse.client(token).send(MINT, { input: {} })
      expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED'])
    }
    const { token: key } = await arrangeKey(gatehouse, acme, { member: acme.admin })
    for (const [token, code] of [
      [stranger.accountToken, 'NOT_FOUND'],
      [key, 'FORBIDDEN'],
      [TEST_OPERATOR_KEY, 'NOT_FOUND'],
    ] as const) {
      const { data } = await gatehouse.client(token).send(MINT, { input: {} })
      expect(data.mintAccessToken).toMatchObject({ accessToken: null, userErrors: [{ code }] })
    }
  })

  it('opens nothing here', async () => {
    const { accessToken } = await mint(member.organization, {})
    const { status, errors } = await gatehouse.client(accessToken).send('{ viewer { user { id } } }')
    expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED'])
    expect(errors?.[0]?.message).toContain('session token')
  })

  it('gives a page no refresh token: what a script can read must not outlive the page', async () => {
    const response = await fetch(`${gatehouse.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: `gatehouse_organization=${member.organizationToken}`,
        origin: ISSUER,
      },
      body: JSON.stringify({ query: MINT, variables: { input: { withRefreshToken: true } } }),
    })
    const { data } = (await response.json()) as { data: { mintAccessToken: object } }
    expect(data.mintAccessToken).toMatchObject({ accessToken: null, userErrors: [{ code: 'FORBIDDEN' }] })
  })

  it('leaves no token in log or audit', async () => {
    const { accessToken, refreshToken } = await mint(member.organization)
    const audits = await gatehouse.superuser.rows(
      `SELECT details FROM audit_events WHERE action = 'refresh_token.issued'`,
    )
    expect(audits.length).toBeGreaterThan(0)
    for (const text of [gatehouse.logs.join(''), JSON.stringify(audits)]) {
      expect(text).not.toContain(accessToken)
      expect(text).not.toContain(refreshToken)
    }
  })
})

describe('the documents of the authorization server', () => {
  const read = async (path: string) => {
    const response = await fetch(gatehouse.url + path)
    return { headers: response.headers, body: (await response.json()) as Record<string, unknown> }
  }

  it('publish public keys alone, for five minutes', async () => {
    const { headers, body } = await read('/.well-known/jwks.json')
    expect(headers.get('cache-control')).toBe('public, max-age=300')
    expect(headers.get('content-type')).toContain('application/jwk-set+json')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    const { keys } = body as unknown as JSONWebKeySet
    expect(keys).toHaveLength(2)
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    expect(createLocalJWKSet({ keys })).toBeInstanceOf(Function)
  })

  it('say what there is, and nothing that there is not', async () => {
    const { body, headers } = await read('/.well-known/openid-configuration')
    expect((await read('/.well-known/oauth-authorization-server')).body).toEqual(body)
    expect(headers.get('cache-control')).toBe('public, max-age=3600')
    expect(body).toMatchObject({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      response_types_supported: [],
    })
    expect(body).not.toHaveProperty('authorization_endpoint')
    expect(body).not.toHaveProperty('userinfo_endpoint')
    const claims = new Set(body.claims_supported as string[])
    const { accessToken } = await mint(member.organization, {})
    expect(Object.keys(claimsOf(accessToken)).filter((claim) => !claims.has(claim))).toEqual([])
    for (const [name, endpoint] of Object.entries(body).filter(([name]) => name.endsWith('_endpoint'))) {
      const { status } = await fetch(String(endpoint).replace(ISSUER, gatehouse.url), { method: 'POST' })
      expect([name, status]).not.toEqual([name, 404])
    }
  })
})
