import { toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { AccessFixtures, idOf, registerPermissions } from '../support/access-fixtures'
import { eventually } from '../support/eventually'
import { type Gatehouse, startGatehouse, TEST_OPERATOR_KEY } from '../support/gatehouse'
import { ServiceClient } from '../support/service-client'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

let gatehouse: Gatehouse
let service: ServiceClient
let acme: TestOrganization
let fixtures: AccessFixtures
let member: OrganizationMember
let project: string

beforeAll(async () => {
  gatehouse = await startGatehouse()
  service = new ServiceClient(gatehouse.url)
  await registerPermissions(gatehouse, {
    'model.deploy': { scope: 'RESOURCE' },
    'model.read': { scope: 'RESOURCE', forMembers: true },
    'model.burn': { retired: true, forMembers: true },
  })
  acme = await found(gatehouse, 'Acme')
  fixtures = new AccessFixtures(gatehouse, acme.uuid)
  member = await join(gatehouse, acme)
  project = await fixtures.project()
})
afterAll(() => gatehouse.close())

const INACTIVE = { active: false }
const inSeconds = (at: unknown) => Number(at) - Date.now() / 1000

describe('introspection', () => {
  it('describes a session: who, where, until when, and what it allows in the organization', async () => {
    const { status, headers, body } = await service.introspect(member.organizationToken)
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    const { iat, exp, session_id, ...facts } = body
    expect(facts).toEqual({
      active: true,
      iss: 'http://localhost:4000',
      sub: toTypeId('User', member.userId),
      token_type: 'Bearer',
      scope: 'member.read model.read organization.read team.read',
      organization_id: acme.id,
      member_id: idOf.member(member.memberId),
    })
    expect(session_id).toMatch(/^ses_/)
    expect([Number.isInteger(iat), Number.isInteger(exp)]).toEqual([true, true])
    expect(inSeconds(iat)).toBeLessThan(1)
    expect(inSeconds(exp)).toBeGreaterThan(3000)
    expect(JSON.stringify(body)).not.toContain(member.email)
  })

  it('describes a personal key, cut down to its permissions', async () => {
    const key = await fixtures.key({ member: acme.admin.memberId }, { permissions: ['member.read', 'model.deploy'] })
    const { iat: _, ...facts } = (await service.introspect(key.token)).body
    expect(facts).toEqual({
      active: true,
      iss: 'http://localhost:4000',
      sub: toTypeId('User', acme.admin.userId),
      client_id: idOf.apiKey(key.id),
      token_type: 'Bearer',
      scope: 'member.read model.deploy',
      organization_id: acme.id,
      member_id: idOf.member(acme.admin.memberId),
      api_key_id: idOf.apiKey(key.id),
    })
  })

  it('describes keys that work in one project by what they allow there', async () => {
    const role = await fixtures.role('PROJECT', ['model.deploy'])
    const account = await fixtures.serviceAccount(project, role)
    const itsKey = await fixtures.key({ serviceAccount: account, project }, { seconds: 600 })
    const projectKey = await fixtures.key({ project }, { permissions: ['model.read'] })
    const { body } = await service.introspect(itsKey.token)
    expect(body).toMatchObject({
      sub: idOf.serviceAccount(account),
      service_account_id: idOf.serviceAccount(account),
      project_id: idOf.project(project),
      scope: 'model.deploy project.read',
    })
    expect(inSeconds(body.exp)).toBeLessThanOrEqual(600)
    expect((await service.introspect(projectKey.token)).body).toMatchObject({
      sub: idOf.project(project),
      project_id: idOf.project(project),
      scope: 'model.read',
    })
    const personal = await fixtures.key({ member: member.memberId, project })
    expect((await service.introspect(personal.token)).body.scope).toBe('')
    await fixtures.grant(project, { member: member.memberId }, role)
    expect((await service.introspect(personal.token)).body.scope).toBe('model.deploy model.read project.read')
  })

  it('says of everything else that it is inactive, and no more', async () => {
    const ended = await join(gatehouse, acme)
    const key = await fixtures.key({ member: ended.memberId })
    await acme.admin.organization.send(
      'mutation ($id: ID!, $members: MemberSelection!) { removeMembers(organizationId: $id, members: $members) { userErrors { code } } }',
      { id: acme.id, members: { ids: [idOf.member(ended.memberId)] } },
    )
    const nothing = [
      ended.organizationToken,
      key.token,
      (await fixtures.key({ project }, { seconds: -1 })).token,
      (await fixtures.key({ project }, { revoked: true })).token,
      member.accountToken,
      makeToken('apiKey', acme.uuid).token,
      makeToken('organizationSession', acme.uuid).token,
      makeToken('invitation', acme.uuid).token,
      TEST_OPERATOR_KEY,
      'gak_',
      'x',
      'a\u0000b',
    ]
    for (const token of nothing) {
      const { status, body } = await service.introspect(token)
      expect([status, body]).toEqual([200, INACTIVE])
    }
  })

  it('is right at the instant of the answer, whatever it said before', async () => {
    const person = await join(gatehouse, acme)
    expect((await service.introspect(person.organizationToken)).body.active).toBe(true)
    await gatehouse.superuser.rows('UPDATE users SET disabled_at = now() WHERE id = $1', [person.userId])
    expect((await service.introspect(person.organizationToken)).body).toEqual(INACTIVE)
  })

  it('notes that a key is in use, and not from where', async () => {
    const { id, token } = await fixtures.key({ project })
    await service.introspect(token)
    const [row] = await eventually('the mark', async () => {
      const rows = await gatehouse.superuser.rows<{ ip: string | null }>(
        'SELECT last_used_ip AS ip FROM api_keys WHERE id = $1 AND last_used_at IS NOT NULL',
        [id],
      )
      return rows.length > 0 ? rows : null
    })
    expect(row).toEqual({ ip: null })
  })

  it('is for services and the operator', async () => {
    expect(
      (await new ServiceClient(gatehouse.url, TEST_OPERATOR_KEY).introspect(member.organizationToken)).body,
    ).toMatchObject({
      active: true,
    })
    for (const [key, challenge] of [
      [null, 'Bearer realm="gatehouse"'],
      ['gsv_wrong', 'Bearer realm="gatehouse", error="invalid_token"'],
      [acme.admin.organizationToken, 'Bearer realm="gatehouse", error="invalid_token"'],
    ] as const) {
      const { status, headers, body } = await new ServiceClient(gatehouse.url, key).introspect(member.organizationToken)
      expect([status, headers.get('www-authenticate'), body.error, body.active]).toEqual([
        401,
        challenge,
        'invalid_token',
        undefined,
      ])
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  it('takes a form with a token, and says what is wrong with anything else', async () => {
    const send = async (contentType: string, body: string) => {
      const answer = await fetch(`${gatehouse.url}/oauth/introspect`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TEST_OPERATOR_KEY}`, 'content-type': contentType },
        body,
      })
      return [answer.status, ((await answer.json()) as { error: string }).error]
    }
    const form = 'application/x-www-form-urlencoded'
    expect(await send(form, 'token_type_hint=access_token')).toEqual([400, 'invalid_request'])
    expect(await send(form, 'token=')).toEqual([400, 'invalid_request'])
    expect(await send(form, 'token=a&token=b')).toEqual([400, 'invalid_request'])
    expect(await send('application/json', JSON.stringify({ token: member.organizationToken }))).toEqual([
      415,
      'invalid_request',
    ])
    expect((await send(form, `token=${member.organizationToken}&token_type_hint=refresh_token`))[0]).toBe(200)
  })

  it('leaves no token in the log', async () => {
    await service.introspect(member.organizationToken)
    expect(gatehouse.logs.join('')).not.toContain(member.organizationToken)
  })
})
