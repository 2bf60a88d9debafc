import { newId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { AccessFixtures, idOf, registerPermissions } from '../support/access-fixtures'
import { startAnotherInstance, startRelay } from '../support/another-instance'
import { countStatements, totalOf } from '../support/count-statements'
import { eventually } from '../support/eventually'
import { type Gatehouse, startGatehouse, TEST_OPERATOR_KEY } from '../support/gatehouse'
import { ServiceClient } from '../support/service-client'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

let gatehouse: Gatehouse
let service: ServiceClient
let acme: TestOrganization
let rival: TestOrganization
let fixtures: AccessFixtures
let member: OrganizationMember
let project: string
let deployer: string

beforeAll(async () => {
  gatehouse = await startGatehouse()
  service = new ServiceClient(gatehouse.url)
  await registerPermissions(gatehouse, {
    'model.deploy': { scope: 'RESOURCE' },
    'model.read': { scope: 'RESOURCE', forMembers: true },
    'billing.read': { scope: 'ORGANIZATION' },
    'model.burn': { retired: true, forMembers: true },
  })
  acme = await found(gatehouse, 'Acme')
  rival = await found(gatehouse, 'Rival')
  fixtures = new AccessFixtures(gatehouse, acme.uuid)
  member = await join(gatehouse, acme)
  project = await fixtures.project()
  deployer = await fixtures.role('PROJECT', ['model.deploy'], 'Deployer')
})
afterAll(() => gatehouse.close())

const session = (person: OrganizationMember) => ({ type: 'token', id: person.organizationToken })
const inProject = (id = project) => ({ type: 'project', id: idOf.project(id) })
const inOrganization = () => ({ type: 'organization', id: acme.id })

describe('a check', () => {
  it('follows the role in the organization, for sessions and for members by id', async () => {
    expect(await service.check(session(acme.admin), 'member.remove', inOrganization())).toEqual([true, 'ROLE'])
    expect(await service.check(session(member), 'member.remove', inOrganization())).toEqual([
      false,
      'MISSING_PERMISSION',
    ])
    const byId = { type: 'member', id: idOf.member(acme.admin.memberId) }
    expect(await service.check(byId, 'member.remove', inOrganization())).toEqual([true, 'ROLE'])
  })

  it('knows the permissions of the platform, and none that was retired or never registered', async () => {
    expect(await service.check(session(acme.admin), 'billing.read', inOrganization())).toEqual([true, 'ROLE'])
    expect(await service.check(session(member), 'billing.read', inOrganization())).toEqual([
      false,
      'MISSING_PERMISSION',
    ])
    const defaultProject = await fixtures.defaultProject()
    expect(await service.check(session(member), 'model.read', inProject(defaultProject))).toEqual([
      true,
      'ROLE',
      'DEFAULT_PROJECT',
    ])
    for (const unknown of ['model.burn', 'no.such', 'NOT A KEY', '__proto__', 'a\u0000b'])
      expect(await service.check(session(acme.admin), unknown, inOrganization())).toEqual([false, 'UNKNOWN_PERMISSION'])
  })

  it('isolates projects until a grant to the member or to a team above opens one', async () => {
    const person = await join(gatehouse, acme)
    const isolated = await fixtures.project()
    expect(await service.check(session(person), 'model.read', inProject(isolated))).toEqual([false, 'NO_GRANT'])
    const top = await fixtures.team('Research', [])
    await fixtures.team('Vision', [person.memberId], [top])
    const grant = await fixtures.grant(isolated, { team: top }, deployer)
    const { body } = await service.post('/access/v1/evaluation', {
      subject: session(person),
      action: { name: 'model.deploy' },
      resource: { type: 'model', id: 'llama', properties: { projectId: idOf.project(isolated) } },
    })
    expect(body).toEqual({
      decision: true,
      context: {
        reasons: [
          {
            kind: 'TEAM_GRANT',
            role: { id: idOf.role(deployer), name: 'Deployer' },
            grant: { id: idOf.grant(grant) },
            team: { id: idOf.team(top), name: 'Research' },
          },
        ],
      },
    })
    await fixtures.grant(isolated, { member: person.memberId }, deployer)
    expect(await service.check(session(person), 'model.deploy', inProject(isolated))).toEqual([
      true,
      'GRANT',
      'TEAM_GRANT',
    ])
  })

  it('does not count a grant that has ended', async () => {
    const person = await join(gatehouse, acme)
    const isolated = await fixtures.project()
    await fixtures.grant(isolated, { member: person.memberId }, deployer, -1)
    expect(await service.check(session(person), 'project.read', inProject(isolated))).toEqual([false, 'NO_GRANT'])
  })

  it('refuses the permissions of the platform in an archived project, and answers for our own', async () => {
    const archived = await fixtures.project('ARCHIVED')
    expect(await service.check(session(acme.admin), 'model.deploy', inProject(archived))).toEqual([
      false,
      'PROJECT_ARCHIVED',
    ])
    expect(await service.check(session(acme.admin), 'project.read', inProject(archived))).toEqual([true, 'ROLE'])
  })

  it('lets a key do what its owner may and what it is not cut off from', async () => {
    const whole = await fixtures.key({ member: acme.admin.memberId })
    const cut = await fixtures.key({ member: acme.admin.memberId }, { permissions: ['model.read'] })
    const bound = await fixtures.key({ member: acme.admin.memberId, project })
    const token = (key: { token: string }) => ({ type: 'token', id: key.token })
    expect(await service.check(token(whole), 'member.remove', inOrganization())).toEqual([true, 'ROLE'])
    expect(await service.check(token(cut), 'member.remove', inOrganization())).toEqual([false, 'KEY_LIMIT'])
    expect(await service.check(token(cut), 'model.read', inProject())).toEqual([true, 'ROLE'])
    expect(await service.check(token(bound), 'member.remove', inOrganization())).toEqual([false, 'KEY_PROJECT'])
    expect(await service.check(token(bound), 'model.deploy', inProject())).toEqual([true, 'ROLE'])
    expect(await service.check(token(bound), 'model.deploy', inProject(await fixtures.project()))).toEqual([
      false,
      'KEY_PROJECT',
    ])
    const byId = { type: 'api_key', id: idOf.apiKey(cut.id) }
    expect(await service.check(byId, 'member.remove', inOrganization())).toEqual([false, 'KEY_LIMIT'])
  })

  it('keeps service accounts and keys of projects in their project', async () => {
    const account = await fixtures.serviceAccount(project, deployer)
    const other = inProject(await fixtures.project())
    const subjects = {
      account: { type: 'service_account', id: idOf.serviceAccount(account) },
      itsKey: { type: 'token', id: (await fixtures.key({ serviceAccount: account, project })).token },
      projectKey: { type: 'token', id: (await fixtures.key({ project }, { permissions: ['model.deploy'] })).token },
    }
    const { account: accountSubject, itsKey, projectKey } = subjects
    for (const subject of [accountSubject, itsKey, projectKey])
      expect(await service.check(subject, 'model.deploy', inProject(), acme.id)).toEqual([true, 'OWN_PROJECT'])
    expect(await service.check(accountSubject, 'model.deploy', other, acme.id)).toEqual([false, 'NO_GRANT'])
    expect(await service.check(itsKey, 'model.deploy', other)).toEqual([false, 'KEY_PROJECT'])
    expect(await service.check(projectKey, 'model.read', inProject())).toEqual([false, 'KEY_LIMIT'])
    expect(await service.check(accountSubject, 'billing.read', inOrganization())).toEqual([false, 'MISSING_PERMISSION'])
  })

  it('says what has ended', async () => {
    const ask = async (subject: { type: string; id: string }) =>
      (await service.check(subject, 'organization.read', inOrganization()))[1]
    const [gone, disabled] = [await join(gatehouse, acme), await join(gatehouse, acme)]
    const key = await fixtures.key({ member: gone.memberId })
    const rows = (sql: string, values: unknown[]) => gatehouse.superuser.rows(sql, values)
    await rows(
      `UPDATE members SET status = 'SUSPENDED', suspended_at = now(), epoch = epoch + 1 WHERE organization_id = $1 AND id = $2`,
      [acme.uuid, gone.memberId],
    )
    expect(await ask(session(gone))).toBe('SUSPENDED')
    expect(await ask({ type: 'token', id: key.token })).toBe('SUSPENDED')
    await rows(`UPDATE members SET status = 'JOINED', suspended_at = NULL WHERE organization_id = $1 AND id = $2`, [
      acme.uuid,
      gone.memberId,
    ])
    expect(await ask(session(gone))).toBe('SESSION_ENDED')
    expect(await ask({ type: 'token', id: key.token })).toBe('KEY_ENDED')
    await rows(`UPDATE members SET status = 'REMOVED', removed_at = now() WHERE organization_id = $1 AND id = $2`, [
      acme.uuid,
      gone.memberId,
    ])
    expect(await ask({ type: 'member', id: idOf.member(gone.memberId) })).toBe('NOT_A_MEMBER')
    await rows('UPDATE users SET disabled_at = now() WHERE id = $1', [disabled.userId])
    expect(await ask(session(disabled))).toBe('ACCOUNT_DISABLED')
    const off = await fixtures.serviceAccount(project, deployer, 'DISABLED')
    expect(await ask({ type: 'service_account', id: idOf.serviceAccount(off) })).toBe('SERVICE_ACCOUNT_DISABLED')
    for (const options of [{ seconds: -1 }, { revoked: true }])
      expect(await ask({ type: 'token', id: (await fixtures.key({ project }, options)).token })).toBe('KEY_ENDED')
    const closing = await found(gatehouse, 'Closing')
    await rows(
      `UPDATE organizations SET status = 'PENDING_DELETION', deletion_scheduled_for = now() WHERE organization_id = $1`,
      [closing.uuid],
    )
    const closed = { type: 'organization', id: closing.id }
    expect(await service.check(session(closing.admin), 'organization.read', closed)).toEqual([
      false,
      'ORGANIZATION_CLOSED',
    ])
  })

  it('refuses what is unknown or of another organization, without an error', async () => {
    const admin = session(acme.admin)
    const theirs = new AccessFixtures(gatehouse, rival.uuid)
    const elsewhere = [
      { type: 'project', id: idOf.project(await theirs.project()) },
      { type: 'project', id: idOf.project(newId()) },
      { type: 'project', id: 'not-an-id' },
      { type: 'organization', id: rival.id },
      { type: 'organization', id: idOf.project(project) },
    ]
    for (const resource of elsewhere)
      expect(await service.check(admin, 'organization.read', resource)).toEqual([false, 'UNKNOWN_RESOURCE'])
    const nobodies = [
      { type: 'token', id: makeToken('apiKey', acme.uuid).token },
      { type: 'token', id: makeToken('organizationSession', acme.uuid).token },
      { type: 'token', id: acme.admin.accountToken },
      { type: 'token', id: 'gak_x' },
      { type: 'member', id: idOf.member(newId()) },
      { type: 'member', id: idOf.member(rival.admin.memberId) },
      { type: 'service_account', id: 'x' },
      { type: 'api_key', id: idOf.apiKey(newId()) },
    ]
    for (const subject of nobodies)
      expect(await service.check(subject, 'organization.read', inOrganization())).toEqual([false, 'UNKNOWN_SUBJECT'])
  })

  it('notes that a key is in use, once an hour', async () => {
    const { id, token } = await fixtures.key({ project })
    const lastUsed = async () =>
      (
        await gatehouse.superuser.rows<{ at: Date | null }>('SELECT last_used_at AS at FROM api_keys WHERE id = $1', [
          id,
        ])
      )[0]!.at
    await service.check({ type: 'api_key', id: idOf.apiKey(id) }, 'project.read', inProject(), acme.id)
    expect(await lastUsed()).toBeNull()
    await service.check({ type: 'token', id: token }, 'project.read', inProject())
    const first = await eventually('the mark', lastUsed)
    await service.check({ type: 'token', id: token }, 'project.read', inProject())
    expect(await lastUsed()).toEqual(first)
  })
})

describe('a batch', () => {
  const batch = (body: object) => service.post('/access/v1/evaluations', body)
  const decisions = (answer: { body: { evaluations: { decision: boolean }[] } }) =>
    answer.body.evaluations.map(({ decision }) => decision)

  it('answers in order, with what stands at the top for whatever an evaluation leaves out', async () => {
    const answer = await batch({
      subject: session(member),
      resource: inOrganization(),
      evaluations: [
        { action: { name: 'organization.read' } },
        { action: { name: 'organization.delete' } },
        { action: { name: 'organization.delete' }, subject: session(acme.admin) },
        { action: { name: 'project.read' }, resource: inProject(await fixtures.defaultProject()) },
      ],
    })
    expect(decisions(answer)).toEqual([true, false, true, true])
  })

  it('asks the database a few times, however many questions there are', async () => {
    const subjects = [session(member), session(acme.admin), { type: 'member', id: idOf.member(member.memberId) }]
    const evaluations = Array.from({ length: 99 }, (_, n) => ({
      subject: subjects[n % 3],
      action: { name: ['model.deploy', 'member.read', 'project.read'][Math.floor(n / 3) % 3] },
      resource: n % 2 ? inProject() : inOrganization(),
    }))
    const theirs = {
      subject: session(rival.admin),
      action: { name: 'member.read' },
      resource: { type: 'organization', id: rival.id },
      context: { organizationId: rival.id },
    }
    const body = { context: { organizationId: acme.id }, evaluations: [...evaluations, theirs] }
    await batch(body)
    let answer: Awaited<ReturnType<typeof batch>>
    const counts = await countStatements(async () => {
      answer = await batch(body)
    })
    // In one organization about sessions, about members and about permissions of the platform, and once in the other.
    expect(totalOf(counts)).toBe(4)
    expect(answer!.body.evaluations).toHaveLength(100)
    expect(decisions(answer!).at(-1)).toBe(true)
    for (const [n, decision] of decisions(answer!).slice(0, 99).entries())
      if (n % 9 === 0) {
        const { subject, action, resource } = evaluations[n]!
        expect((await service.check(subject!, action.name!, resource, acme.id))[0]).toBe(decision)
      }
  })

  it('stops at the first deny or the first permit when asked to', async () => {
    const evaluations = ['organization.read', 'organization.delete', 'member.read'].map((name) => ({
      action: { name },
    }))
    const ask = async (semantic?: string) =>
      decisions(
        await batch({
          subject: session(member),
          resource: inOrganization(),
          evaluations,
          options: semantic && { evaluations_semantic: semantic },
        }),
      )
    expect(await ask()).toEqual([true, false, true])
    expect(await ask('execute_all')).toEqual([true, false, true])
    expect(await ask('deny_on_first_deny')).toEqual([true, false])
    expect(await ask('permit_on_first_permit')).toEqual([true])
  })

  it('without evaluations is a single check', async () => {
    const single = { subject: session(member), action: { name: 'member.read' }, resource: inOrganization() }
    for (const body of [single, { ...single, evaluations: [] }])
      expect((await batch(body)).body).toMatchObject({ decision: true, context: { reasons: [{ kind: 'ROLE' }] } })
  })
})

describe('whoever asks', () => {
  const question = () => ({ subject: session(member), action: { name: 'member.read' }, resource: inOrganization() })
  const ask = (key: string | null) => new ServiceClient(gatehouse.url, key).post('/access/v1/evaluation', question())

  it('is a service by its key, or the operator', async () => {
    expect((await ask(TEST_OPERATOR_KEY)).body).toMatchObject({ decision: true })
    const answer = await service.post('/access/v1/evaluation', question())
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  })

  it('is told nothing with any other secret, and how to come back', async () => {
    const key = await fixtures.key({ member: acme.admin.memberId })
    for (const wrong of ['gsv_wrong', acme.admin.organizationToken, acme.admin.accountToken, key.token]) {
      const { status, headers, body } = await ask(wrong)
      expect([status, body]).toEqual([401, { error: expect.objectContaining({ code: 'UNAUTHENTICATED' }) as object }])
      expect(headers.get('www-authenticate')).toBe('Bearer realm="gatehouse", error="invalid_token"')
    }
    const { status, headers } = await ask(null)
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="gatehouse"'])
    expect((await new ServiceClient(gatehouse.url, null).post('/access/v1/evaluations', '{')).status).toBe(401)
  })

  it('can do nothing else with the service key', async () => {
    const { errors } = await gatehouse
      .client('gsv_development_only_never_use_in_production')
      .send('query ($id: ID!) { organization(by: { id: $id }) { name } }', { id: acme.id })
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED'])
    const elsewhere = { 'x-forwarded-for': '203.0.113.7' }
    const authorization = 'Bearer gsv_development_only_never_use_in_production'
    expect((await fetch(`${gatehouse.url}/metrics`, { headers: { ...elsewhere, authorization } })).status).toBe(401)
  })

  it('finds the request id again that it sent', async () => {
    const send = (id: string) =>
      fetch(`${gatehouse.url}/access/v1/evaluation`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${TEST_OPERATOR_KEY}`,
          'x-request-id': id,
        },
        body: JSON.stringify(question()),
      }).then(({ headers }) => headers.get('x-request-id'))
    expect(await send('bfe9eb29-ab87-4ca3-be83-a1d5d8305716')).toBe('bfe9eb29-ab87-4ca3-be83-a1d5d8305716')
    expect(await send('has spaces')).toMatch(/^req_/)
  })

  it('finds the endpoints at the well-known address', async () => {
    const answer = await fetch(`${gatehouse.url}/.well-known/authzen-configuration`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    expect(await answer.json()).toEqual({
      policy_decision_point: 'http://localhost:4000',
      access_evaluation_endpoint: 'http://localhost:4000/access/v1/evaluation',
      access_evaluations_endpoint: 'http://localhost:4000/access/v1/evaluations',
    })
  })
})

describe('a malformed request', () => {
  const good = () => ({
    subject: session(member),
    action: { name: 'member.read' },
    resource: inOrganization() as Record<string, unknown>,
  })
  it.each<[string, (body: ReturnType<typeof good>) => unknown, string[]]>([
    ['is no JSON', () => '{', []],
    ['is a list', () => [], []],
    ['has no subject', ({ action, resource }) => ({ action, resource }), ['subject']],
    ['has a subject without id', (body) => ({ ...body, subject: { type: 'token' } }), ['subject', 'id']],
    ['has a subject of unknown type', (body) => ({ ...body, subject: { type: 'user', id: 'x' } }), ['subject', 'type']],
    ['has a number for an action', (body) => ({ ...body, action: { name: 1 } }), ['action', 'name']],
    ['has an endless id', (body) => ({ ...body, subject: { type: 'token', id: 'x'.repeat(600) } }), ['subject', 'id']],
    ['has a context that is a text', (body) => ({ ...body, context: 'x' }), ['context']],
    [
      'names a resource of the platform in no project',
      (body) => ({ ...body, resource: { type: 'model', id: '1' } }),
      ['resource', 'properties', 'projectId'],
    ],
    [
      'names no organization',
      (body) => ({
        ...body,
        subject: { type: 'member', id: toTypeId('Member', newId()) },
        resource: { type: 'project', id: toTypeId('Project', newId()) },
      }),
      ['context', 'organizationId'],
    ],
  ])('that %s is refused as a whole, with the place', async (_name, spoil, path) => {
    const { status, body } = await service.post('/access/v1/evaluation', spoil(good()))
    expect([status, body.error.code, body.error.path ?? []]).toEqual([400, 'INVALID', path])
    expect(body).not.toHaveProperty('decision')
  })

  it('is told of the place in a batch, of too many, and of an unknown semantic', async () => {
    const send = async (body: object) => {
      const { status, body: answer } = await service.post('/access/v1/evaluations', { ...good(), ...body })
      return [status, answer.error.code, answer.error.path.join('.')]
    }
    expect(await send({ evaluations: [{}, { action: {} }] })).toEqual([400, 'INVALID', 'evaluations.1.action.name'])
    expect(await send({ evaluations: [{}, null] })).toEqual([400, 'INVALID', 'evaluations.1'])
    expect(await send({ evaluations: {} })).toEqual([400, 'INVALID', 'evaluations'])
    expect(await send({ evaluations: Array.from({ length: 101 }, () => ({})) })).toEqual([
      400,
      'TOO_MANY',
      'evaluations',
    ])
    expect(await send({ evaluations: [{}], options: { evaluations_semantic: 'guess' } })).toEqual([
      400,
      'INVALID',
      'options.evaluations_semantic',
    ])
  })
})

describe('without a database', () => {
  it('nothing is decided: 503, and when to ask again', async () => {
    const relay = await startRelay(gatehouse.testDatabase.appUrl)
    const instance = await startAnotherInstance(relay.url)
    try {
      const cutOff = new ServiceClient(instance.url)
      const question = { subject: session(member), action: { name: 'member.read' }, resource: inOrganization() }
      expect((await cutOff.post('/access/v1/evaluation', question)).body.decision).toBe(true)
      await relay.cut()
      for (let time = 0; time < 3; time += 1) {
        const answer = await cutOff.post('/access/v1/evaluation', question)
        expect([answer.status, answer.body.error.code]).toEqual([503, 'UNAVAILABLE'])
        expect(answer.headers.get('retry-after')).toBe('5')
        expect(answer.body).not.toHaveProperty('decision')
        const introspected = await cutOff.introspect(member.organizationToken)
        expect([introspected.status, introspected.body.active]).toEqual([503, undefined])
      }
    } finally {
      await instance.close()
    }
  })
})

describe('the log', () => {
  it('has a line about every refused request, and none about each that was answered', async () => {
    const lines = () => gatehouse.logs.filter((line) => line.includes('/access/v1/evaluation')).length
    const before = lines()
    await service.check(session(member), 'member.read', inOrganization())
    expect(lines()).toBe(before)
    await service.post('/access/v1/evaluation', {})
    await new ServiceClient(gatehouse.url, 'gsv_wrong').post('/access/v1/evaluation', {})
    expect(lines()).toBe(before + 2)
  })
})
