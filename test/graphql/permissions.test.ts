import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PERMISSIONS } from '../../src/access'
import { applyPermissionsFile, readPermissionsFile } from '../../src/modules/permissions'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

const REGISTER = `mutation ($input: [PermissionInput!]!) { registerPermissions(input: $input) {
  results { index key permission { title description scope isSensitive isForMembers source retiredAt } userErrors { code path } }
  userErrors { code path } } }`
const RETIRE = `mutation ($keys: [String!]!) { retirePermissions(keys: $keys) {
  results { key permission { retiredAt } userErrors { code path } } userErrors { code path } } }`
const CATALOGUE = 'query ($all: Boolean) { permissions(includeRetired: $all) { key scope source retiredAt } }'

describe('the permissions of the platform', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let member: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    member = await join(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const register = async (input: object[], client: GraphQLClient = gatehouse.operator) =>
    (await client.send(REGISTER, { input })).data?.registerPermissions
  const retire = async (...keys: string[]) => (await gatehouse.operator.send(RETIRE, { keys })).data.retirePermissions
  const codes = (payload: { results: { userErrors: { code: string; path: string[] }[] }[] }) =>
    payload.results.map(({ userErrors }) => userErrors.map(({ code, path: at }) => [code, ...at].join(' '))[0] ?? 'ok')
  const platformKeys = async (all = false): Promise<string[]> => {
    const { data } = await acme.admin.organization.send(CATALOGUE, { all })
    const own = data.permissions.filter(({ source }: { source: string }) => source === 'PLATFORM')
    return own.map(({ key }: { key: string }) => key)
  }
  const audited = (key: string) =>
    gatehouse.superuser.rows<{ organization_id: string; action: string; actor_kind: string }>(
      'SELECT organization_id, action, actor_kind FROM audit_events WHERE target_ids = ARRAY[$1] ORDER BY id',
      [key],
    )
  /** What the built-in roles, the viewer and the role editor say of one permission. */
  const holders = async (key: string) => {
    const { data } = await acme.admin.organization.send(
      'query ($id: ID!) { organization(by: { id: $id }) { roles { key permissions { key } } } }',
      { id: acme.id },
    )
    const roles: { key: string; permissions: { key: string }[] }[] = data.organization.roles
    return roles.filter(({ permissions }) => permissions.some((each) => each.key === key)).map((role) => role.key)
  }
  const heldBy = async (client: GraphQLClient): Promise<string[]> => {
    const { data } = await client.send('query ($id: ID!) { organization(by: { id: $id }) { viewerPermissions } }', {
      id: acme.id,
    })
    return data.organization.viewerPermissions
  }

  it('are shown to a role editor by noun, after those of Gatehouse, without what was retired', async () => {
    await register([
      { key: 'gpu_pool.drain', title: 'Drain', scope: 'PROJECT' },
      { key: 'gpu_pool.read', title: 'See', scope: 'RESOURCE' },
      { key: 'gpu_pool.gone', title: 'Gone', scope: 'RESOURCE' },
    ])
    await retire('gpu_pool.gone')
    const { data } = await member.organization.send(
      'query ($id: ID!) { organization(by: { id: $id }) { permissionGroups { key title permissions { key } } } }',
      { id: acme.id },
    )
    const groups: { key: string; title: string; permissions: { key: string }[] }[] = data.organization.permissionGroups
    expect(groups.at(-1)).toEqual({
      key: 'gpu_pool',
      title: 'Gpu pool',
      permissions: [{ key: 'gpu_pool.drain' }, { key: 'gpu_pool.read' }],
    })
    expect(
      groups
        .slice(0, -1)
        .flatMap(({ permissions }) => permissions.map(({ key }) => key))
        .sort(),
    ).toEqual(Object.keys(PERMISSIONS).sort())
    expect(groups).toContainEqual(expect.objectContaining({ key: 'api_key', title: 'API keys' }))
    await retire('gpu_pool.drain', 'gpu_pool.read')
  })

  describe('registerPermissions', () => {
    it('registers what the built-in roles then hold as far as it is meant for them', async () => {
      const payload = await register([
        { key: 'image.generate', title: ' Generate  images ', scope: 'RESOURCE', isForMembers: true },
        { key: 'model.train', title: 'Train', description: 'Also starts machines.', scope: 'PROJECT' },
        { key: 'contract.sign', title: 'Sign', scope: 'ORGANIZATION', isSensitive: true },
        { key: 'newsletter.read', title: 'Read', scope: 'ORGANIZATION', isForMembers: true },
      ])
      expect(codes(payload)).toEqual(['ok', 'ok', 'ok', 'ok'])
      expect(payload.results[0]).toMatchObject({
        index: 0,
        key: 'image.generate',
        permission: {
          title: 'Generate images',
          description: null,
          scope: 'RESOURCE',
          isSensitive: false,
          isForMembers: true,
          source: 'PLATFORM',
          retiredAt: null,
        },
      })
      expect(await holders('image.generate')).toEqual(['admin', 'member', 'project_admin', 'project_member'])
      expect(await holders('model.train')).toEqual(['admin', 'project_admin'])
      expect(await holders('contract.sign')).toEqual(['admin'])
      expect(await holders('newsletter.read')).toEqual(['admin', 'member'])
      expect(await heldBy(member.organization)).toEqual(expect.arrayContaining(['image.generate', 'newsletter.read']))
      expect(await heldBy(member.organization)).not.toContain('contract.sign')
      for (const client of [acme.admin.organization, gatehouse.operator])
        expect(await heldBy(client)).toEqual(expect.arrayContaining(['contract.sign', 'member.read', 'model.train']))
      expect(await audited('model.train')).toEqual([
        {
          organization_id: '00000000-0000-0000-0000-000000000000',
          action: 'permission.registered',
          actor_kind: 'operator',
        },
      ])
    })

    it('renews what is there, keeps what the list leaves out, and records nothing when nothing changes', async () => {
      const draft = { key: 'report.read', title: 'Read reports', scope: 'PROJECT' }
      await register([draft, { ...draft, key: 'report.write' }])
      await register([{ ...draft, title: 'See reports', isForMembers: true }])
      await register([{ ...draft, title: 'See reports', isForMembers: true }])
      expect((await audited('report.read')).map(({ action }) => action)).toEqual([
        'permission.registered',
        'permission.updated',
      ])
      expect(await platformKeys()).toEqual(expect.arrayContaining(['report.read', 'report.write']))
      expect(await holders('report.read')).toContain('project_member')
    })

    it('refuses one by one what is malformed, Gatehouse’s own, named twice, or had another scope', async () => {
      await register([{ key: 'video.play', title: 'Play', scope: 'RESOURCE' }])
      const payload = await register([
        { key: 'video.play', title: 'Play', scope: 'ORGANIZATION' },
        { key: 'member.remove', title: 'x', scope: 'ORGANIZATION' },
        { key: 'api_key.everything', title: 'x', scope: 'ORGANIZATION' },
        { key: 'Video.play', title: 'x', scope: 'RESOURCE' },
        { key: 'video', title: 'x', scope: 'RESOURCE' },
        { key: `video.${'x'.repeat(100)}`, title: 'x', scope: 'RESOURCE' },
        { key: 'video.cut', title: ' ', scope: 'RESOURCE' },
        { key: 'video.cut', title: 'x'.repeat(101), scope: 'RESOURCE' },
        { key: 'video.cut', title: 'Cut', description: 'x'.repeat(501), scope: 'RESOURCE' },
        { key: 'video.cut', title: 'Cut', scope: 'RESOURCE' },
        { key: 'video.cut', title: 'Cut', scope: 'RESOURCE' },
      ])
      expect(codes(payload)).toEqual([
        'WRONG_STATE input 0 scope',
        'INVALID input 1 key',
        'INVALID input 2 key',
        'INVALID input 3 key',
        'INVALID input 4 key',
        'INVALID input 5 key',
        'REQUIRED input 6 title',
        'TOO_LONG input 7 title',
        'TOO_LONG input 8 description',
        'ok',
        'INVALID input 10 key',
      ])
      expect((await platformKeys()).filter((key) => key.startsWith('video.'))).toEqual(['video.cut', 'video.play'])
    })

    it('is for the operator alone', async () => {
      const input = [{ key: 'forbidden.fruit', title: 'x', scope: 'PROJECT' }]
      for (const client of [acme.admin.organization, member.organization])
        expect((await register(input, client)).userErrors).toEqual([{ code: 'FORBIDDEN', path: null }])
      for (const client of [gatehouse.client(), gatehouse.client('gop_forged_0123456789abcdefghijklmnopqrstuvw')])
        expect((await client.send(REGISTER, { input })).status).toBe(401)
      expect(await platformKeys(true)).not.toContain('forbidden.fruit')
    })

    it(`writes and records a permission once when several register it at once, in ${RACES} rounds`, async () => {
      for (let round = 0; round < RACES; round += 1) {
        const keys = [`race.a${round}`, `race.b${round}`]
        const drafts = keys.map((key) => ({ key, title: 'Race', scope: 'PROJECT' }))
        const payloads = await Promise.all([drafts, drafts.toReversed(), drafts].map((input) => register(input)))
        expect(payloads.flatMap(codes)).toEqual(Array.from({ length: 6 }, () => 'ok'))
        for (const key of keys) expect(await audited(key)).toHaveLength(1)
        await retire(...keys)
      }
    })

    it('takes at most 500 at once, and at most 500 that count', async () => {
      const many = Array.from({ length: 501 }, (_, n) => ({ key: `many.n${n}`, title: 'x', scope: 'PROJECT' }))
      expect((await register(many)).userErrors).toEqual([{ code: 'TOO_MANY', path: ['input'] }])
      const before = (await platformKeys()).length
      const outcomes = codes(await register(many.slice(1)))
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(500 - before)
      expect(outcomes.at(-1)).toBe('LIMIT_EXCEEDED input 499 key')
      await retire(...many.slice(0, 500).map(({ key }) => key))
      expect(await platformKeys()).toHaveLength(before)
    })
  })

  describe('retirePermissions', () => {
    it('takes a permission from everybody at the next request, and registering it anew brings it back', async () => {
      const draft = { key: 'legacy.use', title: 'Use it', scope: 'ORGANIZATION', isForMembers: true }
      await register([draft])
      const [role] = await gatehouse.superuser.rows<{ id: string }>(
        `INSERT INTO roles (organization_id, id, scope, key, name, permissions)
         VALUES ($1, gen_random_uuid(), 'ORGANIZATION', 'legacy', 'Legacy', '{organization.read,legacy.use}') RETURNING id`,
        [acme.uuid],
      )
      const user = await join(gatehouse, acme)
      await gatehouse.superuser.rows('UPDATE members SET role_id = $2 WHERE id = $1', [user.memberId, role!.id])
      const clients = [user, member, acme.admin].map(({ organization }) => organization)
      for (const client of clients) expect(await heldBy(client)).toContain('legacy.use')

      const payload = await retire('legacy.use', 'legacy.unknown', 'member.read', 'legacy.use')
      expect(codes(payload)).toEqual(['ok', 'NOT_FOUND keys 1', 'INVALID keys 2', 'ok'])
      expect(payload.results[0].permission.retiredAt).toEqual(expect.any(String))
      for (const client of clients) expect(await heldBy(client)).not.toContain('legacy.use')
      expect(await heldBy(user.organization)).toEqual(['organization.read'])
      expect(await holders('legacy.use')).toEqual([])
      expect([await platformKeys(), await platformKeys(true)]).toEqual([
        expect.not.arrayContaining(['legacy.use']),
        expect.arrayContaining(['legacy.use']),
      ])
      expect(codes(await retire('legacy.use'))).toEqual(['ok'])

      expect(codes(await register([draft]))).toEqual(['ok'])
      for (const client of clients) expect(await heldBy(client)).toContain('legacy.use')
      expect((await audited('legacy.use')).map(({ action }) => action)).toEqual([
        'permission.registered',
        'permission.retired',
        'permission.restored',
      ])
    })
  })

  describe('permissions', () => {
    it('lists Gatehouse’s and the platform’s for everybody who is signed in, and nothing for strangers', async () => {
      await register([{ key: 'listed.thing', title: 'x', scope: 'RESOURCE' }])
      const everybody = [acme.admin.organization, member.organization, member.account, gatehouse.operator]
      for (const client of everybody) {
        const { permissions } = (await client.send(CATALOGUE)).data
        expect(permissions.slice(0, Object.keys(PERMISSIONS).length)).toEqual(
          Object.entries(PERMISSIONS).map(([key, { scope }]) => ({ key, scope, source: 'GATEHOUSE', retiredAt: null })),
        )
        expect(permissions).toContainEqual({
          key: 'listed.thing',
          scope: 'RESOURCE',
          source: 'PLATFORM',
          retiredAt: null,
        })
      }
      const refused = await gatehouse.client().send(CATALOGUE)
      expect([refused.status, refused.errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED'])
    })
  })

  describe('GATEHOUSE_PERMISSIONS_FILE', () => {
    let folder: string
    const write = (content: unknown): string => {
      const file = path.join(folder, 'permissions.json')
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
      return file
    }
    const problemsOf = async (content: unknown): Promise<string> => {
      const error: Error = await readPermissionsFile(write(content)).then(
        () => new Error('was accepted'),
        (refused) => refused,
      )
      return error.message
    }

    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-permissions-'))
    })
    afterAll(() => rmSync(folder, { recursive: true }))

    it('registers what it lists, as often as it is applied, and retires nothing', async () => {
      await register([{ key: 'kept.thing', title: 'x', scope: 'PROJECT' }])
      const permissions = await readPermissionsFile(
        write({ permissions: [{ key: 'filed.thing', title: 'Filed', scope: 'RESOURCE', isForMembers: true }] }),
      )
      const apply = () => applyPermissionsFile(gatehouse.app.spine, permissions)
      await Promise.all([apply(), apply(), apply()])
      await apply()
      expect(await platformKeys()).toEqual(expect.arrayContaining(['filed.thing', 'kept.thing']))
      expect(await audited('filed.thing')).toEqual([
        expect.objectContaining({ action: 'permission.registered', actor_kind: 'system' }),
      ])
    })

    it('says everything that is wrong with it, where, and what to do', async () => {
      const missing = path.join(folder, 'missing.json')
      await expect(readPermissionsFile(missing)).rejects.toThrow(
        /GATEHOUSE_PERMISSIONS_FILE names .+missing\.json, which cannot be read \(ENOENT\)\n.+→ name a file/,
      )
      expect(await problemsOf('{')).toMatch(/which is not JSON.+\n.+→ correct the file; docs\/roles\.md/)
      expect(await problemsOf([])).toMatch(/the file: Invalid input/)
      const broken = await problemsOf({
        permissions: [{ key: 'a.b', title: 'x', scope: 'GALAXY', isForMember: true }],
      })
      expect(broken).toMatch(/permissions\.0\.scope: Invalid option/)
      expect(broken).toMatch(/permissions\.0: Unrecognized key: "isForMember"/)
      const refused = await problemsOf({
        permissions: [
          { key: 'a', title: 'x', scope: 'PROJECT' },
          { key: 'role.manage', title: 'x', scope: 'PROJECT' },
        ],
      })
      expect(refused).toMatch(/permissions\.0\.key: A key is words/)
      expect(refused).toMatch(/permissions\.1\.key: role\.\* belongs to Gatehouse/)
    })

    it('refuses what the database knows otherwise', async () => {
      await register([{ key: 'scoped.thing', title: 'x', scope: 'PROJECT' }])
      const drafts = [{ key: 'scoped.thing', title: 'x', scope: 'RESOURCE' as const }]
      await expect(applyPermissionsFile(gatehouse.app.spine, drafts)).rejects.toThrow(
        /was refused: permissions\.0\.scope: Its scope is PROJECT and stays/,
      )
    })
  })
})
