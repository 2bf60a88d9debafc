import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Operation, systemCaller } from '../../src/access'
import { fromTypeId, newId, toTypeId } from '../../src/kernel/ids'
import { finishTest, recordTestStep, type SsoTestFindings, secretSealContext } from '../../src/modules/sso'
import { makeToken, selfSignedCertificate } from '../../src/platform/crypto'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { arrangeProvider, enterSsoMode } from '../support/sso'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

const PROVIDER = `__typename id name status version hasPendingSettings justInTime defaultRole { key } subjectSource
  attributeMapping { target source } groupMappings { group role { key } team { name } } sessionLifetimeMinutes
  ... on OidcProvider { issuer clientId clientSecretPreview clientAuthentication scopes tokenEndpoint }
  ... on SamlProvider { idpEntityId idpSsoUrl signRequests certificates { id fingerprintSha256 status isExpiringSoon isExpired } }`
const CREATE = `mutation ($org: ID!, $input: CreateSsoProviderInput!) { createSsoProvider(organizationId: $org, input: $input) {
  provider { ${PROVIDER} } userErrors { code path message } } }`
const UPDATE = `mutation ($id: ID!, $input: UpdateSsoProviderInput!, $version: Int) {
  updateSsoProvider(id: $id, input: $input, expectedVersion: $version) { provider { ${PROVIDER} } userErrors { code path message } } }`
const IMPORT = `mutation ($id: ID!, $from: MetadataSource!) { importSsoProvider(id: $id, from: $from) {
  provider { ${PROVIDER} } userErrors { code path message } } }`
const simple = (name: string, fields: string) =>
  `mutation ($id: ID!) { ${name}(id: $id) { ${fields} userErrors { code path message } } }`
const TEST = simple('testSsoProvider', 'testRun { id status startUrl steps { key } }')
const ACTIVATE = simple('activateSsoProvider', `provider { ${PROVIDER} }`)
const DISABLE = simple('disableSsoProvider', `provider { ${PROVIDER} } sessionsEnded`)
const DELETE = simple('deleteSsoProvider', 'deletedId sessionsEnded')
const RETIRE = simple('retireSsoCertificate', `provider { ${PROVIDER} }`)
const ADD = `mutation ($id: ID!, $certificate: String!) { addSsoCertificate(id: $id, certificate: $certificate) {
  provider { ${PROVIDER} } userErrors { code path message } } }`
const READ = `query ($id: ID!) { node(id: $id) { ... on SsoProvider { ${PROVIDER} setupValues { key value } setupGuide { key values { value } }
  lastTest { status startUrl errorCode mappedEmail received } testRuns { id } viewerCan(action: ACTIVATE) { allowed reason } } } }`
const LIST = `query ($id: ID!) { organization(by: { id: $id }) { ssoProviders { id name lastTest { status } } } }`

const SECRET = 'kangaroo-court-secret-9876'
const [first, second, expired] = [
  selfSignedCertificate('first').certificate,
  selfSignedCertificate('second').certificate,
  selfSignedCertificate('expired', { notAfter: new Date('2025-01-01') }).certificate,
]
const FINDINGS: SsoTestFindings = {
  received: { sub: '42' },
  profile: { subject: '42', email: 'ada@example.com', name: 'Ada', roleName: 'Member' },
  errorCode: null,
  errorMessage: null,
  howToFix: [],
}
const saml = (certificates: string[], changes: object = {}) => ({
  saml: { idpEntityId: 'https://idp.example.com', idpSsoUrl: 'https://idp.example.com/sso', certificates, ...changes },
})

