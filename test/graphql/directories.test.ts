import { fromTypeId, toTypeId } from '../../src/kernel/ids'
import { hashToken, readToken } from '../../src/platform/crypto'
import { COUNTERS } from '../support/counters'
import {
  type ArrangedDirectory,
  arrangeDirectory,
  arrangeDirectoryGroup,
  arrangeDirectoryUser,
  arrangeScimRequest,
} from '../support/directories'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { enterSsoMode } from '../support/sso'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

const DIRECTORY = `id name vendor status isDryRun isStrict deprovisionAction adoptsVerifiedDomains linkKeys version
  defaultRole { key } baseUrl { key value } setupGuide { key values { key value } } tokens { id preview expiresAt isExpired isExpiringSoon }
  userCount groupCount lastRequestAt errorsLast24h`
const CREATE = `mutation ($org: ID!, $input: DirectoryInput!) { createDirectory(organizationId: $org, input: $input) {
  directory { ${DIRECTORY} } secret userErrors { code path message } } }`
const UPDATE = `mutation ($id: ID!, $input: DirectoryInput!, $version: Int) { updateDirectory(id: $id, input: $input, expectedVersion: $version) {
  directory { ${DIRECTORY} } userErrors { code path message } } }`
const PAUSE = `mutation ($id: ID!, $paused: Boolean!) { pauseDirectory(id: $id, paused: $paused) {
  directory { ${DIRECTORY} } userErrors { code path message } } }`
const DELETE = `mutation ($id: ID!, $keep: KeptMembers!) { deleteDirectory(id: $id, keepMembers: $keep) {
  deletedId membersSuspended userErrors { code path message } } }`
const NEW_TOKEN = `mutation ($id: ID!, $expiresAt: DateTime) { createScimToken(directoryId: $id, expiresAt: $expiresAt) {
  token { id preview expiresAt directory { id } } secret userErrors { code path message } } }`
const REVOKE = `mutation ($id: ID!) { revokeScimToken(id: $id) { deletedId userErrors { code path message } } }`
const READ = `query ($id: ID!) { node(id: $id) { ... on Directory { ${DIRECTORY} } } }`
const LIST = `query ($id: ID!) { organization(by: { id: $id }) { directories { id name } } }`
const AUDIT = `query ($id: ID!, $target: ID!) { organization(by: { id: $id }) { auditEvents(filter: { targetId: $target }) { nodes { action changes { field before after } } } } }`

