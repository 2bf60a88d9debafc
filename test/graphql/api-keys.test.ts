import { fromTypeId, toTypeId } from '../../src/kernel/ids'
import { findKeyActor } from '../../src/modules/api-keys'
import { hashToken } from '../../src/platform/crypto'
import { arrangeKey } from '../support/api-keys'
import { eventually } from '../support/eventually'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

const KEY = `id name preview ownerKind ownerName permissions status createdByName expiresAt lastUsedAt revokedAt
  revocationReason rotatedFromId project { id } owner { __typename ... on Node { id } }`
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { ${KEY} } secret userErrors { code path message } } }`
const UPDATE = `mutation ($id: ID!, $input: UpdateApiKeyInput!) { updateApiKey(id: $id, input: $input) { apiKey { ${KEY} } userErrors { code path } } }`
const ROTATE = `mutation ($id: ID!, $hours: Int) { rotateApiKey(id: $id, overlapHours: $hours) { apiKey { ${KEY} } secret userErrors { code path message } } }`
const ROTATE_AS_USUAL = `mutation ($id: ID!) { rotateApiKey(id: $id) { apiKey { id } secret userErrors { code } } }`
const REVOKE = `mutation ($id: ID!) { revokeApiKey(id: $id) { apiKey { id status revocationReason } userErrors { code } } }`
const CURRENT = '{ currentApiKey { id name status permissions } }'
const DAY = 86_400_000

describe('API keys', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let project: string
  let robot: string
  let member: OrganizationMember
  let manager: OrganizationMember
  let stranger: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    stranger = (await found(gatehouse, 'Rival')).admin
    project = await newProject('Atlas')
    ;[member, manager] = [await join(gatehouse, acme), await join(gatehouse, acme)]
    await grant(project, member, 'project_member')
    await grant(project, manager, 'project_admin')
    robot = await newRobot('Deployer')
    await gatehouse.superuser.rows(
      `INSERT INTO platform_permissions (key, title, scope, is_for_members) VALUES
       ('dataset.use', 'Use', 'RESOURCE', true), ('dataset.drop', 'Drop', 'RESOURCE', false), ('billing.see', 'See', 'ORGANIZATION', true)`,
    )
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const run = async (client: GraphQLClient, mutation: string, variables: Record<string, unknown> = {}) => {
    const answer = await client.send(mutation, variables)
    return { ...answer, payload: Object.values(answer.data ?? {})[0] as Answer }
  }
  const codes = (answer: { payload: { userErrors: { code: string }[] } }) =>
    answer.payload.userErrors.map((error) => error.code)
  const role = async (key: string): Promise<string> => {
    const [row] = await gatehouse.superuser.rows<{ id: string }>(
      'SELECT id FROM roles WHERE organization_id = $1 AND key = $2',
      [acme.uuid, key],
    )
    return toTypeId('Role', row!.id)
  }
  async function newProject(name: string): Promise<string> {
    const make =
      'mutation ($id: ID!, $name: String!) { createProject(organizationId: $id, input: { name: $name }) { project { id } } }'
    return (await run(admin(), make, { id: acme.id, name })).payload.project.id
  }
  async function newRobot(name: string, key = 'project_member', place = project): Promise<string> {
    const make =
      'mutation ($p: ID!, $input: ServiceAccountInput!) { createServiceAccount(projectId: $p, input: $input) { serviceAccount { id } } }'
    const { payload } = await run(admin(), make, { p: place, input: { name, roleId: await role(key) } })
    return payload.serviceAccount.id
  }
  async function grant(to: string, person: OrganizationMember, key: string): Promise<void> {
    const set =
      'mutation ($p: ID!, $m: ID!, $r: ID!) { setProjectGrant(projectId: $p, principalId: $m, roleId: $r) { userErrors { code } } }'
    expect(codes(await run(admin(), set, { p: to, m: memberTypeId(person), r: await role(key) }))).toEqual([])
  }
  const personal = () => ({ organizationId: acme.id })
  const create = (client: GraphQLClient, input: object) => run(client, CREATE, { input: { name: 'Script', ...input } })
  async function newKey(
    client: GraphQLClient,
    input: object,
  ): Promise<{ id: string; secret: string; client: GraphQLClient }> {
    const { payload } = await create(client, input)
    expect(payload.userErrors).toEqual([])
    return { id: payload.apiKey.id, secret: payload.secret, client: gatehouse.client(payload.secret) }
  }
  const sees = async (client: GraphQLClient, id: string): Promise<boolean> =>
    Boolean((await client.send('query ($id: ID!) { node(id: $id) { id } }', { id })).data?.node)
  const isAlive = async (client: GraphQLClient) => (await client.send(CURRENT)).data.currentApiKey !== null
  const rowOf = async (id: string) => {
    const [row] = await gatehouse.superuser.rows('SELECT * FROM api_keys WHERE id = $1', [fromTypeId('ApiKey', id)])
    return row!
  }

  describe('createApiKey', () => {
    it('makes a personal key that acts for the person, and keeps only its hash', async () => {
      const { payload } = await create(member.organization, { owner: personal(), name: ' Nightly\u202e export ' })
      expect(payload).toEqual({
        apiKey: {
          id: expect.stringMatching(/^key_/),
          name: 'Nightly export',
          preview: `${payload.secret.slice(0, 8)}…${payload.secret.slice(-4)}`,
          ownerKind: 'MEMBER',
          ownerName: member.name,
          permissions: null,
          status: 'ACTIVE',
          createdByName: member.name,
          expiresAt: null,
          lastUsedAt: null,
          revokedAt: null,
          revocationReason: null,
          rotatedFromId: null,
          project: null,
          owner: { __typename: 'Member', id: memberTypeId(member) },
        },
        secret: expect.stringMatching(/^gak_[0-9A-Za-z]{71}$/),
        userErrors: [],
      })
      const row = await rowOf(payload.apiKey.id)
      expect(row.token_hash).toEqual(hashToken(payload.secret))
      expect(JSON.stringify(row)).not.toContain(payload.secret)
      expect(gatehouse.logs.join('')).not.toContain(payload.secret.slice(4))
      const key = gatehouse.client(payload.secret)
      const { data } = await key.send(
        'query ($id: ID!) { organization(by: { id: $id }) { viewerMembership { id } viewerPermissions } viewer { user { id } } }',
        {
          id: acme.id,
        },
      )
      expect(data).toEqual({
        organization: {
          viewerMembership: { id: memberTypeId(member) },
          viewerPermissions: ['billing.see', 'dataset.use', 'member.read', 'organization.read', 'team.read'],
        },
        viewer: null,
      })
    })

    it('makes keys for a project and for a service account, which see exactly their project', async () => {
      const elsewhere = await newProject('Elsewhere')
      const own = await newKey(manager.organization, { owner: { projectId: project }, permissions: ['project.read'] })
      const machine = await newKey(manager.organization, { owner: { serviceAccountId: robot } })
      for (const { client } of [own, machine]) {
        expect([await sees(client, project), await sees(client, elsewhere)]).toEqual([true, false])
        const { data, errors } = await client.send('query ($id: ID!) { organization(by: { id: $id }) { id } }', {
          id: acme.id,
        })
        expect([data?.organization, errors?.[0]?.extensions.code]).toEqual([null, 'FORBIDDEN'])
      }
      const { data } = await machine.client.send(
        `{ currentApiKey { ownerKind ownerName project { id } owner { __typename } } }`,
      )
      expect(data.currentApiKey).toEqual({
        ownerKind: 'SERVICE_ACCOUNT',
        ownerName: 'Deployer',
        project: { id: project },
        // It may act, not look at service accounts.
        owner: null,
      })
    })

    it('cuts a key down to permissions and to a project', async () => {
      const other = await newProject('Other')
      const narrow = await newKey(admin(), { owner: personal(), projectId: project, permissions: ['project.read'] })
      expect([await sees(narrow.client, project), await sees(narrow.client, other)]).toEqual([true, false])
      const rename =
        'mutation ($id: ID!) { updateProject(id: $id, input: { description: "x" }) { userErrors { code permission: message } } }'
      expect(codes(await run(narrow.client, rename, { id: project }))).toEqual(['FORBIDDEN'])
      const wide = await newKey(admin(), {
        owner: personal(),
        permissions: ['project.read', 'project.update', 'project.update'],
      })
      expect((await rowOf(wide.id)).permissions).toEqual(['project.read', 'project.update'])
      expect(codes(await run(wide.client, rename, { id: project }))).toEqual([])
      const archive = 'mutation ($id: ID!) { archiveProject(id: $id, archived: true) { userErrors { code } } }'
      expect(codes(await run(wide.client, archive, { id: project }))).toEqual(['FORBIDDEN'])
    })

    it('works out at each use what its owner may do then', async () => {
      const place = await newProject('Moving')
      const person = await join(gatehouse, acme)
      await grant(place, person, 'project_admin')
      const key = await newKey(person.organization, {
        owner: personal(),
        permissions: ['project.read', 'project.update'],
      })
      const rename =
        'mutation ($id: ID!) { updateProject(id: $id, input: { description: "x" }) { userErrors { code } } }'
      expect(codes(await run(key.client, rename, { id: place }))).toEqual([])
      await grant(place, person, 'project_member')
      expect(codes(await run(key.client, rename, { id: place }))).toEqual(['FORBIDDEN'])
      await gatehouse.superuser.rows('DELETE FROM project_grants WHERE member_id = $1', [person.memberId])
      expect(codes(await run(key.client, rename, { id: place }))).toEqual(['NOT_FOUND'])
    })

    it.each([
      ['a blank name', { name: ' ' }, [{ code: 'REQUIRED', path: ['input', 'name'] }]],
      ['a long name', { name: 'x'.repeat(101) }, [{ code: 'TOO_LONG', path: ['input', 'name'] }]],
      ['an unknown permission', { permissions: ['no.such'] }, [{ code: 'INVALID', path: ['input', 'permissions'] }]],
      ['no permission', { permissions: [] }, [{ code: 'REQUIRED', path: ['input', 'permissions'] }]],
      [
        'too many permissions',
        { permissions: Array.from({ length: 201 }, (_, index) => `a.b${index}`) },
        [{ code: 'TOO_MANY', path: ['input', 'permissions'] }],
      ],
      [
        'an end in the past',
        { expiresAt: '2020-01-01T00:00:00Z' },
        [{ code: 'INVALID', path: ['input', 'expiresAt'] }],
      ],
    ])('refuses %s', async (_what, input, expected) => {
      const { payload } = await create(admin(), { owner: personal(), ...input })
      expect(payload.userErrors).toEqual(expected.map((error) => expect.objectContaining(error)))
      expect([payload.apiKey, payload.secret]).toEqual([null, null])
    })

    it('gives project and service-account keys nothing that concerns the organization, and makes projects name it all', async () => {
      const owners = [{ projectId: project }, { serviceAccountId: robot }]
      for (const owner of owners)
        for (const permission of ['member.read', 'billing.see'])
          expect((await create(admin(), { owner, permissions: [permission] })).payload.userErrors).toEqual([
            expect.objectContaining({ code: 'INVALID', path: ['input', 'permissions'] }),
          ])
      expect(
        codes(await create(admin(), { owner: personal(), projectId: project, permissions: ['member.read'] })),
      ).toEqual(['INVALID'])
      expect((await create(admin(), { owner: owners[0] })).payload.userErrors).toEqual([
        expect.objectContaining({ code: 'REQUIRED', path: ['input', 'permissions'] }),
      ])
      expect(codes(await create(admin(), { owner: owners[0], permissions: ['dataset.use', 'dataset.drop'] }))).toEqual(
        [],
      )
      expect(
        codes(await create(admin(), { owner: owners[0], projectId: project, permissions: ['project.read'] })),
      ).toEqual(['INVALID'])
    })

    it('hands out no more than its owner may do, nor than the maker holds', async () => {
      // A plain member holds nothing to update a project with.
      expect(codes(await create(member.organization, { owner: personal(), permissions: ['project.update'] }))).toEqual([
        'FORBIDDEN',
      ])
      expect(codes(await create(member.organization, { owner: personal(), permissions: ['project.read'] }))).toEqual([])
      // The service account is a plain project member.
      expect(
        (await create(admin(), { owner: { serviceAccountId: robot }, permissions: ['project.update'] })).payload
          .userErrors,
      ).toEqual([expect.objectContaining({ code: 'INVALID', path: ['input', 'permissions'] })])
      const keeper = await join(gatehouse, acme)
      await gatehouse.superuser.rows(
        `WITH keeping AS (
           INSERT INTO roles (organization_id, id, scope, key, name, permissions)
           VALUES ($1, gen_random_uuid(), 'PROJECT', 'keeper', 'Keeper', '{project.read,api_key.read,api_key.create}') RETURNING id
         ) INSERT INTO project_grants (organization_id, id, project_id, member_id, role_id, granted_by_name)
           SELECT $1, gen_random_uuid(), $2, $3, id, 'Test' FROM keeping`,
        [acme.uuid, fromTypeId('Project', project), keeper.memberId],
      )
      const strong = await newRobot('Strong', 'project_admin')
      const attempts = [
        { owner: { projectId: project }, permissions: ['project.delete'] },
        { owner: { serviceAccountId: strong } },
        { owner: { serviceAccountId: strong }, permissions: ['project.delete'] },
      ]
      for (const attempt of attempts) expect(codes(await create(keeper.organization, attempt))).toEqual(['FORBIDDEN'])
      expect(
        codes(
          await create(keeper.organization, { owner: { serviceAccountId: strong }, permissions: ['project.read'] }),
        ),
      ).toEqual([])
      // Nor by rotating or widening what somebody stronger made.
      const made = await newKey(admin(), { owner: { serviceAccountId: strong } })
      expect(codes(await run(keeper.organization, ROTATE_AS_USUAL, { id: made.id }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(keeper.organization, UPDATE, { id: made.id, input: { expiresAt: null } }))).toEqual([
        'FORBIDDEN',
      ])
      const small = await newKey(keeper.organization, { owner: { projectId: project }, permissions: ['project.read'] })
      expect(
        codes(await run(keeper.organization, UPDATE, { id: small.id, input: { permissions: ['project.delete'] } })),
      ).toEqual(['FORBIDDEN'])
      expect((await rowOf(small.id)).permissions).toEqual(['project.read'])
    })

    it('answers FORBIDDEN to a plain project member, NOT_FOUND outside, 401 to nobody, and makes nothing', async () => {
      const outside = await join(gatehouse, acme)
      const before = await count()
      for (const owner of [{ projectId: project }, { serviceAccountId: robot }]) {
        const input = { owner, permissions: ['project.read'] }
        expect(codes(await create(member.organization, input))).toEqual(['FORBIDDEN'])
        expect(codes(await create(outside.organization, input))).toEqual(['NOT_FOUND'])
        expect(codes(await create(stranger.organization, input))).toEqual(['NOT_FOUND'])
        expect((await create(gatehouse.client(), input)).status).toBe(401)
      }
      expect(codes(await create(stranger.organization, { owner: personal() }))).toEqual(['NOT_FOUND'])
      expect(codes(await create(acme.admin.account, { owner: personal() }))).toEqual(['NOT_FOUND'])
      expect(codes(await create(gatehouse.operator, { owner: personal() }))).toEqual(['FORBIDDEN'])
      expect(await count()).toBe(before)
    })
    const count = async () =>
      (await gatehouse.superuser.rows<{ n: number }>('SELECT count(*)::int AS n FROM api_keys'))[0]!.n

    it('never lets a key make, rotate or change keys', async () => {
      const key = await newKey(admin(), { owner: personal() })
      const other = await newKey(admin(), { owner: { projectId: project }, permissions: ['project.read'] })
      const answers = [
        await create(key.client, { owner: personal() }),
        await create(key.client, { owner: { projectId: project }, permissions: ['project.read'] }),
        await run(key.client, ROTATE, { id: other.id }),
        await run(key.client, ROTATE, { id: key.id }),
      ]
      for (const { payload } of answers)
        expect(payload.userErrors).toEqual([
          expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringContaining('API keys cannot make') }),
        ])
      expect(codes(await run(key.client, UPDATE, { id: key.id, input: { name: 'Wider' } }))).toEqual(['FORBIDDEN'])
    })

    it('waits for the service account and the project to be in use', async () => {
      const idle = await newRobot('Idle')
      await run(admin(), 'mutation ($id: ID!) { disableServiceAccount(id: $id) { userErrors { code } } }', { id: idle })
      expect(codes(await create(admin(), { owner: { serviceAccountId: idle } }))).toEqual(['WRONG_STATE'])
      const shelved = await newProject('Shelved')
      await run(admin(), 'mutation ($id: ID!) { archiveProject(id: $id, archived: true) { userErrors { code } } }', {
        id: shelved,
      })
      expect(codes(await create(admin(), { owner: { projectId: shelved }, permissions: ['project.read'] }))).toEqual([
        'WRONG_STATE',
      ])
    })

    it('lets keys live as long as the organization allows', async () => {
      const strict = await found(gatehouse, 'Strict')
      const own = { owner: { organizationId: strict.id } }
      const set =
        'mutation ($id: ID!, $days: Int) { updateOrganization(id: $id, input: { settings: { apiKeyMaxLifetimeDays: $days } }) { organization { settings { apiKeyMaxLifetimeDays } } userErrors { code path } } }'
      const client = strict.admin.organization
      const old = await newKey(client, own)
      expect((await run(client, set, { id: strict.id, days: 0 })).payload.userErrors).toEqual([
        { code: 'INVALID', path: ['input', 'settings', 'apiKeyMaxLifetimeDays'] },
      ])
      expect((await run(client, set, { id: strict.id, days: 30 })).payload.organization.settings).toEqual({
        apiKeyMaxLifetimeDays: 30,
      })
      // Whatever else of the organization is changed.
      await run(
        client,
        'mutation ($id: ID!) { updateOrganization(id: $id, input: { name: "Stricter" }) { userErrors { code } } }',
        { id: strict.id },
      )
      const { payload } = await create(client, own)
      expect(Math.round((Date.parse(payload.apiKey.expiresAt) - Date.now()) / DAY)).toBe(30)
      const late = new Date(Date.now() + 31 * DAY).toISOString()
      expect((await create(client, { ...own, expiresAt: late })).payload.userErrors).toEqual([
        expect.objectContaining({ code: 'INVALID', path: ['input', 'expiresAt'] }),
      ])
      expect(codes(await run(client, UPDATE, { id: payload.apiKey.id, input: { expiresAt: late } }))).toEqual([
        'INVALID',
      ])
      const rotated = await run(client, ROTATE, { id: old.id, hours: 1 })
      expect(Math.round((Date.parse(rotated.payload.apiKey.expiresAt) - Date.now()) / DAY)).toBe(30)
      expect((await run(client, set, { id: strict.id, days: null })).payload.organization.settings).toEqual({
        apiKeyMaxLifetimeDays: null,
      })
    })

    it(`gives an owner 100 live keys, and the last place to one of two, in ${RACES} races`, async () => {
      const hoarder = await join(gatehouse, acme)
      for (let made = 0; made < 99; made += 1) await arrangeKey(gatehouse, acme, { member: hoarder })
      for (let round = 0; round < RACES; round += 1) {
        const answers = await Promise.all([1, 2].map(() => create(hoarder.organization, { owner: personal() })))
        expect(answers.flatMap(codes)).toEqual(['LIMIT_EXCEEDED'])
        const made = answers.find(({ payload }) => payload.apiKey)!.payload.apiKey.id
        expect(codes(await run(hoarder.organization, ROTATE, { id: made, hours: 1 }))).toEqual(['LIMIT_EXCEEDED'])
        await run(hoarder.organization, REVOKE, { id: made })
      }
      const last = await newKey(hoarder.organization, { owner: personal() })
      expect(codes(await run(hoarder.organization, ROTATE, { id: last.id, hours: 0 }))).toEqual([])
    })
  })

  describe('rotateApiKey', () => {
    it('makes a successor with the same rights, and lets the old one end after the overlap', async () => {
      const old = await newKey(admin(), {
        owner: { serviceAccountId: robot },
        permissions: ['project.read'],
        expiresAt: new Date(Date.now() + 10 * DAY).toISOString(),
      })
      const { payload } = await run(manager.organization, ROTATE, { id: old.id, hours: 2 })
      expect(payload.apiKey).toMatchObject({
        name: 'Script',
        ownerName: 'Deployer',
        permissions: ['project.read'],
        rotatedFromId: old.id,
        createdByName: manager.name,
        project: { id: project },
      })
      const days = (text: string) => (Date.parse(text) - Date.now()) / DAY
      expect(Math.round(days(payload.apiKey.expiresAt))).toBe(10)
      const { expires_at: end } = await rowOf(old.id)
      expect(Math.round(days((end as Date).toISOString()) * 24)).toBe(2)
      expect([await isAlive(old.client), await isAlive(gatehouse.client(payload.secret))]).toEqual([true, true])
      await gatehouse.superuser.rows("UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1", [
        fromTypeId('ApiKey', old.id),
      ])
      expect([await isAlive(old.client), await isAlive(gatehouse.client(payload.secret))]).toEqual([false, true])
      const audits = await gatehouse.superuser.rows(
        `SELECT action, details->'changes'->0->>'after' AS successor FROM audit_events WHERE $1 = ANY (target_ids) ORDER BY id`,
        [old.id],
      )
      expect(audits.at(-1)).toEqual({ action: 'api_key.rotated', successor: payload.apiKey.id })
    })

    it('overlaps by a day unless told, by 0 to 168 hours, and not at all with 0', async () => {
      const first = await newKey(admin(), { owner: personal() })
      const second = (await run(admin(), ROTATE_AS_USUAL, { id: first.id })).payload
      const { expires_at: end } = await rowOf(first.id)
      expect(Math.round(((end as Date).getTime() - Date.now()) / 3_600_000)).toBe(24)
      for (const hours of [-1, 169])
        expect((await run(admin(), ROTATE, { id: second.apiKey.id, hours })).payload.userErrors).toEqual([
          expect.objectContaining({ code: 'INVALID', path: ['overlapHours'] }),
        ])
      await run(admin(), ROTATE, { id: second.apiKey.id, hours: 0 })
      expect(await isAlive(gatehouse.client(second.secret))).toBe(false)
      expect(await rowOf(second.apiKey.id)).toMatchObject({ revocation_reason: 'ROTATED' })
    })

    it('is done once, by the person alone for a personal key, and not after the end', async () => {
      const key = await newKey(member.organization, { owner: personal() })
      expect(codes(await run(admin(), ROTATE_AS_USUAL, { id: key.id }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(manager.organization, ROTATE_AS_USUAL, { id: key.id }))).toEqual(['NOT_FOUND'])
      expect(codes(await run(stranger.organization, ROTATE_AS_USUAL, { id: key.id }))).toEqual(['NOT_FOUND'])
      expect(codes(await run(member.organization, ROTATE_AS_USUAL, { id: key.id }))).toEqual([])
      expect(codes(await run(member.organization, ROTATE_AS_USUAL, { id: key.id }))).toEqual(['WRONG_STATE'])
      // It ends with the rotation, whatever somebody would like later.
      expect(codes(await run(member.organization, UPDATE, { id: key.id, input: { expiresAt: null } }))).toEqual([
        'WRONG_STATE',
      ])
      await run(member.organization, REVOKE, { id: key.id })
      expect(codes(await run(member.organization, ROTATE_AS_USUAL, { id: key.id }))).toEqual(['WRONG_STATE'])
    })

    it(`makes one successor when asked twice at once, in ${RACES} races`, async () => {
      const place = await newProject('Rotating')
      for (let round = 0; round < RACES; round += 1) {
        await gatehouse.superuser.rows('DELETE FROM api_keys WHERE project_id = $1', [fromTypeId('Project', place)])
        const key = await arrangeKey(gatehouse, acme, { project: place })
        const answers = await Promise.all([1, 2].map(() => run(admin(), ROTATE_AS_USUAL, { id: key.id })))
        expect(answers.flatMap(codes)).toEqual(['WRONG_STATE'])
      }
    })

    it(`leaves nothing alive but a successor that was answered when a key is revoked meanwhile, in ${RACES} races`, async () => {
      const place = await newProject('Revoking')
      for (let round = 0; round < RACES; round += 1) {
        await gatehouse.superuser.rows('DELETE FROM api_keys WHERE project_id = $1', [fromTypeId('Project', place)])
        const key = await arrangeKey(gatehouse, acme, { project: place })
        const [rotated, revoked] = await Promise.all([
          run(admin(), ROTATE, { id: key.id, hours: 24 }),
          run(admin(), REVOKE, { id: key.id }),
        ])
        expect(revoked.payload.apiKey.status).toBe('REVOKED')
        expect(await isAlive(key.client)).toBe(false)
        if (codes(rotated).length > 0) expect(codes(rotated)).toEqual(['WRONG_STATE'])
        else expect(await isAlive(gatehouse.client(rotated.payload.secret))).toBe(true)
      }
    })
  })

  describe('updateApiKey', () => {
    it('changes what was sent, and audits the difference', async () => {
      const key = await newKey(admin(), { owner: { projectId: project }, permissions: ['project.read'] })
      const expiresAt = new Date(Date.now() + DAY).toISOString()
      const { payload } = await run(manager.organization, UPDATE, {
        id: key.id,
        input: { name: 'Renamed', permissions: ['project.read', 'dataset.use'], expiresAt },
      })
      expect(payload.apiKey).toMatchObject({ name: 'Renamed', permissions: ['project.read', 'dataset.use'], expiresAt })
      expect(
        (await run(manager.organization, UPDATE, { id: key.id, input: { name: 'Again' } })).payload.apiKey,
      ).toMatchObject({
        name: 'Again',
        permissions: ['project.read', 'dataset.use'],
        expiresAt,
      })
      expect(codes(await run(manager.organization, UPDATE, { id: key.id, input: { permissions: null } }))).toEqual([
        'REQUIRED',
      ])
      expect(codes(await run(member.organization, UPDATE, { id: key.id, input: { name: 'No' } }))).toEqual([
        'FORBIDDEN',
      ])
      expect(codes(await run(stranger.organization, UPDATE, { id: key.id, input: { name: 'No' } }))).toEqual([
        'NOT_FOUND',
      ])
      await run(admin(), REVOKE, { id: key.id })
      expect(codes(await run(admin(), UPDATE, { id: key.id, input: { name: 'Late' } }))).toEqual(['WRONG_STATE'])
    })
  })

  describe('revokeApiKey', () => {
    it('ends a key at once, is asked twice without harm, and cannot be undone', async () => {
      const key = await newKey(member.organization, { owner: personal() })
      expect(await isAlive(key.client)).toBe(true)
      for (const client of [admin(), member.organization])
        expect((await run(client, REVOKE, { id: key.id })).payload).toEqual({
          apiKey: { id: key.id, status: 'REVOKED', revocationReason: 'REVOKED' },
          userErrors: [],
        })
      expect(await isAlive(key.client)).toBe(false)
      const audits = await gatehouse.superuser.rows(
        `SELECT actor_kind, details->'targets' AS targets FROM audit_events WHERE action = 'api_key.revoked' AND $1 = ANY (target_ids)`,
        [key.id],
      )
      expect(audits).toEqual([
        {
          actor_kind: 'member',
          targets: [
            { type: 'ApiKey', id: key.id, label: 'Script' },
            { type: 'Member', id: memberTypeId(member), label: member.name },
          ],
        },
      ])
    })

    it('lets a key end itself, and a limited one nothing else', async () => {
      const victim = await newKey(admin(), { owner: personal() })
      const key = await newKey(admin(), { owner: personal(), permissions: ['project.read'] })
      expect(codes(await run(key.client, REVOKE, { id: victim.id }))).toEqual(['NOT_FOUND'])
      expect((await run(key.client, REVOKE, { id: key.id })).payload.apiKey.status).toBe('REVOKED')
      expect([await isAlive(victim.client), await isAlive(key.client)]).toEqual([true, false])
      const [audit] = await gatehouse.superuser.rows(
        `SELECT actor_kind, actor_id, details->>'actor' AS actor FROM audit_events WHERE action = 'api_key.revoked' AND $1 = ANY (target_ids)`,
        [key.id],
      )
      expect(audit).toEqual({ actor_kind: 'key', actor_id: fromTypeId('ApiKey', key.id), actor: 'API key Script' })
      const events = await admin().send(
        `query ($id: ID!, $key: ID!) { organization(by: { id: $id }) { auditEvents(filter: { actorId: $key }) { nodes { actorKind actorId actorLabel } } } }`,
        { id: acme.id, key: key.id },
      )
      expect(events.data.organization.auditEvents.nodes).toEqual([
        { actorKind: 'KEY', actorId: key.id, actorLabel: 'API key Script' },
      ])
    })

    it('answers FORBIDDEN or NOT_FOUND to everybody else, and the key works on', async () => {
      const own = await newKey(admin(), { owner: personal() })
      const shared = await newKey(admin(), { owner: { projectId: project }, permissions: ['project.read'] })
      expect(codes(await run(manager.organization, REVOKE, { id: own.id }))).toEqual(['NOT_FOUND'])
      expect(codes(await run(member.organization, REVOKE, { id: shared.id }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(stranger.organization, REVOKE, { id: shared.id }))).toEqual(['NOT_FOUND'])
      expect((await run(gatehouse.client(), REVOKE, { id: shared.id })).status).toBe(401)
      expect([await isAlive(own.client), await isAlive(shared.client)]).toEqual([true, true])
    })
  })

  describe('the lists', () => {
    const OF_ORGANIZATION = `query ($id: ID!, $filter: ApiKeyFilter, $first: Int, $after: String, $last: Int, $before: String) {
      organization(by: { id: $id }) { apiKeys(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
        nodes { id name status owner { __typename } } totalCount { value } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`
    let listed: TestOrganization
    let ada: OrganizationMember

    beforeAll(async () => {
      listed = await found(gatehouse, 'Listed')
      ada = await join(gatehouse, listed)
      await gatehouse.superuser.rows(
        `INSERT INTO api_keys (organization_id, id, token_hash, preview, name, owner_kind, member_id, member_epoch, created_by_name,
           created_at, last_used_at, expires_at, revoked_at, revocation_reason)
         SELECT $1, ('00000000-0000-7000-8000-00000000000' || n)::uuid, decode(md5(n::text), 'hex'), 'p', name, 'MEMBER', $2, 1, 'Ada',
           now() - interval '90 days', used, ending, revoked, CASE WHEN revoked IS NOT NULL THEN 'REVOKED' END
         FROM (VALUES (1, 'Old 100%', NULL, NULL, NULL), (2, 'Busy', now(), NULL, NULL), (3, 'Ending', now(), now() + interval '3 days', NULL),
           (4, 'Ended', NULL, now() - interval '1 day', NULL), (5, 'Taken back', NULL, now() - interval '1 day', now()))
           AS k(n, name, used, ending, revoked)`,
        [listed.uuid, ada.memberId],
      )
    })
    const names = async (filter: object | null, client = listed.admin.organization) =>
      (
        (await client.send(OF_ORGANIZATION, { id: listed.id, first: 100, filter })).data.organization.apiKeys?.nodes ??
        null
      )?.map((node: { name: string }) => node.name) ?? null

    it('show an Admin every key, personal ones too, by status, use, end, owner and name', async () => {
      expect(await names(null)).toEqual(['Ending', 'Busy', 'Old 100%'])
      expect(await names({ status: ['EXPIRED'] })).toEqual(['Ended'])
      expect(await names({ status: ['REVOKED'] })).toEqual(['Taken back'])
      expect(await names({ status: ['REVOKED', 'ACTIVE', 'EXPIRED'] })).toEqual([
        'Taken back',
        'Ended',
        'Ending',
        'Busy',
        'Old 100%',
      ])
      expect(await names({ status: [] })).toEqual([])
      expect(await names({ unusedSince: new Date(Date.now() - 30 * DAY).toISOString() })).toEqual(['Old 100%'])
      expect(await names({ expiresBefore: new Date(Date.now() + 7 * DAY).toISOString() })).toEqual(['Ending'])
      expect(await names({ search: '0%' })).toEqual(['Old 100%'])
      expect(await names({ ownerId: memberTypeId(ada), search: 'BUSY' })).toEqual(['Busy'])
      expect(await names({ ownerId: memberTypeId(listed.admin) })).toEqual([])
      expect(await names(null, ada.organization)).toBeNull()
      const wrong = await listed.admin.organization.send(OF_ORGANIZATION, {
        id: listed.id,
        filter: { ownerId: listed.id },
      })
      expect(wrong.errors?.[0]?.extensions.code).toBe('INVALID')
    })

    it('take every filter at once', async () => {
      const soon = new Date(Date.now() + 7 * DAY).toISOString()
      const everything = {
        search: 'Ending',
        ownerId: memberTypeId(ada),
        status: ['ACTIVE', 'EXPIRED', 'REVOKED'],
        unusedSince: soon,
        expiresBefore: soon,
      }
      expect(await names(everything)).toEqual(['Ending'])
      expect(await names({ ...everything, search: 'Busy' })).toEqual([])
    })

    it('walk in pages of one, both ways, without loss or repeat', async () => {
      const walk = async (size: object, next: (info: Answer) => object | null) => {
        const seen: string[] = []
        for (let page: object | null = {}; page; ) {
          const answer = await listed.admin.organization.send(OF_ORGANIZATION, { id: listed.id, ...size, ...page })
          const { apiKeys } = answer.data.organization
          expect(apiKeys.totalCount).toEqual({ value: 3 })
          seen.push(apiKeys.nodes[0].name)
          page = next(apiKeys.pageInfo)
        }
        return seen
      }
      const forwards = await walk({ first: 1 }, (info) => (info.hasNextPage ? { after: info.endCursor } : null))
      const backwards = await walk({ last: 1 }, (info) => (info.hasPreviousPage ? { before: info.startCursor } : null))
      expect([forwards, backwards]).toEqual([
        ['Ending', 'Busy', 'Old 100%'],
        ['Old 100%', 'Busy', 'Ending'],
      ])
    })

    it('show a project its own keys and those of its service accounts, and no personal ones', async () => {
      const place = await newProject('Keyed')
      const account = await newRobot('Runner', 'project_member', place)
      await newKey(admin(), { name: 'Shared', owner: { projectId: place }, permissions: ['project.read'] })
      await newKey(admin(), { name: 'Machine', owner: { serviceAccountId: account } })
      await newKey(admin(), { name: 'Private', owner: personal(), projectId: place })
      const { data } = await admin().send(
        `query ($id: ID!) { node(id: $id) { ... on Project { apiKeys { nodes { name owner { __typename } project { id } } totalCount { value } }
           serviceAccounts { nodes { name apiKeys { name } } } } } }`,
        { id: place },
      )
      expect(data.node).toEqual({
        apiKeys: {
          nodes: [
            { name: 'Machine', owner: { __typename: 'ServiceAccount' }, project: { id: place } },
            { name: 'Shared', owner: { __typename: 'Project' }, project: { id: place } },
          ],
          totalCount: { value: 2 },
        },
        serviceAccounts: { nodes: [{ name: 'Runner', apiKeys: [{ name: 'Machine' }] }] },
      })
    })

    it('show people their own keys, and those of others to Admins only', async () => {
      const person = await join(gatehouse, acme)
      await newKey(person.organization, { name: 'Mine', owner: personal() })
      await run(person.organization, REVOKE, { id: (await newKey(person.organization, { owner: personal() })).id })
      const MEMBERS = `query ($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) { ... on Member { apiKeys { name } } } }`
      const ids = { a: memberTypeId(person), b: memberTypeId(member) }
      const own = await person.organization.send(MEMBERS, ids)
      expect(own.data.nodes).toEqual([{ apiKeys: [{ name: 'Mine' }] }, { apiKeys: null }])
      expect(own.extensions.denied).toEqual([{ path: ['nodes', 1, 'apiKeys'], permission: 'api_key.read' }])
      const all = await admin().send(MEMBERS, ids)
      expect(all.data.nodes[0]).toEqual({ apiKeys: [{ name: 'Mine' }] })
      expect(all.data.nodes[1].apiKeys.length).toBeGreaterThan(0)
    })
  })

  it('tells a console which controls work', async () => {
    const key = await newKey(member.organization, { owner: personal() })
    const can = async (client: GraphQLClient, action: string) =>
      (
        await client.send(
          'query ($id: ID!, $action: ApiKeyAction!) { node(id: $id) { ... on ApiKey { viewerCan(action: $action) { allowed reason } } } }',
          { id: key.id, action },
        )
      ).data.node?.viewerCan
    const yes = { allowed: true, reason: null }
    const no = { allowed: false, reason: 'MISSING_PERMISSION' }
    expect([await can(member.organization, 'ROTATE'), await can(member.organization, 'REVOKE')]).toEqual([yes, yes])
    expect([await can(admin(), 'ROTATE'), await can(admin(), 'REVOKE')]).toEqual([no, yes])
    expect([await can(key.client, 'UPDATE'), await can(key.client, 'REVOKE')]).toEqual([no, yes])
    expect(await can(manager.organization, 'REVOKE')).toBeUndefined()
    const inProject = async (client: GraphQLClient) =>
      (
        await client.send(
          'query ($id: ID!) { node(id: $id) { ... on Project { viewerCan(action: CREATE_API_KEY) { allowed reason } } } }',
          { id: project },
        )
      ).data.node.viewerCan
    const strong = await newKey(admin(), { owner: personal() })
    expect([await inProject(manager.organization), await inProject(member.organization)]).toEqual([yes, no])
    expect(await inProject(strong.client)).toEqual(no)
    await run(member.organization, ROTATE_AS_USUAL, { id: key.id })
    expect(await can(member.organization, 'ROTATE')).toEqual({ allowed: false, reason: 'WRONG_STATE' })
  })

  it('notes the last use of a key to the hour, with the address', async () => {
    const key = await newKey(member.organization, { owner: personal() })
    const noted = async () => {
      const { last_used_at: at, last_used_ip: ip } = await rowOf(key.id)
      return at ? { at, ip } : null
    }
    await isAlive(key.client)
    const first = await eventually('the note', noted)
    expect(first.ip).toBe('127.0.0.1')
    await isAlive(key.client)
    expect(await noted()).toEqual(first)
  })

  it('keeps keys away from the account side, with a word that says why', async () => {
    const key = await newKey(member.organization, { owner: personal() })
    const calls: [string, object][] = [
      ['mutation ($id: ID!) { switchOrganization(organizationId: $id) { token } }', { id: acme.id }],
      ['mutation { revokeAllSessions { revoked } }', {}],
      [
        'mutation ($id: ID!) { acceptInvitation(input: { invitationId: $id }) { userErrors { code } } }',
        { id: toTypeId('Invitation', acme.uuid) },
      ],
      ['mutation { createOrganization(input: { name: "x", billingEmail: "x@example.com" }) { token } }', {}],
    ]
    for (const [document, variables] of calls) {
      const { status, errors } = await key.client.send(document, variables as Record<string, unknown>)
      expect([status, errors?.[0]?.message]).toEqual([
        401,
        expect.stringContaining('API keys work inside their organization'),
      ])
    }
    const leave = await run(
      key.client,
      'mutation ($id: ID!) { leaveOrganization(id: $id) { userErrors { code message } } }',
      { id: acme.id },
    )
    expect(leave.payload.userErrors).toEqual([{ code: 'FORBIDDEN', message: expect.stringContaining('cannot leave') }])
    expect(await isAlive(key.client)).toBe(true)
  })

  it('stays inside its organization, wherever row-level security would let it look', async () => {
    const key = await newKey(admin(), { owner: personal() })
    const rival = await found(gatehouse, 'Third')
    expect(await sees(key.client, rival.id)).toBe(false)
    const actor = await gatehouse.database.write({ kind: 'organization', organizationId: rival.uuid }, (tx) =>
      findKeyActor(tx, rival.uuid, hashToken(key.secret), false),
    )
    expect(actor).toBeNull()
  })
})
