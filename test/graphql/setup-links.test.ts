import { Operation, systemCaller } from '../../src/access'
import { fromTypeId } from '../../src/kernel/ids'
import { signInWithSsoIdentity } from '../../src/modules/sso-sign-in'
import { arrangeAccess } from '../support/access'
import { TestBrowser } from '../support/browser'
import { COUNTERS } from '../support/counters'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { roleId } from '../support/invitations'
import { switchedToSso } from '../support/membership-mode'
import { arrangeProvider, enterSsoMode } from '../support/sso'
import { found, join, type TestOrganization } from '../support/world'

const CREATE = `mutation ($id: ID!, $intents: [SetupIntent!]!, $hours: Int) {
  createSetupLink(organizationId: $id, intents: $intents, expiresInHours: $hours) { setupLink { id intents lastUsedAt } url userErrors { code path } } }`
const REVOKE = 'mutation ($id: ID!) { revokeSetupLink(id: $id) { revokedId userErrors { code } } }'
const LINKS = 'query ($id: ID!) { organization(by: { id: $id }) { setupLinks { id createdByName lastUsedAt } } }'
const DOMAIN =
  'mutation ($id: ID!) { addDomain(organizationId: $id, name: "acme.example") { domain { id } userErrors { code } } }'

describe('a set-up link', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  beforeEach(async () => {
    acme = await found(gatehouse, 'Acme')
  })
  afterAll(() => gatehouse.close())

  async function create(
    intents = ['SSO', 'DOMAINS'],
    client = acme.admin.organization,
    hours?: number,
  ): Promise<Answer> {
    return (await client.send(CREATE, { id: acme.id, intents, hours })).data.createSetupLink
  }
  const tokenOf = ({ url }: Answer): string => url.split('/').at(-1)
  const holder = async (intents?: string[]): Promise<GraphQLClient> => gatehouse.client(tokenOf(await create(intents)))
  const codes = (answer: Answer) => Object.values<Answer>(answer.data)[0]?.userErrors.map(({ code }: Answer) => code)

  it('sets up what it is for, in its own organization, and is written down as such', async () => {
    const created = await create()
    expect(created).toMatchObject({ setupLink: { intents: ['SSO', 'DOMAINS'], lastUsedAt: null }, userErrors: [] })
    expect(created.url).toMatch(/^http:\/\/localhost:4000\/setup\/gsu_[0-9A-Za-z]{71}$/)
    const client = gatehouse.client(tokenOf(created))
    expect(codes(await client.send(DOMAIN, { id: acme.id }))).toEqual([])
    const provider = await arrangeProvider(gatehouse, acme)
    expect(
      codes(
        await client.send('mutation ($id: ID!) { testSsoProvider(id: $id) { userErrors { code } } }', {
          id: provider.id,
        }),
      ),
    ).toEqual([])
    const { data } = await client.send(
      'query ($id: ID!) { organization(by: { id: $id }) { name viewerPermissions domains { name } ssoProviders { id } } }',
      { id: acme.id },
    )
    expect(data.organization).toMatchObject({ name: 'Acme', domains: [{ name: 'acme.example' }], ssoProviders: [{}] })
    const events = await gatehouse.superuser.rows<{ actor_kind: string; details: Answer }>(
      `SELECT actor_kind, details FROM audit_events WHERE organization_id = $1 AND action IN ('domain.added', 'sso_provider.test_started')`,
      [acme.uuid],
    )
    expect(events.map((event) => [event.actor_kind, event.details.actor])).toEqual([
      ['setup', `Set-up link of ${acme.admin.name}`],
      ['setup', `Set-up link of ${acme.admin.name}`],
    ])
    const everything = JSON.stringify([
      events,
      gatehouse.logs,
      await gatehouse.superuser.rows('SELECT * FROM setup_links'),
    ])
    expect(everything).not.toContain(tokenOf(created))
  })

  it('does nothing else: no members, no projects, no keys, no further links, no other organization', async () => {
    const client = await holder()
    const rival = await found(gatehouse, 'Rival')
    const { data, extensions } = await client.send(
      `query ($id: ID!) { organization(by: { id: $id }) { members(first: 1) { nodes { id } } invitations(first: 1) { nodes { id } }
         auditEvents(first: 1) { nodes { id } } projects(first: 5) { nodes { id } } setupLinks { id } billingEmail } }`,
      { id: acme.id },
    )
    expect(data.organization).toEqual({
      members: null,
      invitations: null,
      auditEvents: null,
      projects: { nodes: [] },
      setupLinks: null,
      billingEmail: null,
    })
    expect(extensions.denied?.length).toBe(5)
    const role = await roleId(gatehouse, acme, 'admin')
    for (const [document, variables] of [
      [
        'mutation ($id: ID!) { inviteMembers(organizationId: $id, input: { emails: ["me@evil.example"] }) { userErrors { code } } }',
        {},
      ],
      ['mutation ($id: ID!) { updateOrganization(id: $id, input: { name: "Mine" }) { userErrors { code } } }', {}],
      [
        'mutation ($id: ID!, $intents: [SetupIntent!]!) { createSetupLink(organizationId: $id, intents: $intents) { userErrors { code } } }',
        { intents: ['SSO'] },
      ],
      ['mutation ($id: ID!) { createProject(organizationId: $id, input: { name: "P" }) { userErrors { code } } }', {}],
    ] as const)
      expect([document, codes(await client.send(document, { id: acme.id, ...variables }))]).toEqual([
        document,
        ['FORBIDDEN'],
      ])
    expect(codes(await client.send(DOMAIN, { id: rival.id }))).toEqual(['NOT_FOUND'])
    const { id } = await arrangeProvider(gatehouse, acme)
    const team = (await arrangeAccess(gatehouse, acme).team()).id
    const update = async (input: object) =>
      codes(
        await client.send(
          'mutation ($id: ID!, $input: UpdateSsoProviderInput!) { updateSsoProvider(id: $id, input: $input) { userErrors { code } } }',
          { id, input },
        ),
      )
    expect(await update({ defaultRoleId: role })).toEqual(['FORBIDDEN'])
    expect(await update({ groupMappings: [{ group: 'Everybody', roleId: role }] })).toEqual(['FORBIDDEN'])
    expect(await update({ groupMappings: [{ group: 'Everybody', teamId: team }] })).toEqual([])
    const [project, granted] = [await arrangeAccess(gatehouse, acme).project(), fromTypeId('Team', team)!]
    await arrangeAccess(gatehouse, acme).grant(project, { team: { uuid: granted, id: team } }, 'project_admin')
    expect(await update({ groupMappings: [{ group: 'Others', teamId: team }] })).toEqual(['FORBIDDEN'])
    expect((await client.send('{ viewer { user { id } } }')).data.viewer).toBeNull()
  })

  it('is cut down to its intents', async () => {
    const client = await holder(['SSO'])
    expect(codes(await client.send(DOMAIN, { id: acme.id }))).toEqual(['FORBIDDEN'])
  })

  it('ends when it is revoked or expires, and is made by those with the permission only', async () => {
    const created = await create()
    const client = gatehouse.client(tokenOf(created))
    const weak = (await join(gatehouse, acme)).organization
    const rival = (await found(gatehouse, 'Rival')).admin.organization
    expect((await create(['SSO'], weak)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
    expect((await create(['SSO'], rival)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    expect((await create([])).userErrors).toEqual([{ code: 'REQUIRED', path: ['intents'] }])
    expect((await create(['SSO'], undefined, 721)).userErrors).toEqual([{ code: 'INVALID', path: ['expiresInHours'] }])
    const revoke = async (by: GraphQLClient) => codes(await by.send(REVOKE, { id: created.setupLink.id }))
    expect([await revoke(weak), await revoke(rival), await revoke(client)]).toEqual([
      ['FORBIDDEN'],
      ['NOT_FOUND'],
      ['FORBIDDEN'],
    ])
    expect((await acme.admin.organization.send(LINKS, { id: acme.id })).data.organization.setupLinks).toHaveLength(1)
    expect(await revoke(acme.admin.organization)).toEqual([])
    const refused = await client.send(DOMAIN, { id: acme.id })
    expect(refused.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    const expired = await holder()
    await gatehouse.superuser.rows(`UPDATE setup_links SET expires_at = now() - interval '1 second'`)
    expect((await expired.send(DOMAIN, { id: acme.id })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  it('opens a page with the values to copy, as often as one likes', async () => {
    const { url } = await create()
    const path = new URL(url).pathname
    await arrangeProvider(gatehouse, acme, { name: 'Okta of Acme' })
    const browser = new TestBrowser(gatehouse.url, { host: 'localhost:4000', origin: 'http://localhost:4000' })
    for (const _again of [1, 2]) {
      const page = await browser.get(path)
      expect([page.status, page.html.includes('Okta of Acme'), page.html.includes('/callback')]).toEqual([
        200,
        true,
        true,
      ])
    }
    const claimed = await browser.submit(`${path}/domains`, { domain: 'acme.example' })
    expect(claimed.html).toContain('_gatehouse-challenge.acme.example')
    const refused = await browser.submit(`${path}/domains`, { domain: 'gmail.com' })
    expect([refused.status, refused.html.includes('value="gmail.com"')]).toEqual([422, true])
    expect((await browser.get(`${path.slice(0, -3)}abc`)).status).toBe(410)
    expect(JSON.stringify(gatehouse.logs)).not.toContain(path.split('/').at(-1))
  })

  it('keeps what was typed when a connection is refused, but not the secret', async () => {
    const path = new URL((await create()).url).pathname
    const browser = new TestBrowser(gatehouse.url, { host: 'localhost:4000', origin: 'http://localhost:4000' })
    await browser.get(path)
    const issuer = 'https://login.acme.example'
    const typed = { name: 'Okta of Acme', vendor: 'OKTA', protocol: 'OIDC', issuer, clientSecret: 'very-secret' }
    const { status, html } = await browser.submit(`${path}/connections`, typed)
    expect(status).toBe(422)
    for (const kept of ['value="Okta of Acme"', `value="${issuer}"`, '<option selected value="OIDC">'])
      expect(html).toContain(kept)
    expect(html).not.toContain('very-secret')
    expect(html).toContain('id="clientId-error"')
  })

  it('puts a connection to use on its page once it was tested, where members come by SSO', async () => {
    const path = new URL((await create()).url).pathname
    const tested = await arrangeProvider(gatehouse, acme, { status: 'TESTED' })
    const draft = await arrangeProvider(gatehouse, acme, { status: 'DRAFT' })
    const browser = new TestBrowser(gatehouse.url, { host: 'localhost:4000', origin: 'http://localhost:4000' })
    const activate = ({ id }: { id: string }) => `${path}/connections/${id}/activate`
    const waiting = await browser.get(path)
    expect(waiting.html).not.toContain('/activate"')
    expect(waiting.html).toContain('when the organization changes to members who sign in through their company')
    await enterSsoMode(gatehouse, acme)
    const { html } = await browser.get(path)
    expect([html.includes(activate(tested)), html.includes(activate(draft))]).toEqual([true, false])
    expect((await browser.submit(activate(tested))).html).toContain('In use')
    const early = await browser.post(activate(draft), browser.openForm(`${path}/domains`))
    expect([early.status, early.html.includes('Test the connection first')]).toEqual([422, true])
  })

  it('brings in the first Admin of an organization that begins in SSO mode, once', async () => {
    const { data } = await gatehouse.operator.send(
      `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) {
         organization { id membershipMode } setupUrl token userErrors { code path } } }`,
      {
        input: {
          name: 'Newcorp',
          billingEmail: 'a@b.example',
          membershipMode: 'SSO',
          firstAdminEmail: 'Boss@newcorp.example',
        },
      },
    )
    const { organization, setupUrl } = data.createOrganization
    expect(data.createOrganization).toMatchObject({
      organization: { membershipMode: 'SSO' },
      token: null,
      userErrors: [],
    })
    expect(setupUrl).toContain('/setup/gsu_')
    const uuid = fromTypeId('Organization', organization.id)!
    const provider = await arrangeProvider(gatehouse, { uuid } as TestOrganization, { status: 'TESTED' })
    const client = gatehouse.client(setupUrl.split('/').at(-1))
    expect(
      codes(
        await client.send('mutation ($id: ID!) { activateSsoProvider(id: $id) { userErrors { code } } }', {
          id: provider.id,
        }),
      ),
    ).toEqual([])
    await gatehouse.superuser.rows('UPDATE sso_providers SET allows_other_domains = true WHERE id = $1', [
      provider.uuid,
    ])
    const signIn = (subject: string, email: string) =>
      new Operation(gatehouse.app.spine, systemCaller('test', uuid)).execute(signInWithSsoIdentity, {
        organizationId: uuid,
        providerId: provider.uuid,
        person: { subject, email, name: subject, avatarUrl: null, groups: [] },
        subjectFormat: null,
        message: null,
        authenticatedAt: new Date(),
        idpSession: null,
        sessionEnd: null,
        certificateFingerprint: null,
        refreshToken: null,
        idToken: null,
        linkMemberId: null,
        app: null,
      })
    await signIn('early', 'early@newcorp.example')
    await signIn('boss', 'boss@newcorp.example')
    await signIn('twin', 'boss@newcorp.example')
    const people = await gatehouse.superuser.rows(
      `SELECT m.email, r.key FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
       WHERE m.organization_id = $1 ORDER BY m.id`,
      [uuid],
    )
    expect(people).toEqual([
      { email: 'early@newcorp.example', key: 'member' },
      { email: 'boss@newcorp.example', key: 'admin' },
    ])
    const counters = await gatehouse.superuser.rows(
      `SELECT joined, admins, adminless_since FROM ${COUNTERS} AS c WHERE organization_id = $1`,
      [uuid],
    )
    expect(counters).toEqual([{ joined: 2, admins: 1, adminless_since: null }])
    const incomplete = await acme.admin.account.send(
      'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { userErrors { code path } } }',
      { input: { name: 'Other', billingEmail: 'a@b.example', membershipMode: 'SSO' } },
    )
    expect(incomplete.data.createOrganization.userErrors).toEqual([
      { code: 'REQUIRED', path: ['input', 'firstAdminEmail'] },
    ])
  })
})

describe('the page for entering an organization in SSO mode', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  it('offers to link the company sign-in, and takes a recovery code of an Admin once', async () => {
    const acme = await found(gatehouse, 'Acme')
    const weak = await join(gatehouse, acme)
    const { codes: recoveryCodes } = await switchedToSso(gatehouse, acme)
    const path = `/organizations/${acme.slug}/enter`
    const browserOf = (token: string): TestBrowser => {
      const browser = new TestBrowser(gatehouse.url, { host: 'localhost:4000', origin: 'http://localhost:4000' })
      browser.cookies.set('gatehouse_account', token)
      return browser
    }
    const member = browserOf(weak.accountToken)
    const offered = await member.get(path)
    expect([offered.status, offered.html.includes('/link'), offered.html.includes('recoveryCode')]).toEqual([
      200,
      true,
      false,
    ])
    const admin = browserOf(acme.admin.accountToken)
    expect((await admin.get(path)).html).toContain('recoveryCode')
    expect((await admin.submit(path, { recoveryCode: 'nonsense' })).status).toBe(422)
    const entered = await admin.submit(path, { recoveryCode: recoveryCodes[0]! })
    expect(entered.location).toContain(`/organizations/${acme.slug}`)
    await admin.get(path)
    expect((await admin.submit(path, { recoveryCode: recoveryCodes[0]! })).status).toBe(422)
  })
})