describe('connections', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let enterprise: TestOrganization
  let weak: OrganizationMember
  let stranger: OrganizationMember
  let provider: Server
  let issuer: string
  let asked = 0

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    enterprise = await found(gatehouse, 'Enterprise')
    await enterSsoMode(gatehouse, enterprise)
    weak = await join(gatehouse, acme)
    stranger = (await found(gatehouse, 'Rival')).admin
    provider = createServer((request, response) => {
      asked += 1
      const endpoints = {
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
      }
      const document = { issuer, ...endpoints, response_types_supported: ['code'] }
      response.writeHead(request.url?.endsWith('/openid-configuration') ? 200 : 404)
      response.end(JSON.stringify(document))
    })
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
    issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    await new Promise((resolve) => provider.close(resolve))
    await gatehouse.close()
  })

  const run = async (client: GraphQLClient, document: string, variables: Record<string, unknown>) => {
    const answer = await client.send(document, variables)
    return { ...answer, payload: (Object.values(answer.data ?? {})[0] ?? null) as Answer }
  }
  const codes = (answer: { payload: { userErrors: { code: string }[] } }) =>
    answer.payload.userErrors.map(({ code }) => code)
  const admin = (organization = acme) => organization.admin.organization
  let names = 0
  const create = async (organization: TestOrganization, protocol: object, more: object = {}) => {
    const input = { name: `Provider ${(names += 1)}`, vendor: 'OTHER', protocol, ...more }
    return run(admin(organization), CREATE, { org: organization.id, input })
  }
  const createSaml = async (organization = acme): Promise<Answer> =>
    (await create(organization, saml([first]))).payload.provider
  const read = async (id: string, organization = acme) => (await admin(organization).send(READ, { id })).data.node
  const roleId = async (key: string, organization = acme): Promise<string> => {
    const [row] = await gatehouse.superuser.rows<{ id: string }>(
      'SELECT id FROM roles WHERE organization_id = $1 AND key = $2',
      [organization.uuid, key],
    )
    return toTypeId('Role', row!.id)
  }
  /** Runs a test to its end, as the sign-in does. */
  const pass = async (organization: TestOrganization, id: string, passed = true): Promise<boolean> => {
    const { testRun } = (await run(admin(organization), TEST, { id })).payload
    return finish(organization, testRun.id, passed)
  }
  const finish = async (organization: TestOrganization, testRun: string, passed = true): Promise<boolean> => {
    const target = { organizationId: organization.uuid, testRunId: fromTypeId('SsoTestRun', testRun)! }
    const operation = new Operation(gatehouse.app.spine, systemCaller('test'))
    await operation.execute(recordTestStep, {
      ...target,
      step: { key: 'token', title: 'Token', status: passed ? 'PASSED' : 'FAILED', detail: null },
    })
    return operation.execute(finishTest, { ...target, passed, findings: FINDINGS })
  }
  const active = async (organization = enterprise): Promise<Answer> => {
    const made = await createSaml(organization)
    expect(await pass(organization, made.id)).toBe(true)
    const answer = await run(admin(organization), ACTIVATE, { id: made.id })
    expect(codes(answer)).toEqual([])
    return answer.payload.provider
  }
  const signIn = async (organization: TestOrganization, id: string): Promise<GraphQLClient> => {
    const { token, hash } = makeToken('organizationSession', organization.uuid)
    await gatehouse.superuser.rows(
      `INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, provider, sso_provider_id, expires_at)
       SELECT organization_id, $3, $4, id, epoch, user_id, 'SAML', $5, now() + interval '1 hour'
       FROM members WHERE organization_id = $1 AND id = $2`,
      [organization.uuid, organization.admin.memberId, newId(), hash, fromTypeId('SsoProvider', id)],
    )
    return gatehouse.client(token)
  }
  const identity = (organization: TestOrganization, id: string) =>
    gatehouse.superuser.rows(
      `INSERT INTO sso_identities (organization_id, id, sso_provider_id, subject, member_id, user_id) VALUES ($1, $2, $3, '42', $4, $5)`,
      [
        organization.uuid,
        newId(),
        fromTypeId('SsoProvider', id),
        organization.admin.memberId,
        organization.admin.userId,
      ],
    )

  it('are set up by issuer: discovered, sealed, drafts, found by their id from anywhere', async () => {
    const { payload } = await create(acme, { oidc: { issuer, clientId: 'gatehouse', clientSecret: SECRET } })
    expect(payload.userErrors).toEqual([])
    expect(payload.provider).toMatchObject({
      __typename: 'OidcProvider',
      status: 'DRAFT',
      issuer,
      clientSecretPreview: '9876',
      clientAuthentication: 'client_secret_post',
      scopes: ['openid', 'email', 'profile'],
      tokenEndpoint: `${issuer}/token`,
      defaultRole: { key: 'member' },
    })
    const uuid = fromTypeId('SsoProvider', payload.provider.id)!
    const [row] = await gatehouse.superuser.rows<{ sealed_secret: Buffer; organization_id: string }>(
      `SELECT p.sealed_secret, l.organization_id FROM sso_providers p JOIN sso_provider_lookups l ON l.sso_provider_id = p.id WHERE p.id = $1`,
      [uuid],
    )
    expect(row!.organization_id).toBe(acme.uuid)
    expect(gatehouse.app.spine.sealer.open(row!.sealed_secret, secretSealContext(acme.uuid, uuid))).toBe(SECRET)
  })

  it('are set up by metadata or single values', async () => {
    const { payload } = await create(acme, saml([`-----BEGIN CERTIFICATE-----\n${expired}\n-----END CERTIFICATE-----`]))
    expect(payload.provider).toMatchObject({
      __typename: 'SamlProvider',
      idpEntityId: 'https://idp.example.com',
      certificates: [{ status: 'ACTIVE', isExpiringSoon: true, isExpired: true }],
    })
    expect(codes(await create(acme, { saml: { idpEntityId: 'x', idpSsoUrl: 'https://x.example' } }))).toEqual([
      'REQUIRED',
    ])
    expect(codes(await create(acme, saml([first], { idpSsoUrl: 'http://idp.example.com' })))).toEqual(['INVALID'])
    expect(codes(await create(acme, { oidc: { issuer, clientId: 'x' } }))).toEqual(['REQUIRED'])
    const unreachable = await create(acme, { oidc: { issuer: 'https://10.0.0.1', clientId: 'x', clientSecret: 'y' } })
    expect(unreachable.payload.userErrors).toEqual([
      expect.objectContaining({ code: 'INVALID', path: ['input', 'protocol', 'oidc', 'issuer'] }),
    ])
  })

  it('show what to enter at the provider, to the letter, and the steps of the guide with it', async () => {
    const { id } = await createSaml()
    const node = await read(id)
    expect(node.setupValues).toEqual([
      { key: 'acsUrl', value: `http://localhost:4000/sso/saml/${id}/acs` },
      { key: 'spEntityId', value: `http://localhost:4000/sso/saml/${id}` },
      { key: 'spMetadataUrl', value: `http://localhost:4000/sso/saml/${id}/metadata` },
      { key: 'signInUrl', value: `http://localhost:4000/sso/${id}/start` },
    ])
    expect(node.setupGuide.flatMap((step: Answer) => step.values)).toContainEqual({
      value: `http://localhost:4000/sso/saml/${id}/acs`,
    })
    expect(node.viewerCan).toEqual({ allowed: false, reason: 'WRONG_STATE' })
  })

  it('ask nobody outside for strangers, weak members and nobody, and change nothing for them', async () => {
    const before = asked
    const { id } = await createSaml()
    const protocol = { oidc: { issuer, clientId: 'x', clientSecret: 'y' } }
    const input = { name: 'No', vendor: 'OTHER', protocol }
    for (const [client, code] of [
      [weak.organization, 'FORBIDDEN'],
      [stranger.organization, 'NOT_FOUND'],
    ] as const) {
      expect(codes(await run(client, CREATE, { org: acme.id, input }))).toEqual([code])
      expect(codes(await run(client, UPDATE, { id, input: { name: 'No', protocol } }))).toEqual([code])
      expect(codes(await run(client, IMPORT, { id, from: { url: issuer } }))).toEqual([code])
      expect(codes(await run(client, ADD, { id, certificate: second }))).toEqual([code])
      for (const document of [TEST, ACTIVATE, DISABLE, DELETE])
        expect(codes(await run(client, document, { id }))).toEqual([code])
    }
    expect((await run(gatehouse.client(), CREATE, { org: acme.id, input })).status).toBe(401)
    expect(asked).toBe(before)
    expect(await read(id)).toMatchObject({ status: 'DRAFT', version: 1, testRuns: [] })
    const listed = await weak.organization.send(LIST, { id: acme.id })
    expect([listed.data.organization.ssoProviders, listed.extensions.denied?.[0]?.permission]).toEqual([
      null,
      'sso.read',
    ])
  })

  it('never show a client secret: not in an answer, an audit row, a settings column or the log', async () => {
    const made = (await create(acme, { oidc: { issuer, clientId: 'gatehouse', clientSecret: SECRET } })).payload
      .provider
    const changed = await run(admin(), UPDATE, {
      id: made.id,
      input: { protocol: { oidc: { clientSecret: `${SECRET}-2` } } },
    })
    expect(codes(changed)).toEqual([])
    const rows = await gatehouse.superuser.rows(
      `SELECT details::text FROM audit_events WHERE organization_id = $1
       UNION ALL SELECT settings::text FROM sso_providers WHERE organization_id = $1`,
      [acme.uuid],
    )
    const everything = JSON.stringify([rows, changed, await read(made.id), gatehouse.logs])
    expect(everything).not.toContain('kangaroo')
    expect(JSON.stringify(rows)).toContain('clientSecret')
  })

  it('never send a client secret to another issuer than the one it was given for', async () => {
    const { id } = await arrangeProvider(gatehouse, acme, { secret: SECRET })
    const change = (oidc: object) => run(admin(), UPDATE, { id, input: { protocol: { oidc } } })
    expect((await change({ issuer })).payload.userErrors).toEqual([
      expect.objectContaining({ code: 'REQUIRED', path: ['input', 'protocol', 'oidc', 'clientSecret'] }),
    ])
    expect(codes(await run(admin(), IMPORT, { id, from: { url: issuer } }))).toEqual(['REQUIRED'])
    expect((await read(id)).issuer).toBe('https://login.example.com')
    expect(codes(await change({ issuer, clientSecret: SECRET }))).toEqual([])
  })

  it('become tested by a sign-in with exactly these settings, and drafts again by a change', async () => {
    const { id } = await createSaml()
    expect(await pass(acme, id, false)).toBe(false)
    expect((await read(id)).status).toBe('DRAFT')
    expect(await pass(acme, id)).toBe(true)
    expect(await read(id)).toMatchObject({
      status: 'TESTED',
      lastTest: { status: 'SUCCEEDED', mappedEmail: 'ada@example.com', received: { sub: '42' } },
    })
    await run(admin(), UPDATE, { id, input: { name: 'Renamed' } })
    expect((await read(id)).status).toBe('TESTED')
    await run(admin(), UPDATE, { id, input: { protocol: { saml: { idpSsoUrl: 'https://other.example.com/' } } } })
    expect((await read(id)).status).toBe('DRAFT')
    const stale = (await run(admin(), TEST, { id })).payload.testRun
    expect(stale.startUrl).toBe(`http://localhost:4000/sso/${id}/start?test=${stale.id}`)
    await run(admin(), ADD, { id, certificate: second })
    expect(await finish(acme, stale.id)).toBe(false)
    expect((await read(id)).status).toBe('DRAFT')
    expect(await finish(acme, stale.id)).toBe(false)
  })

  it('are activated only where members come by SSO, and only tested', async () => {
    const invited = await createSaml(acme)
    await pass(acme, invited.id)
    expect(codes(await run(admin(), ACTIVATE, { id: invited.id }))).toEqual(['MEMBERSHIP_MODE'])
    const draft = await createSaml(enterprise)
    expect(codes(await run(admin(enterprise), ACTIVATE, { id: draft.id }))).toEqual(['WRONG_STATE'])
    const transient = await create(
      enterprise,
      saml([first], { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }),
    )
    await pass(enterprise, transient.payload.provider.id)
    expect(codes(await run(admin(enterprise), ACTIVATE, { id: transient.payload.provider.id }))).toEqual([
      'WRONG_STATE',
    ])
    expect((await active()).status).toBe('ACTIVE')
  })

  it('in use keep their settings until a test of the new ones has passed', async () => {
    const { id } = await active()
    const change = { protocol: { saml: { idpSsoUrl: 'https://new.example.com/sso', certificates: [second] } } }
    const { payload } = await run(admin(enterprise), UPDATE, { id, input: change })
    expect(payload.provider).toMatchObject({
      status: 'ACTIVE',
      hasPendingSettings: true,
      idpSsoUrl: 'https://idp.example.com/sso',
      certificates: [{ status: 'ACTIVE' }, { status: 'NEXT' }],
    })
    expect(await pass(enterprise, id, false)).toBe(false)
    expect((await read(id, enterprise)).idpSsoUrl).toBe('https://idp.example.com/sso')
    expect(await pass(enterprise, id)).toBe(true)
    expect(await read(id, enterprise)).toMatchObject({
      status: 'ACTIVE',
      hasPendingSettings: false,
      idpSsoUrl: 'https://new.example.com/sso',
    })
  })

  it('never become another provider once somebody has signed in', async () => {
    const { id } = await active()
    await identity(enterprise, id)
    const others = [{ protocol: { saml: { idpEntityId: 'https://evil.example' } } }, { subjectSource: 'email' }]
    for (const input of others)
      expect(codes(await run(admin(enterprise), UPDATE, { id, input }))).toEqual(['WRONG_STATE'])
    expect(await read(id, enterprise)).toMatchObject({
      idpEntityId: 'https://idp.example.com',
      subjectSource: null,
      version: 3,
    })
  })

  it('end the sessions that began with them when they are disabled or deleted, and no others', async () => {
    const [one, two] = [await active(), await active()]
    const sessions = [await signIn(enterprise, one.id), await signIn(enterprise, two.id)]
    const isAlive = async (client: GraphQLClient) => (await client.send(LIST, { id: enterprise.id })).status === 200
    expect((await run(admin(enterprise), DISABLE, { id: one.id })).payload).toMatchObject({
      provider: { status: 'DISABLED' },
      sessionsEnded: 1,
    })
    expect(await Promise.all(sessions.map(isAlive))).toEqual([false, true])
    expect((await run(admin(enterprise), DELETE, { id: two.id })).payload).toMatchObject({
      deletedId: two.id,
      sessionsEnded: 1,
    })
    expect(await Promise.all([...sessions.map(isAlive), isAlive(admin(enterprise))])).toEqual([false, false, true])
    expect(await read(two.id, enterprise)).toBeNull()
    expect(codes(await run(admin(enterprise), ACTIVATE, { id: one.id }))).toEqual([])
  })

  it('are not all taken away where members come by SSO, unless a recovery code is left', async () => {
    const lonely = await found(gatehouse, 'Lonely')
    await enterSsoMode(gatehouse, lonely)
    const { id } = await active(lonely)
    for (const document of [DISABLE, DELETE]) {
      const refused = await run(admin(lonely), document, { id })
      expect(refused.payload.userErrors).toEqual([
        { code: 'LAST_WAY_IN', path: null, message: expect.stringContaining('break-glass') },
      ])
    }
    expect((await read(id, lonely)).status).toBe('ACTIVE')
    await gatehouse.superuser.rows('INSERT INTO break_glass_admins (organization_id, member_id) VALUES ($1, $2)', [
      lonely.uuid,
      lonely.admin.memberId,
    ])
    await gatehouse.superuser.rows(
      `INSERT INTO recovery_codes (organization_id, id, member_id, code_hash) VALUES ($1, $2, $3, '\\x01')`,
      [lonely.uuid, newId(), lonely.admin.memberId],
    )
    expect(codes(await run(admin(lonely), DISABLE, { id }))).toEqual([])
  })

  it('change certificates without a gap: the next one is trusted, and the old one goes when it has worked', async () => {
    const { id } = await active()
    const added = (await run(admin(enterprise), ADD, { id, certificate: second })).payload.provider
    expect(added.certificates.map(({ status }: Answer) => status)).toEqual(['ACTIVE', 'NEXT'])
    expect(codes(await run(admin(enterprise), ADD, { id, certificate: second }))).toEqual(['NOT_UNIQUE'])
    const [old, next] = added.certificates
    expect(codes(await run(admin(enterprise), RETIRE, { id: old.id }))).toEqual(['WRONG_STATE'])
    await gatehouse.superuser.rows('UPDATE sso_certificates SET last_used_at = now() WHERE id = $1', [
      fromTypeId('Certificate', next.id),
    ])
    for (const client of [weak.organization, stranger.organization])
      expect(codes(await run(client, RETIRE, { id: old.id }))).toEqual(['NOT_FOUND'])
    expect((await run(admin(enterprise), RETIRE, { id: old.id })).payload.provider).toMatchObject({
      status: 'ACTIVE',
      certificates: [{ id: next.id, status: 'ACTIVE' }],
    })
  })

  it('map groups to roles and teams, and hand out no more than the mapper holds', async () => {
    const { id } = await createSaml()
    const [memberRole, adminRole] = [await roleId('member'), await roleId('admin')]
    const teamId = newId()
    await gatehouse.superuser.rows(
      `INSERT INTO teams (organization_id, id, slug, name, path) VALUES ($1, $2, 'mapped', 'Mapped', ARRAY[$2::uuid])`,
      [acme.uuid, teamId],
    )
    const groupMappings = [
      { group: 'everyone', roleId: memberRole },
      { group: 'admins', roleId: adminRole },
      { group: 'devs', teamId: toTypeId('Team', teamId) },
    ]
    const attributeMapping = [{ target: 'email', source: 'mail' }]
    const { payload } = await run(admin(), UPDATE, { id, input: { groupMappings, attributeMapping } })
    expect(payload.provider).toMatchObject({
      groupMappings: [
        { group: 'everyone', role: { key: 'member' } },
        { group: 'admins', role: { key: 'admin' } },
        { group: 'devs', team: { name: 'Mapped' } },
      ],
      attributeMapping,
    })
    const keeper = await join(gatehouse, acme)
    await gatehouse.superuser.rows(
      `WITH made AS (
         INSERT INTO roles (organization_id, id, scope, key, name, permissions)
         VALUES ($1, gen_random_uuid(), 'ORGANIZATION', 'sso_keeper', 'SSO keeper', '{organization.read,sso.read,sso.manage}') RETURNING id
       ) UPDATE members SET role_id = made.id FROM made WHERE organization_id = $1 AND members.id = $2`,
      [acme.uuid, keeper.memberId],
    )
    for (const input of [{ groupMappings: groupMappings.slice(1, 2) }, { defaultRoleId: adminRole }])
      expect(codes(await run(keeper.organization, UPDATE, { id, input }))).toEqual(['FORBIDDEN'])
    for (const [input, code] of [
      [{ groupMappings: [{ group: 'x' }] }, 'INVALID'],
      [{ groupMappings: [groupMappings[0], groupMappings[0]] }, 'NOT_UNIQUE'],
      [{ groupMappings: [{ group: 'x', roleId: await roleId('member', enterprise) }] }, 'NOT_FOUND'],
      [{ defaultRoleId: await roleId('project_member') }, 'INVALID'],
      [{ attributeMapping: [{ target: '__proto__', source: 'x' }] }, 'INVALID'],
      [{ sessionLifetimeMinutes: 1 }, 'INVALID'],
    ] as const)
      expect(codes(await run(admin(), UPDATE, { id, input }))).toEqual([code])
    expect((await read(id)).groupMappings).toHaveLength(3)
  })

  it('let one of two edits of a version through', async () => {
    const { id, version } = await createSaml()
    const edits = ['One', 'Two'].map((name) => run(admin(), UPDATE, { id, input: { name: `${name} ${id}` }, version }))
    expect((await Promise.all(edits)).flatMap(codes)).toEqual(['VERSION_MISMATCH'])
    const taken = await createSaml()
    expect(codes(await run(admin(), UPDATE, { id, input: { name: taken.name } }))).toEqual(['NOT_UNIQUE'])
  })

  it('read their discovery document or metadata anew', async () => {
    const oidc = (await create(acme, { oidc: { issuer, clientId: 'x', clientSecret: SECRET } })).payload.provider
    expect(
      codes(await run(admin(), IMPORT, { id: oidc.id, from: { url: `${issuer}/.well-known/openid-configuration` } })),
    ).toEqual([])
    expect(codes(await run(admin(), IMPORT, { id: oidc.id, from: { xml: '<x/>' } }))).toEqual(['INVALID'])
    const made = await createSaml()
    expect(codes(await run(admin(), IMPORT, { id: made.id, from: { url: issuer } }))).toEqual(['INVALID'])
    expect(
      codes(await run(admin(), UPDATE, { id: made.id, input: { protocol: { oidc: { clientId: 'x' } } } })),
    ).toEqual(['INVALID'])
  })

  it('are fifty at most', async () => {
    const crowded = await found(gatehouse, 'Crowded')
    for (let n = 0; n < 49; n += 1) await arrangeProvider(gatehouse, crowded)
    const answers = await Promise.all([create(crowded, saml([first])), create(crowded, saml([first]))])
    expect(answers.flatMap(codes)).toEqual(['LIMIT_EXCEEDED'])
  })

  it('of other organizations are nowhere to be seen', async () => {
    const { id } = await arrangeProvider(gatehouse, acme)
    const test = (await run(admin(), TEST, { id })).payload.testRun.id
    for (const node of [id, test])
      expect(
        (await stranger.organization.send('query ($id: ID!) { node(id: $id) { id } }', { id: node })).data.node,
      ).toBeNull()
  })
})