describe('directories', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let byInvitation: TestOrganization
  let weak: OrganizationMember
  let stranger: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    await enterSsoMode(gatehouse, acme)
    byInvitation = await found(gatehouse, 'Inviting')
    weak = await join(gatehouse, acme)
    stranger = (await found(gatehouse, 'Rival')).admin
  })
  afterAll(() => gatehouse.close())

  const run = async (client: GraphQLClient, document: string, variables: Record<string, unknown>) => {
    const answer = await client.send(document, variables)
    return { ...answer, payload: (Object.values(answer.data ?? {})[0] ?? null) as Answer }
  }
  const codes = (answer: { payload: { userErrors: { code: string }[] } }) =>
    answer.payload.userErrors.map(({ code }) => code)
  const admin = (organization = acme) => organization.admin.organization
  let names = 0
  const create = (input: object = {}, organization = acme, client = admin(organization)) =>
    run(client, CREATE, { org: organization.id, input: { name: `Directory ${(names += 1)}`, ...input } })
  const read = async (id: string, client = admin()) => (await client.send(READ, { id })).data.node
  const row = async ({ id }: { id: string }) =>
    (
      await gatehouse.superuser.rows<Record<string, Answer>>('SELECT * FROM directories WHERE id = $1', [
        fromTypeId('Directory', id),
      ])
    )[0]

  describe('createDirectory', () => {
    it('makes a directory that waits, with the presets of its vendor and a token that is shown once', async () => {
      const { payload } = await create({ vendor: 'ENTRA' })
      const { directory, secret } = payload
      expect(directory).toMatchObject({
        vendor: 'ENTRA',
        status: 'WAITING',
        isDryRun: false,
        isStrict: false,
        deprovisionAction: 'REMOVE',
        adoptsVerifiedDomains: true,
        linkKeys: ['EXTERNAL_ID', 'USER_NAME'],
        defaultRole: { key: 'member' },
        version: 1,
        userCount: 0,
        groupCount: 0,
        lastRequestAt: null,
        errorsLast24h: 0,
        baseUrl: { key: 'scimBaseUrl', value: `http://localhost:4000/scim/v2/${directory.id}` },
      })
      expect(directory.tokens).toHaveLength(1)
      expect(directory.tokens[0].preview).toBe(`${secret.slice(0, 9)}…${secret.slice(-4)}`)
      expect(readToken('scim', secret)?.organizationId).toBe(acme.uuid)
      const days = (new Date(directory.tokens[0].expiresAt).getTime() - Date.now()) / 86_400_000
      expect(Math.round(days)).toBe(365)
      expect(await row(directory)).toMatchObject({ organization_mode: 'SSO', status: 'WAITING' })
    })

    it('keeps of the token its hash only, and shows it in no later answer, audit row or log', async () => {
      const { directory, secret } = (await create()).payload
      const [stored] = await gatehouse.superuser.rows<{ token_hash: Buffer }>(
        'SELECT * FROM scim_tokens WHERE directory_id = $1',
        [fromTypeId('Directory', directory.id)],
      )
      expect(stored!.token_hash.equals(hashToken(secret))).toBe(true)
      expect(JSON.stringify(stored)).not.toContain(secret)
      expect(JSON.stringify(await read(directory.id))).not.toContain(secret)
      expect(gatehouse.logs.join('')).not.toContain(secret)
      const events = (await admin().send(AUDIT, { id: acme.id, target: directory.id })).data.organization.auditEvents
      expect(events.nodes.map(({ action }: Answer) => action)).toEqual(['directory.created'])
      expect(JSON.stringify(events)).not.toContain(secret)
    })

    it('fills the guide with what is entered at the vendor: for Entra with the flag that makes it follow the standard', async () => {
      const { directory, secret } = (await create({ vendor: 'ENTRA' })).payload
      const values = directory.setupGuide.flatMap((step: Answer) => step.values)
      expect(values).toEqual([
        { key: 'scimBaseUrl', value: `${directory.baseUrl.value}?aadOptscim062020` },
        { key: 'scimToken', value: secret },
      ])
      const okta = (await create({ vendor: 'OKTA' })).payload
      expect(okta.directory.setupGuide.flatMap((step: Answer) => step.values)[0].value).toBe(
        okta.directory.baseUrl.value,
      )
    })

    it('needs members who come by SSO, except for a rehearsal', async () => {
      const refused = await create({}, byInvitation)
      expect([codes(refused), refused.payload.secret]).toEqual([['MEMBERSHIP_MODE'], null])
      expect(refused.payload.userErrors[0].message).toContain('isDryRun')
      const rehearsal = (await create({ isDryRun: true }, byInvitation)).payload.directory
      expect(await row(rehearsal)).toMatchObject({ organization_mode: null, is_dry_run: true })
      const real = await run(admin(byInvitation), UPDATE, { id: rehearsal.id, input: { isDryRun: false } })
      expect(codes(real)).toEqual(['MEMBERSHIP_MODE'])
      expect((await read(rehearsal.id, admin(byInvitation))).isDryRun).toBe(true)
    })

    it('cannot be at work where members come by invitation, whatever the code does', async () => {
      await expect(
        gatehouse.superuser.rows(
          `UPDATE directories SET organization_mode = 'SSO', is_dry_run = false WHERE organization_id = $1`,
          [byInvitation.uuid],
        ),
      ).rejects.toThrow('directories_organization_mode_fkey')
      await expect(
        gatehouse.superuser.rows('UPDATE directories SET is_dry_run = false WHERE organization_id = $1', [
          byInvitation.uuid,
        ]),
      ).rejects.toThrow('directories_at_work_check')
    })

    it('refuses names that are missing, too long or taken, and roles that are none of the organization', async () => {
      expect(codes(await run(admin(), CREATE, { org: acme.id, input: {} }))).toEqual(['REQUIRED'])
      expect(codes(await create({ name: 'x'.repeat(101) }))).toEqual(['TOO_LONG'])
      const { name } = (await create()).payload.directory
      expect(codes(await create({ name }))).toEqual(['NOT_UNIQUE'])
      expect(codes(await create({ linkKeys: ['EMAIL', 'EMAIL'] }))).toEqual(['INVALID'])
      const [projectRole] = await gatehouse.superuser.rows<{ id: string }>(
        `SELECT id FROM roles WHERE organization_id = $1 AND key = 'project_member'`,
        [acme.uuid],
      )
      expect(codes(await create({ defaultRoleId: toTypeId('Role', projectRole!.id) }))).toEqual(['INVALID'])
      expect(codes(await create({ defaultRoleId: acme.id }))).toEqual(['NOT_FOUND'])
    })

    it('hides everything from a stranger and refuses a weak member', async () => {
      const { directory } = (await create()).payload
      expect(codes(await create({}, acme, stranger.organization))).toEqual(['NOT_FOUND'])
      expect(codes(await create({}, acme, weak.organization))).toEqual(['FORBIDDEN'])
      expect(await read(directory.id, stranger.organization)).toBeNull()
      const seen = await weak.organization.send(LIST, { id: acme.id })
      expect([seen.data.organization.directories, seen.extensions.denied?.[0]?.permission]).toEqual([
        null,
        'directory.read',
      ])
    })

    it('lets one organization have 50 of them, also when they are asked for at once', async () => {
      const full = await found(gatehouse, 'Full')
      await enterSsoMode(gatehouse, full)
      const answers = await Promise.all(Array.from({ length: 54 }, () => create({}, full)))
      const outcomes = answers.map((answer) => codes(answer)[0] ?? 'ok').sort()
      expect(outcomes).toEqual([...Array(4).fill('LIMIT_EXCEEDED'), ...Array(50).fill('ok')])
      expect((await admin(full).send(LIST, { id: full.id })).data.organization.directories).toHaveLength(50)
    })
  })

  describe('updateDirectory', () => {
    it('changes what is given, leaves the rest, and records both sides', async () => {
      const { directory } = (await create()).payload
      const input = { isStrict: true, linkKeys: ['EMAIL'], deprovisionAction: 'SUSPEND' }
      const changed = (await run(admin(), UPDATE, { id: directory.id, input, version: 1 })).payload.directory
      expect(changed).toMatchObject({ ...input, name: directory.name, version: 2, adoptsVerifiedDomains: true })
      const { nodes } = (await admin().send(AUDIT, { id: acme.id, target: directory.id })).data.organization.auditEvents
      expect([nodes[0].action, nodes[0].changes]).toEqual([
        'directory.updated',
        expect.arrayContaining([{ field: 'isStrict', before: false, after: true }]),
      ])
    })

    it('changes nothing when somebody else was faster', async () => {
      const { directory } = (await create()).payload
      await run(admin(), UPDATE, { id: directory.id, input: { isStrict: true } })
      const late = await run(admin(), UPDATE, { id: directory.id, input: { isStrict: false }, version: 1 })
      expect([codes(late), (await read(directory.id)).isStrict]).toEqual([['VERSION_MISMATCH'], true])
    })

    it('lets nobody hand out Admin who is none', async () => {
      const manager = await join(gatehouse, acme)
      const [role] = await gatehouse.superuser.rows<{ id: string }>(
        `INSERT INTO roles (organization_id, id, scope, key, name, permissions)
         VALUES ($1, gen_random_uuid(), 'ORGANIZATION', 'it', 'IT', '{organization.read,directory.read,directory.manage}') RETURNING id`,
        [acme.uuid],
      )
      await gatehouse.superuser.rows('UPDATE members SET role_id = $1 WHERE id = $2', [role!.id, manager.memberId])
      const [adminRole] = await gatehouse.superuser.rows<{ id: string }>(
        `SELECT id FROM roles WHERE organization_id = $1 AND key = 'admin'`,
        [acme.uuid],
      )
      const { directory } = (await create()).payload
      const input = { defaultRoleId: toTypeId('Role', adminRole!.id) }
      expect(codes(await run(manager.organization, UPDATE, { id: directory.id, input }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(admin(), UPDATE, { id: directory.id, input }))).toEqual([])
    })
  })

  describe('pauseDirectory', () => {
    it('stops a directory and lets it go on, and records nothing when it already is so', async () => {
      const { directory } = (await create()).payload
      const pause = (paused: boolean) => run(admin(), PAUSE, { id: directory.id, paused })
      expect((await pause(true)).payload.directory).toMatchObject({ status: 'PAUSED', version: 2 })
      expect(await row(directory)).toMatchObject({ organization_mode: null })
      expect((await pause(true)).payload.directory.version).toBe(2)
      expect((await pause(false)).payload.directory).toMatchObject({ status: 'WAITING', version: 3 })
      const { nodes } = (await admin().send(AUDIT, { id: acme.id, target: directory.id })).data.organization.auditEvents
      expect(nodes.map(({ action }: Answer) => action)).toEqual([
        'directory.resumed',
        'directory.paused',
        'directory.created',
      ])
    })

    it('lets none go on where members come by invitation', async () => {
      const paused = await arrangeDirectory(gatehouse, byInvitation, { status: 'PAUSED' })
      const answer = await run(admin(byInvitation), PAUSE, { id: paused.id, paused: false })
      expect([codes(answer), (await read(paused.id, admin(byInvitation))).status]).toEqual([
        ['MEMBERSHIP_MODE'],
        'PAUSED',
      ])
    })
  })

  describe('tokens', () => {
    const newToken = (id: string, expiresAt?: Date) => run(admin(), NEW_TOKEN, { id, expiresAt })

    it('may be two at once, so that one can be replaced while it works', async () => {
      const { directory } = (await create()).payload
      const second = (await newToken(directory.id)).payload
      expect(second.token.directory.id).toBe(directory.id)
      expect(readToken('scim', second.secret)).not.toBeNull()
      expect(codes(await newToken(directory.id))).toEqual(['LIMIT_EXCEEDED'])
      const [first] = (await read(directory.id)).tokens
      expect((await run(admin(), REVOKE, { id: first.id })).payload.deletedId).toBe(first.id)
      expect(codes(await run(admin(), REVOKE, { id: first.id }))).toEqual(['NOT_FOUND'])
      expect(codes(await newToken(directory.id))).toEqual([])
      expect((await read(directory.id)).tokens).toHaveLength(2)
    })

    it('make room when they have expired', async () => {
      const { directory } = (await create()).payload
      await newToken(directory.id)
      await gatehouse.superuser.rows(`UPDATE scim_tokens SET expires_at = now() WHERE directory_id = $1`, [
        fromTypeId('Directory', directory.id),
      ])
      expect((await read(directory.id)).tokens).toMatchObject([{ isExpired: true }, { isExpired: true }])
      expect(codes(await newToken(directory.id))).toEqual([])
      expect((await read(directory.id)).tokens).toMatchObject([{ isExpired: false }])
    })

    it('end in the future, and within two years', async () => {
      const { directory } = (await create()).payload
      const day = 86_400_000
      for (const [expiresAt, code] of [
        [new Date(Date.now() - day), 'INVALID'],
        [new Date(Date.now() + 731 * day), 'INVALID'],
      ] as const)
        expect(codes(await newToken(directory.id, expiresAt))).toEqual([code])
      const soon = new Date(Date.now() + 30 * day)
      expect((await newToken(directory.id, soon)).payload.token.expiresAt).toBe(soon.toISOString())
      expect((await read(directory.id)).tokens[1].isExpiringSoon).toBe(true)
    })

    it('belong to strangers and weak members as little as the directory does', async () => {
      const { directory } = (await create()).payload
      const [token] = directory.tokens
      expect(codes(await run(stranger.organization, NEW_TOKEN, { id: directory.id }))).toEqual(['NOT_FOUND'])
      expect(codes(await run(stranger.organization, REVOKE, { id: token.id }))).toEqual(['NOT_FOUND'])
      expect(codes(await run(weak.organization, NEW_TOKEN, { id: directory.id }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(weak.organization, REVOKE, { id: token.id }))).toEqual(['FORBIDDEN'])
      expect((await read(directory.id)).tokens).toHaveLength(1)
    })

    it('are never more than two, however many are asked for at once', async () => {
      const directories = await Promise.all(Array.from({ length: 5 }, () => arrangeDirectory(gatehouse, acme)))
      for (let round = 0; round < RACES / 5; round += 1)
        await Promise.all(
          directories.map(async ({ id, uuid }) => {
            await gatehouse.superuser.rows('UPDATE scim_tokens SET revoked_at = now() WHERE directory_id = $1', [uuid])
            const answers = await Promise.all([newToken(id), newToken(id), newToken(id)])
            expect(answers.map((answer) => codes(answer)[0] ?? 'ok').sort()).toEqual(['LIMIT_EXCEEDED', 'ok', 'ok'])
          }),
        )
    })
  })

  describe('deleteDirectory', () => {
    let directory: ArrangedDirectory
    const remove = (keep: string, client = admin()) => run(client, DELETE, { id: directory.id, keep })
    const statusOf = async (memberId: string) =>
      (
        await gatehouse.superuser.rows<Answer>(
          'SELECT status, suspension_reason AS reason FROM members WHERE id = $1',
          [memberId],
        )
      )[0]

    beforeEach(async () => {
      directory = await arrangeDirectory(gatehouse, acme)
    })

    it('keeps members and teams as they are', async () => {
      const user = await arrangeDirectoryUser(gatehouse, directory)
      const group = await arrangeDirectoryGroup(gatehouse, directory, `Crew ${directory.uuid}`, [user])
      await arrangeScimRequest(gatehouse, directory)
      expect((await remove('ACTIVE')).payload).toMatchObject({ deletedId: directory.id, membersSuspended: 0 })
      expect(await statusOf(user.memberId)).toMatchObject({ status: 'JOINED' })
      const [team] = await gatehouse.superuser.rows('SELECT source, member_count FROM teams WHERE id = $1', [
        group.teamId,
      ])
      expect(team).toEqual({ source: 'MANUAL', member_count: 1 })
      for (const table of ['directories', 'directory_users', 'directory_groups', 'scim_tokens', 'scim_requests'])
        expect([
          table,
          await gatehouse.superuser.rows(
            `SELECT 1 FROM ${table} WHERE ${table === 'directories' ? 'id' : 'directory_id'} = $1`,
            [directory.uuid],
          ),
        ]).toEqual([table, []])
      expect(await read(directory.id)).toBeNull()
    })

    it('suspends them where that is chosen: all but whoever asks, and says why', async () => {
      const [one, suspended] = [
        await arrangeDirectoryUser(gatehouse, directory),
        await arrangeDirectoryUser(gatehouse, directory, { active: false }),
      ]
      await gatehouse.superuser.rows(
        `INSERT INTO directory_users (organization_id, directory_id, id, user_name, user_name_key, active, member_id, doc, comparable)
         VALUES ($1, $2, gen_random_uuid(), 'me', 'me', true, $3, '{}', '{}')`,
        [acme.uuid, directory.uuid, acme.admin.memberId],
      )
      const answer = await remove('SUSPENDED')
      expect(answer.payload).toMatchObject({ deletedId: directory.id, membersSuspended: 1 })
      expect(await statusOf(one.memberId)).toEqual({
        status: 'SUSPENDED',
        reason: expect.stringMatching(/^The directory .* was deleted$/),
      })
      expect(await statusOf(suspended.memberId)).toEqual({ status: 'SUSPENDED', reason: null })
      expect(await statusOf(acme.admin.memberId)).toMatchObject({ status: 'JOINED' })
      const [counted] = await gatehouse.superuser.rows(
        `SELECT c.joined = count(*) FILTER (WHERE m.status = 'JOINED') AND c.suspended = count(*) FILTER (WHERE m.status = 'SUSPENDED') AS right
         FROM ${COUNTERS} c JOIN members m USING (organization_id) WHERE c.organization_id = $1 GROUP BY c.joined, c.suspended`,
        [acme.uuid],
      )
      expect(counted).toEqual({ right: true })
      const { nodes } = (await admin().send(AUDIT, { id: acme.id, target: directory.id })).data.organization.auditEvents
      expect(nodes[0]).toMatchObject({
        action: 'directory.deleted',
        changes: expect.arrayContaining([{ field: 'membersSuspended', before: 0, after: 1 }]),
      })
    })

    it('changes nothing when no Admin would be left', async () => {
      const lonely = await found(gatehouse, 'Lonely')
      await enterSsoMode(gatehouse, lonely)
      directory = await arrangeDirectory(gatehouse, lonely)
      const user = await arrangeDirectoryUser(gatehouse, directory, { role: 'admin' })
      await gatehouse.superuser.rows(
        `UPDATE members SET role_id = (SELECT id FROM roles WHERE organization_id = $1 AND key = 'member') WHERE id = $2`,
        [lonely.uuid, lonely.admin.memberId],
      )
      await gatehouse.superuser.rows('UPDATE organization_counters SET admins = 1 WHERE organization_id = $1', [
        lonely.uuid,
      ])
      const answer = await fetch(`${gatehouse.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${gatehouse.operator.token}`,
          'gatehouse-organization': lonely.id,
        },
        body: JSON.stringify({ query: DELETE, variables: { id: directory.id, keep: 'SUSPENDED' } }),
      })
      expect(((await answer.json()) as Answer).data.deleteDirectory.userErrors[0].code).toBe('LAST_ADMIN')
      expect(await statusOf(user.memberId)).toMatchObject({ status: 'JOINED' })
    })

    it('is for those who may manage directories', async () => {
      expect(codes(await remove('ACTIVE', stranger.organization))).toEqual(['NOT_FOUND'])
      expect(codes(await remove('SUSPENDED', weak.organization))).toEqual(['FORBIDDEN'])
      expect(await read(directory.id)).not.toBeNull()
    })
  })

  it('stand in serverInfo and in the list of the organization', async () => {
    const { data } = await gatehouse.client().send('{ serverInfo { scimBaseUrl } }')
    expect(data.serverInfo.scimBaseUrl).toBe('http://localhost:4000/scim/v2')
    const listed = (await admin().send(LIST, { id: acme.id })).data.organization.directories
    expect(listed.length).toBeGreaterThan(3)
  })

  it('count what went wrong within a day', async () => {
    const directory = await arrangeDirectory(gatehouse, acme)
    for (const [status, minutesAgo] of [
      [409, 1],
      [500, 100],
      [200, 1],
      [404, 25 * 60],
    ] as const)
      await arrangeScimRequest(gatehouse, directory, { status, minutesAgo })
    expect((await read(directory.id)).errorsLast24h).toBe(2)
  })
})
