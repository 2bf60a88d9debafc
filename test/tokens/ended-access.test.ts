import { newId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { idOf } from '../support/access-fixtures'
import { type AnotherInstance, startAnotherInstance } from '../support/another-instance'
import { TestBrowser } from '../support/browser'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { GraphQLClient } from '../support/graphql-client'
import { ServiceClient } from '../support/service-client'
import { arrangeProvider } from '../support/sso'
import { mint, refresh } from '../support/tokens'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

/*
 * Everything that ends access ends the tokens of applications with its answer: asked on another instance than the one
 * that answered. A service that verifies offline believes an access token for up to five minutes more (docs/tokens.md).
 */

const MEMBERS = 'sessionsRevoked refreshTokensRevoked'

let gatehouse: Gatehouse
let second: AnotherInstance
let service: ServiceClient
let acme: TestOrganization

beforeAll(async () => {
  gatehouse = await startGatehouse()
  second = await startAnotherInstance(gatehouse.testDatabase.appUrl)
  service = new ServiceClient(second.url)
})
beforeEach(async () => {
  acme = await found(gatehouse, 'Acme')
})
afterAll(async () => {
  await second.close()
  await gatehouse.close()
})

/** What a person's tokens are worth on the other instance. */
async function worth({ accessToken, refreshToken }: { accessToken: string; refreshToken: string }) {
  const [access, refreshing, check] = await Promise.all([
    service.introspect(accessToken),
    service.introspect(refreshToken),
    service.check({ type: 'token', id: accessToken }, 'organization.read', { type: 'organization', id: acme.id }),
  ])
  return [access.body.active, refreshing.body.active, check[0]]
}
const EVERYTHING = [true, true, true]
const NOTHING = [false, false, false]

async function changeMembers(mutation: string, member: OrganizationMember) {
  const { data } = await acme.admin.organization.send(
    `mutation ($id: ID!, $members: MemberSelection!) { ${mutation}(organizationId: $id, members: $members) {
       receipt { ${MEMBERS} } userErrors { code } } }`,
    { id: acme.id, members: { ids: [idOf.member(member.memberId)] } },
  )
  return data[mutation]
}

/** A way to lose access. */
type Ending = (member: OrganizationMember) => Promise<unknown>

const ENDINGS: Readonly<Record<string, Ending>> = {
  removeMembers: (member) => changeMembers('removeMembers', member),
  suspendMembers: (member) => changeMembers('suspendMembers', member),
  leaveOrganization: ({ organization }) =>
    organization.send('mutation ($id: ID!) { leaveOrganization(id: $id) { userErrors { code } } }', { id: acme.id }),
  disableUser: ({ userId }) =>
    gatehouse.operator.send('mutation ($id: ID!) { disableUser(userId: $id) { userErrors { code } } }', {
      id: toTypeId('User', userId),
    }),
  deleteOrganization: () =>
    acme.admin.organization.send(
      'mutation ($id: ID!, $slug: String!) { deleteOrganization(id: $id, confirmSlug: $slug) { userErrors { code } } }',
      { id: acme.id, slug: acme.slug },
    ),
  revokeSession: async ({ account, memberId }) => {
    const [session] = await gatehouse.superuser.rows<{ id: string }>(
      'SELECT id FROM organization_sessions WHERE member_id = $1',
      [memberId],
    )
    return account.send('mutation ($id: ID!) { revokeSession(id: $id) { revoked userErrors { code } } }', {
      id: toTypeId('Session', session!.id),
    })
  },
  'sign-out': async ({ accountToken }) => {
    const browser = new TestBrowser(gatehouse.url)
    browser.cookies.set('gatehouse_account', accountToken)
    await browser.get('/')
    return browser.submit('/logout')
  },
  'a restored backup': () =>
    gatehouse.superuser.rows('UPDATE organization_sessions SET revoked_at = now() WHERE revoked_at IS NULL'),
}

describe('tokens of applications end with', () => {
  it.each(Object.entries(ENDINGS))('%s', async (_, end) => {
    const member = await join(gatehouse, acme)
    const tokens = await mint(member.organization)
    expect(await worth(tokens)).toEqual(EVERYTHING)
    await end(member)
    expect(await worth(tokens)).toEqual(NOTHING)
    expect((await refresh(second.url, tokens.refreshToken)).status).toBe(400)
  })

  it('an identity that is unlinked, and those opened by another one go on', async () => {
    const { admin } = acme
    const identityId = newId()
    const { token, hash } = makeToken('accountSession', null)
    await gatehouse.superuser.rows(
      `INSERT INTO identities (id, user_id, provider, subject) VALUES ($1, $2, 'GITHUB', $3)`,
      [identityId, admin.userId, identityId],
    )
    await gatehouse.superuser.rows(
      `INSERT INTO account_sessions (id, token_hash, user_id, identity_id, provider, expires_at)
       VALUES ($1, $2, $3, $4, 'GITHUB', now() + interval '1 hour')`,
      [newId(), hash, admin.userId, identityId],
    )
    const switched = await gatehouse
      .client(token)
      .send('mutation ($id: ID!) { switchOrganization(organizationId: $id) { token } }', { id: acme.id })
    const ended = await mint(gatehouse.client(switched.data.switchOrganization.token))
    const kept = await mint(admin.organization)
    await admin.account.send('mutation ($id: ID!) { unlinkIdentity(id: $id) { userErrors { code } } }', {
      id: toTypeId('ExternalIdentity', identityId),
    })
    expect([await worth(ended), await worth(kept)]).toEqual([NOTHING, EVERYTHING])
  })

  it.each(['disableSsoProvider', 'deleteSsoProvider'])(
    '%s, for those who came through the connection',
    async (name) => {
      await gatehouse.superuser.rows(`UPDATE organizations SET membership_mode = 'SSO' WHERE organization_id = $1`, [
        acme.uuid,
      ])
      const providers = [
        await arrangeProvider(gatehouse, acme, { status: 'ACTIVE' }),
        await arrangeProvider(gatehouse, acme, { status: 'ACTIVE' }),
      ]
      const [ended, kept] = await Promise.all(
        providers.map(async ({ uuid }) => {
          const member = await join(gatehouse, acme)
          await gatehouse.superuser.rows('UPDATE organization_sessions SET sso_provider_id = $1 WHERE member_id = $2', [
            uuid,
            member.memberId,
          ])
          return mint(member.organization)
        }),
      )
      expect([await worth(ended!), await worth(kept!)]).toEqual([EVERYTHING, EVERYTHING])
      const { data } = await acme.admin.organization.send(
        `mutation ($id: ID!) { ${name}(id: $id) { sessionsEnded refreshTokensRevoked userErrors { code message } } }`,
        { id: providers[0]!.id },
      )
      expect(data[name]).toEqual({ sessionsEnded: 1, refreshTokensRevoked: 1, userErrors: [] })
      expect([await worth(ended!), await worth(kept!)]).toEqual([NOTHING, EVERYTHING])
    },
  )
})

describe('receipts', () => {
  it('count the refresh tokens that were alive, each family once', async () => {
    for (const mutation of ['suspendMembers', 'removeMembers']) {
      const member = await join(gatehouse, acme)
      const first = await mint(member.organization)
      await refresh(gatehouse.url, first.refreshToken)
      await mint(member.organization)
      expect((await changeMembers(mutation, member)).receipt).toEqual({ sessionsRevoked: 1, refreshTokensRevoked: 2 })
    }
  })

  it('count them when an organization is deleted', async () => {
    const gone = await found(gatehouse, 'Gone')
    await mint(gone.admin.organization)
    await mint((await join(gatehouse, gone)).organization)
    const { data } = await gone.admin.organization.send(
      'mutation ($id: ID!, $slug: String!) { deleteOrganization(id: $id, confirmSlug: $slug) { sessionsRevoked refreshTokensRevoked } }',
      { id: gone.id, slug: gone.slug },
    )
    expect(data.deleteOrganization).toEqual({ sessionsRevoked: 2, refreshTokensRevoked: 2 })
  })

  it('count them over all organizations when an account is disabled', async () => {
    const other = await found(gatehouse, 'Other', acme.admin)
    await mint(acme.admin.organization)
    await mint(other.admin.organization)
    const { data } = await gatehouse.operator.send(
      'mutation ($id: ID!) { disableUser(userId: $id) { receipt { organizationSessions refreshTokens } } }',
      { id: toTypeId('User', acme.admin.userId) },
    )
    expect(data.disableUser.receipt).toEqual({ organizationSessions: 2, refreshTokens: 2 })
  })
})

describe('an introspected token', () => {
  it('of access says what it allows now, and what it says of itself', async () => {
    const member = await join(gatehouse, acme)
    const { accessToken, audience } = await mint(member.organization)
    await gatehouse.superuser.rows(
      `UPDATE members SET role_id = (SELECT id FROM roles WHERE organization_id = $1 AND key = 'admin') WHERE id = $2`,
      [acme.uuid, member.memberId],
    )
    const { body } = await service.introspect(accessToken)
    expect(body).toMatchObject({
      active: true,
      iss: 'http://localhost:4000',
      aud: audience,
      token_type: 'Bearer',
      sub: toTypeId('User', member.userId),
      client_id: 'http://localhost:4000',
      organization_id: acme.id,
      member_id: idOf.member(member.memberId),
      session_id: expect.stringMatching(/^ses_/),
      jti: expect.any(String),
    })
    expect(body.scope.split(' ')).toContain('member.remove')
    expect(body.exp - body.iat).toBe(300)
  })

  it('of refresh has no scope, and is inactive once it was used', async () => {
    const member = await join(gatehouse, acme)
    const { refreshToken, audience } = await mint(member.organization)
    const { body } = await service.introspect(refreshToken)
    expect(body).toMatchObject({
      active: true,
      aud: audience,
      organization_id: acme.id,
      session_id: expect.any(String),
    })
    expect(body).not.toHaveProperty('scope')
    await refresh(gatehouse.url, refreshToken)
    expect((await service.introspect(refreshToken)).body).toEqual({ active: false })
  })

  it('may be one of many in a batch of checks', async () => {
    const member = await join(gatehouse, acme)
    const { accessToken } = await mint(member.organization, {})
    const { body } = await service.post('/access/v1/evaluations', {
      subject: { type: 'token', id: accessToken },
      resource: { type: 'organization', id: acme.id },
      evaluations: [
        { action: { name: 'member.read' } },
        { action: { name: 'member.remove' } },
        { action: { name: 'member.read' }, subject: { type: 'token', id: member.organizationToken } },
        { action: { name: 'member.read' }, subject: { type: 'token', id: `${accessToken}x` } },
      ],
    })
    expect(body.evaluations.map(({ decision }: { decision: boolean }) => decision)).toEqual([true, false, true, false])
  })

  it('notes that its session is in use', async () => {
    const member = await join(gatehouse, acme)
    const { accessToken } = await mint(member.organization, {})
    await gatehouse.superuser.rows(
      `UPDATE organization_sessions SET last_active_at = now() - interval '2 hours' WHERE member_id = $1`,
      [member.memberId],
    )
    await new ServiceClient(gatehouse.url).introspect(accessToken)
    for (let tries = 0; tries < 100; tries += 1) {
      const [row] = await gatehouse.superuser.rows<{ fresh: boolean }>(
        `SELECT last_active_at > now() - interval '1 hour' AS fresh FROM organization_sessions WHERE member_id = $1`,
        [member.memberId],
      )
      if (row!.fresh) return
    }
    throw new Error('the session was not marked active')
  })

  it('is nothing without the service key', async () => {
    const { accessToken } = await mint(acme.admin.organization, {})
    const anonymous = new GraphQLClient(`${second.url}/graphql`, accessToken)
    expect((await anonymous.send('{ viewer { user { id } } }')).status).toBe(401)
    expect((await new ServiceClient(second.url, null).introspect(accessToken)).status).toBe(401)
  })
})
