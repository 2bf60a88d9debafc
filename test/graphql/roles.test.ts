import { fromTypeId, toTypeId } from '../../src/kernel/ids'
import { ROLE_REFERENCES } from '../../src/modules/roles'
import { TestBrowser } from '../support/browser'
import { countStatements, totalOf } from '../support/count-statements'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { invite } from '../support/invitations'
import { Targets } from '../support/operations'
import { giveRole, joinAs, makeRole, type RoleInput, roleByKey } from '../support/roles'
import { RACES } from '../support/soak'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

const ROLE = 'id key name description scope isSystem version createdAt permissions { key }'
const CREATE = `mutation ($id: ID!, $input: RoleInput!) { createRole(organizationId: $id, input: $input) {
  role { ${ROLE} } userErrors { code path message } } }`
const UPDATE = `mutation ($id: ID!, $input: RoleInput!, $version: Int) { updateRole(id: $id, input: $input, expectedVersion: $version) {
  role { ${ROLE} } userErrors { code path } } }`
const DELETE = `mutation ($id: ID!, $to: ID) { deleteRole(id: $id, replacementRoleId: $to) { deletedId userErrors { code path } } }`
const HELD = 'query ($id: ID!) { organization(by: { id: $id }) { viewerPermissions } }'

/** What somebody needs to manage roles, and nothing besides. */
const MANAGING = ['member.read', 'team.read', 'role.manage', 'member.role.update']

describe('roles of one’s own', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let member: OrganizationMember
  let stranger: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    member = await join(gatehouse, acme)
    stranger = (await found(gatehouse, 'Rival')).admin
    await gatehouse.operator.send(
      `mutation { registerPermissions(input: [
        { key: "image.generate", title: "Generate images", scope: RESOURCE },
        { key: "contract.sign", title: "Sign contracts", scope: ORGANIZATION },
        { key: "old.thing", title: "Old", scope: PROJECT }
      ]) { userErrors { code } } retirePermissions(keys: ["old.thing"]) { userErrors { code } } }`,
    )
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const run = async (client: GraphQLClient, mutation: string, variables: object): Promise<Answer> =>
    Object.values((await client.send(mutation, { ...variables })).data ?? {})[0]
  const create = (client: GraphQLClient, input: RoleInput) => run(client, CREATE, { id: acme.id, input })
  const codes = ({ userErrors }: Answer): string[] =>
    userErrors.map(({ code, path }: { code: string; path: string[] | null }) => [code, ...(path ?? [])].join(' '))
  const keysOf = ({ permissions }: Answer): string[] => permissions.map(({ key }: { key: string }) => key).sort()
  const held = async (client: GraphQLClient): Promise<string[]> =>
    (await client.send(HELD, { id: acme.id })).data.organization.viewerPermissions
  const rows = (sql: string, ...values: unknown[]) => gatehouse.superuser.rows<Answer>(sql, [acme.uuid, ...values])
  const roleRow = async (id: string) =>
    (await rows('SELECT * FROM roles WHERE organization_id = $1 AND id = $2', fromTypeId('Role', id)))[0]
  const lastAudit = async (id: string) =>
    (
      await rows(
        'SELECT action, details FROM audit_events WHERE organization_id = $1 AND $2 = ANY (target_ids) ORDER BY id DESC LIMIT 1',
        id,
      )
    )[0]

  describe('createRole', () => {
    it('makes a role with a key from its name and the permission to see the organization, and records it', async () => {
      const permissions = ['member.read', 'image.generate', 'member.read']
      const { role, userErrors } = await create(admin(), {
        name: ' Büro & Billing ',
        description: ' Pays ',
        scope: 'ORGANIZATION',
        permissions,
      })
      expect(userErrors).toEqual([])
      expect(role).toMatchObject({
        id: expect.stringMatching(/^rol_/),
        key: 'buro_billing',
        name: 'Büro & Billing',
        description: 'Pays',
        scope: 'ORGANIZATION',
        isSystem: false,
        version: 1,
        createdAt: expect.any(String),
      })
      expect(keysOf(role)).toEqual(['image.generate', 'member.read', 'organization.read'])
      expect((await roleRow(role.id)).permissions).toEqual(['image.generate', 'member.read', 'organization.read'])
      const audit = await lastAudit(role.id)
      expect(audit).toMatchObject({ action: 'role.created', details: { targets: [{ label: 'Büro & Billing' }] } })
      expect(audit.details.changes).toContainEqual({
        field: 'permissions',
        before: null,
        after: ['image.generate', 'member.read', 'organization.read'],
      })
    })

    it('makes one for projects, which its holders see, and which counts where it is granted', async () => {
      const { role } = await create(admin(), { name: 'Reviewer', scope: 'PROJECT', permissions: ['image.generate'] })
      expect(keysOf(role)).toEqual(['image.generate', 'project.read'])
      const project = await new Targets(gatehouse, acme, 'Reviewed').project()
      const grant = `mutation ($p: ID!, $m: ID!, $r: ID!) { setProjectGrant(projectId: $p, principalId: $m, roleId: $r) { userErrors { code } } }`
      expect(await run(admin(), grant, { p: project.id, m: memberTypeId(member), r: role.id })).toEqual({
        userErrors: [],
      })
      const { data } = await member.organization.send(
        'query ($id: ID!) { node(id: $id) { ... on Project { slug } } }',
        { id: project.id },
      )
      expect(data.node).toEqual({ slug: project.slug })
    })

    it('says everything that is wrong with the input at once, with paths', async () => {
      const input = {
        key: 'No key',
        description: 'x'.repeat(501),
        scope: 'PROJECT',
        permissions: ['image.generate', 'nothing.here', 'contract.sign', 'old.thing', 'member.read'],
      } as const
      expect(codes(await create(admin(), { ...input, name: 'x'.repeat(101) }))).toEqual([
        'TOO_LONG input name',
        'TOO_LONG input description',
        'INVALID input key',
        'INVALID input permissions 1',
        'INVALID input permissions 2',
        'INVALID input permissions 3',
        'INVALID input permissions 4',
      ])
      expect(codes(await create(admin(), { permissions: ['member.read'] }))).toEqual([
        'REQUIRED input name',
        'REQUIRED input scope',
      ])
      const many = Array.from({ length: 200 }, () => 'member.read')
      expect(codes(await create(admin(), { name: 'Many', scope: 'ORGANIZATION', permissions: many }))).toEqual([
        'TOO_MANY input permissions',
      ])
      expect(codes(await create(admin(), { name: '日本', scope: 'ORGANIZATION' }))).toEqual(['INVALID input key'])
      expect((await create(admin(), { name: '2nd line', scope: 'ORGANIZATION' })).role.key).toBe('role_2nd_line')
    })

    it('refuses a key that is taken in the scope, and those of the built-in roles', async () => {
      await makeRole(acme, 'Taken', [])
      expect(codes(await create(admin(), { name: 'Taken', scope: 'ORGANIZATION' }))).toEqual(['NOT_UNIQUE input key'])
      expect(codes(await create(admin(), { name: 'Taken', scope: 'PROJECT' }))).toEqual([])
      for (const scope of ['ORGANIZATION', 'PROJECT'] as const)
        for (const name of ['Admin', 'Member', 'Project admin', 'Project member'])
          expect(codes(await create(admin(), { name, scope }))).toEqual(['NOT_UNIQUE input key'])
    })

    it('lets nobody make a role that allows more than they hold', async () => {
      const manager = await joinAs(gatehouse, acme, await makeRole(acme, 'Role maker', MANAGING))
      const make = (permissions: string[], scope: 'ORGANIZATION' | 'PROJECT' = 'ORGANIZATION') =>
        create(manager.organization, { name: `By manager ${permissions.join(' ')} ${scope}`, scope, permissions })
      expect(codes(await make(['team.read', 'member.remove']))).toEqual(['FORBIDDEN input permissions 1'])
      expect(codes(await make(['image.generate']))).toEqual(['FORBIDDEN input permissions 0'])
      expect(codes(await make([], 'PROJECT'))).toEqual(['FORBIDDEN input permissions'])
      expect(codes(await make(['role.manage']))).toEqual([])
    })

    it(`keeps it at 100, in ${RACES} races for the last place`, async () => {
      const full = await found(gatehouse, 'Full')
      await gatehouse.superuser.rows(
        `INSERT INTO roles (organization_id, id, scope, key, name, permissions)
         SELECT $1, gen_random_uuid(), 'PROJECT', 'r' || i, 'R', '{project.read}' FROM generate_series(1, 99) i`,
        [full.uuid],
      )
      for (let round = 0; round < RACES; round += 1) {
        const answers = await Promise.all(
          [1, 2].map((n) =>
            run(full.admin.organization, CREATE, {
              id: full.id,
              input: { name: `Last ${round} ${n}`, scope: 'ORGANIZATION' },
            }),
          ),
        )
        expect(answers.flatMap(codes)).toEqual(['LIMIT_EXCEEDED'])
        const { role } = answers.find((answer) => answer.role)
        expect(codes(await run(full.admin.organization, DELETE, { id: role.id }))).toEqual([])
      }
    })

    it('answers FORBIDDEN to a member, NOT_FOUND to a stranger, 401 to nobody, and makes nothing', async () => {
      const input = { name: 'Intruder', scope: 'ORGANIZATION' } as const
      expect(codes(await create(member.organization, input))).toEqual(['FORBIDDEN'])
      expect(codes(await create(stranger.organization, input))).toEqual(['NOT_FOUND'])
      expect((await gatehouse.client().send(CREATE, { id: acme.id, input })).status).toBe(401)
      expect(await rows(`SELECT 1 FROM roles WHERE organization_id = $1 AND key = 'intruder'`)).toEqual([])
    })
  })

  describe('updateRole', () => {
    it('changes what was sent and keeps the rest; what it allows counts at the next request', async () => {
      const id = await makeRole(acme, 'Editor', ['member.read'])
      const holder = await joinAs(gatehouse, acme, id)
      expect(await held(holder.organization)).toEqual(['member.read', 'organization.read'])
      const { role } = await run(admin(), UPDATE, { id, input: { permissions: ['team.read'] }, version: 1 })
      expect(role).toMatchObject({ key: 'editor', name: 'Editor', version: 2 })
      expect(await held(holder.organization)).toEqual(['organization.read', 'team.read'])
      await run(admin(), UPDATE, { id, input: { name: 'Chief editor', description: 'Edits' } })
      expect(await held(holder.organization)).toEqual(['organization.read', 'team.read'])
      expect(await lastAudit(id)).toMatchObject({
        action: 'role.updated',
        details: {
          changes: [
            { field: 'name', before: 'Editor', after: 'Chief editor' },
            { field: 'description', before: null, after: 'Edits' },
          ],
        },
      })
      const again = await run(admin(), UPDATE, { id, input: { name: 'Chief editor' } })
      expect(again.role.version).toBe(3)
    })

    it('shows the new name to people it is offered to, and on the account side of those who hold it', async () => {
      const id = await makeRole(acme, 'Before', ['member.read', 'team.read'])
      const holder = await joinAs(gatehouse, acme, id)
      await invite(acme, { emails: ['offered@example.com'], roleId: id })
      const shown = async () => [
        (await holder.account.send('{ viewer { memberships { roleKey roleName } } }')).data.viewer.memberships,
        await gatehouse.superuser.rows(
          `SELECT role_name FROM invitation_addresses WHERE email = 'offered@example.com'`,
        ),
      ]
      expect(await shown()).toEqual([[{ roleKey: 'before', roleName: 'Before' }], [{ role_name: 'Before' }]])
      await run(admin(), UPDATE, { id, input: { name: 'After' } })
      expect(await shown()).toEqual([[{ roleKey: 'before', roleName: 'After' }], [{ role_name: 'After' }]])
      const { data } = await acme.admin.account.send('{ viewer { memberships { roleName } } }')
      expect(data.viewer.memberships).toEqual([{ roleName: 'Admin' }])
    })

    it('keeps key and scope, and the built-in roles as they are', async () => {
      const id = await makeRole(acme, 'Fixed', [])
      expect(codes(await run(admin(), UPDATE, { id, input: { key: 'other', scope: 'PROJECT' } }))).toEqual([
        'INVALID input key',
        'INVALID input scope',
      ])
      expect(codes(await run(admin(), UPDATE, { id, input: { key: 'fixed', scope: 'ORGANIZATION' } }))).toEqual([])
      for (const key of ['admin', 'member', 'project_admin', 'project_member'])
        expect(
          codes(await run(admin(), UPDATE, { id: await roleByKey(gatehouse, acme, key), input: { name: 'Mine' } })),
        ).toEqual(['WRONG_STATE'])
      expect(codes(await run(admin(), UPDATE, { id, input: { name: ' ' } }))).toEqual(['REQUIRED input name'])
    })

    it('lets one of many edits of a version through', async () => {
      const id = await makeRole(acme, 'Contended', [])
      const edits = [1, 2, 3, 4].map((n) => run(admin(), UPDATE, { id, input: { name: `Edit ${n}` }, version: 1 }))
      expect((await Promise.all(edits)).flatMap(codes)).toEqual(
        Array.from({ length: 3 }, () => 'VERSION_MISMATCH expectedVersion'),
      )
    })

    it('lifts nobody: neither by what is put in, nor by touching a role that holds more', async () => {
      const own = await makeRole(acme, 'Self server', MANAGING)
      const lower = await makeRole(acme, 'Lower', ['member.read'])
      const higher = await makeRole(acme, 'Higher', [...MANAGING, 'member.remove'])
      const manager = (await joinAs(gatehouse, acme, own)).organization
      const edit = async (id: string, permissions: string[]) =>
        codes(await run(manager, UPDATE, { id, input: { permissions } }))
      expect(await edit(own, [...MANAGING, 'member.remove'])).toEqual(['FORBIDDEN input permissions 4'])
      expect(await edit(lower, ['member.remove'])).toEqual(['FORBIDDEN input permissions 0'])
      expect(await edit(higher, ['member.read'])).toEqual(['FORBIDDEN'])
      expect(codes(await run(manager, UPDATE, { id: higher, input: { name: 'Mine' } }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(manager, DELETE, { id: higher }))).toEqual(['FORBIDDEN'])
      expect(await edit(lower, ['team.read'])).toEqual([])
      expect(await edit(own, MANAGING.slice(0, 3))).toEqual([])
      expect(await edit(own, MANAGING)).toEqual(['FORBIDDEN input permissions 3'])
      expect(await roleRow(higher)).toMatchObject({ name: 'Higher', version: 1 })
    })

    it('leaves retired permissions in the row for their return, unless the permissions change', async () => {
      const id = await makeRole(acme, 'Keeper', ['image.generate'])
      const retire = (on: boolean) =>
        gatehouse.superuser.rows(
          `UPDATE platform_permissions SET retired_at = CASE WHEN $1 THEN now() END WHERE key = 'image.generate'`,
          [on],
        )
      await retire(true)
      try {
        const { role } = await run(admin(), UPDATE, { id, input: { name: 'Renamed', permissions: [] } })
        expect(keysOf(role)).toEqual(['organization.read'])
        expect((await roleRow(id)).permissions).toContain('image.generate')
        await run(admin(), UPDATE, { id, input: { permissions: ['team.read'] } })
        expect((await roleRow(id)).permissions).toEqual(['organization.read', 'team.read'])
      } finally {
        await retire(false)
      }
    })

    it('answers FORBIDDEN to a member, NOT_FOUND to a stranger and for what is no role here', async () => {
      const id = await makeRole(acme, 'Guarded', [])
      const input = { name: 'Taken over' }
      expect(codes(await run(member.organization, UPDATE, { id, input }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(stranger.organization, UPDATE, { id, input }))).toEqual(['NOT_FOUND'])
      expect(codes(await run(admin(), UPDATE, { id: acme.id, input }))).toEqual(['NOT_FOUND id'])
      expect(await roleRow(id)).toMatchObject({ name: 'Guarded', version: 1 })
    })
  })

  describe('deleteRole', () => {
    it('deletes what nobody has, whatever removed members had', async () => {
      const id = await makeRole(acme, 'Unused', ['member.read'])
      const leaver = await joinAs(gatehouse, acme, id)
      const remove = `mutation ($id: ID!, $m: ID!) { removeMembers(organizationId: $id, members: { ids: [$m] }) { userErrors { code } } }`
      await run(admin(), remove, { id: acme.id, m: memberTypeId(leaver) })
      expect(await run(admin(), DELETE, { id })).toEqual({ deletedId: id, userErrors: [] })
      expect(await roleRow(id)).toBeUndefined()
      expect(await lastAudit(id)).toMatchObject({
        action: 'role.deleted',
        details: { targets: [{ label: 'Unused' }] },
      })
      const [{ key }] = await rows(
        'SELECT r.key FROM members m JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id WHERE m.id = $2',
        leaver.memberId,
      )
      expect(key).toBe('member')
    })

    it('wants a replacement while anybody has it, and gives it to everybody who refers to the role', async () => {
      const [id, to] = [await makeRole(acme, 'Going', ['member.read']), await makeRole(acme, 'Coming', ['team.read'])]
      const [holder, suspended] = [await joinAs(gatehouse, acme, id), await joinAs(gatehouse, acme, id)]
      await rows(
        `UPDATE members SET status = 'SUSPENDED', suspended_at = now() WHERE organization_id = $1 AND id = $2`,
        suspended.memberId,
      )
      await invite(acme, { emails: ['going@example.com'], roleId: id })
      const counters = () => rows('SELECT * FROM organization_counters WHERE organization_id = $1')
      const before = await counters()

      expect(codes(await run(admin(), DELETE, { id }))).toEqual(['REQUIRED replacementRoleId'])
      expect(await run(admin(), DELETE, { id, to })).toEqual({ deletedId: id, userErrors: [] })
      expect(await held(holder.organization)).toEqual(['organization.read', 'team.read'])
      const roleKeys = await rows(
        `SELECT DISTINCT r.key, um.role_key, a.role_name FROM members m
         JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id
         LEFT JOIN user_memberships um ON um.organization_id = $1 AND um.user_id = m.user_id
         LEFT JOIN invitation_addresses a ON a.organization_id = $1 AND a.email = m.email
         WHERE m.organization_id = $1 AND (m.id = ANY ($2) OR m.email = 'going@example.com') ORDER BY um.role_key`,
        [holder.memberId, suspended.memberId],
      )
      expect(roleKeys).toEqual([
        { key: 'coming', role_key: 'coming', role_name: null },
        { key: 'coming', role_key: null, role_name: 'Coming' },
      ])
      expect(await counters()).toEqual(before)
      expect((await lastAudit(id)).details.changes).toEqual([
        { field: 'permissions', before: ['member.read', 'organization.read'], after: null },
        { field: 'replacement', before: null, after: 'coming' },
        { field: 'moved', before: null, after: { members: 3 } },
      ])
      const { data } = await holder.account.send('{ viewer { memberships { roleName } } }')
      expect(data.viewer.memberships).toEqual([{ roleName: 'Coming' }])
    })

    it('gives grants and service accounts the replacement too', async () => {
      const id = await makeRole(acme, 'Project going', ['image.generate'], { scope: 'PROJECT' })
      const uuid = fromTypeId('Role', id)
      const targets = new Targets(gatehouse, acme, 'Moved')
      const grant = fromTypeId('ProjectGrant', await targets.grant())
      await rows('UPDATE project_grants SET role_id = $3 WHERE organization_id = $1 AND id = $2', grant, uuid)
      const project = fromTypeId('Project', (await targets.project()).id)
      await rows(
        `INSERT INTO service_accounts (organization_id, id, project_id, name, role_id, created_by_name)
         VALUES ($1, gen_random_uuid(), $2, 'Robot', $3, 'Ada')`,
        project,
        uuid,
      )
      expect(codes(await run(admin(), DELETE, { id }))).toEqual(['REQUIRED replacementRoleId'])
      const to = await roleByKey(gatehouse, acme, 'project_member')
      expect(codes(await run(admin(), DELETE, { id, to }))).toEqual([])
      expect((await lastAudit(id)).details.changes).toContainEqual({
        field: 'moved',
        before: null,
        after: { project_grants: 1, service_accounts: 1 },
      })
      const moved = await rows(
        `SELECT g.role_id AS grant_role, s.role_id AS account_role FROM project_grants g, service_accounts s
         WHERE g.organization_id = $1 AND g.id = $2 AND s.organization_id = $1 AND s.project_id = $3`,
        grant,
        project,
      )
      expect(moved).toEqual([{ grant_role: fromTypeId('Role', to), account_role: fromTypeId('Role', to) }])
    })

    it('refuses replacements that are the role itself, of the other scope, Admin, unknown, or beyond the actor', async () => {
      const id = await makeRole(acme, 'Ill replaced', ['member.read'])
      const holder = await joinAs(gatehouse, acme, id)
      const attempt = async (to: string, client = admin()) => codes(await run(client, DELETE, { id, to }))
      expect(await attempt(id)).toEqual(['INVALID replacementRoleId'])
      expect(await attempt(await roleByKey(gatehouse, acme, 'project_admin'))).toEqual(['INVALID replacementRoleId'])
      expect(await attempt(await roleByKey(gatehouse, acme, 'admin'))).toEqual(['INVALID replacementRoleId'])
      expect(await attempt(toTypeId('Role', '01900000-0000-7000-8000-000000000000'))).toEqual(['NOT_FOUND'])
      const manager = await joinAs(gatehouse, acme, await makeRole(acme, 'Deleter', MANAGING))
      const rich = await makeRole(acme, 'Rich', ['member.remove'])
      expect(await attempt(rich, manager.organization)).toEqual(['FORBIDDEN replacementRoleId'])
      expect(await held(holder.organization)).toEqual(['member.read', 'organization.read'])
      expect(await attempt(await roleByKey(gatehouse, acme, 'member'), manager.organization)).toEqual([])
    })

    it('changes at most 10,000 members at once', async () => {
      const big = await found(gatehouse, 'Big')
      const id = await makeRole(big, 'Crowded', [])
      const crowd = (n: number) =>
        gatehouse.superuser.rows(
          `INSERT INTO members (organization_id, id, email, name, status, source, role_id)
           SELECT $1, gen_random_uuid(), 'p' || i || '@big.example', 'P', 'INVITED', 'INVITATION', $2 FROM generate_series(1, $3) i
           ON CONFLICT DO NOTHING`,
          [big.uuid, fromTypeId('Role', id), n],
        )
      await crowd(10_001)
      const to = await roleByKey(gatehouse, big, 'member')
      expect(codes(await run(big.admin.organization, DELETE, { id, to }))).toEqual(['TOO_MANY id'])
      await gatehouse.superuser.rows(
        `UPDATE members SET role_id = $2 WHERE organization_id = $1 AND email = 'p1@big.example'`,
        [big.uuid, fromTypeId('Role', to)],
      )
      expect(codes(await run(big.admin.organization, DELETE, { id, to }))).toEqual([])
      const [moved] = await gatehouse.superuser.rows(
        `SELECT count(*)::int AS n FROM members WHERE organization_id = $1 AND role_id = $2`,
        [big.uuid, fromTypeId('Role', to)],
      )
      expect(moved).toEqual({ n: 10_001 })
    })

    it('refuses built-in roles, members and strangers', async () => {
      const built = await roleByKey(gatehouse, acme, 'project_member')
      expect(codes(await run(admin(), DELETE, { id: built }))).toEqual(['WRONG_STATE'])
      const id = await makeRole(acme, 'Coveted', [])
      expect(codes(await run(member.organization, DELETE, { id }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(stranger.organization, DELETE, { id }))).toEqual(['NOT_FOUND'])
      expect(await roleRow(id)).toMatchObject({ name: 'Coveted' })
    })

    it('knows everything in the database that refers to a role', async () => {
      const foreignKeys = await gatehouse.superuser.rows<{ table: string; column: string }>(
        `SELECT c.conrelid::regclass::text AS table, a.attname::text AS column
         FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]
         WHERE c.confrelid = 'roles'::regclass AND c.contype = 'f'`,
      )
      const known = ROLE_REFERENCES.map(({ table, column }) => ({ table, column }))
      const byTable = (one: { table: string }, other: { table: string }) => one.table.localeCompare(other.table)
      expect(foreignKeys.sort(byTable)).toEqual(known.sort(byTable))
    })
  })

  describe('viewerCan', () => {
    const ASK = `query ($id: ID!, $role: ID!) {
      organization(by: { id: $id }) { viewerCan(action: MANAGE_ROLES) { allowed reason } }
      node(id: $role) { ... on Role { update: viewerCan(action: UPDATE) { allowed reason }
        delete: viewerCan(action: DELETE) { allowed reason } assign: viewerCan(action: ASSIGN) { allowed reason } } } }`
    const allowed = { allowed: true, reason: null }
    const missing = { allowed: false, reason: 'MISSING_PERMISSION' }
    const builtIn = { allowed: false, reason: 'WRONG_STATE' }

    it('says what somebody can do with a role, as the mutations then answer', async () => {
      const ask = async (client: GraphQLClient, role: string) => {
        const { data } = await client.send(ASK, { id: acme.id, role })
        const { update, delete: removal, assign } = data.node
        return [data.organization.viewerCan, update, removal, assign]
      }
      const manager = await joinAs(gatehouse, acme, await makeRole(acme, 'Asking', MANAGING))
      const [low, high] = [await makeRole(acme, 'Low', []), await makeRole(acme, 'High', ['audit.read'])]
      const [adminRole, memberRole] = [
        await roleByKey(gatehouse, acme, 'admin'),
        await roleByKey(gatehouse, acme, 'member'),
      ]
      for (const client of [admin(), gatehouse.operator]) {
        expect(await ask(client, high)).toEqual([allowed, allowed, allowed, allowed])
        expect(await ask(client, adminRole)).toEqual([allowed, builtIn, builtIn, allowed])
      }
      expect(await ask(manager.organization, low)).toEqual([allowed, allowed, allowed, allowed])
      expect(await ask(manager.organization, high)).toEqual([allowed, missing, missing, missing])
      expect(await ask(manager.organization, memberRole)).toEqual([allowed, builtIn, builtIn, allowed])
      expect(await ask(member.organization, low)).toEqual([missing, missing, missing, missing])
    })
  })

  describe('lists', () => {
    it('find and show members by custom roles', async () => {
      const id = await makeRole(acme, 'Filtered', ['member.read'])
      const holders = [await joinAs(gatehouse, acme, id), await joinAs(gatehouse, acme, id)]
      const { data } = await admin().send(
        `query ($id: ID!, $role: ID!) { organization(by: { id: $id }) { members(filter: { roleIds: [$role] }) {
          totalCount { value } nodes { id role { id key name isSystem version permissions { key } } } } } }`,
        { id: acme.id, role: id },
      )
      const { nodes, totalCount } = data.organization.members
      expect(totalCount.value).toBe(2)
      expect(nodes.map((node: { id: string }) => node.id).sort()).toEqual(holders.map(memberTypeId).sort())
      expect(nodes[0].role).toMatchObject({ id, key: 'filtered', name: 'Filtered', isSystem: false, version: 1 })
      expect(keysOf(nodes[0].role)).toEqual(['member.read', 'organization.read'])
    })

    it('ask no more for a page of members of many roles than for a page of few', async () => {
      const page = `query ($id: ID!, $first: Int!) { permissions { key } organization(by: { id: $id }) { members(first: $first) {
        nodes { role { name version permissions { key title } viewerCan(action: UPDATE) { allowed } } viewerCan(action: REMOVE) { allowed } } } } }`
      const manager = await joinAs(gatehouse, acme, await makeRole(acme, 'Page reader', MANAGING))
      for (const client of [admin(), manager.organization]) {
        const statements = async (first: number) =>
          totalOf(await countStatements(() => client.send(page, { id: acme.id, first })))
        const [few, many] = [await statements(1), await statements(20)]
        expect(many).toBeLessThanOrEqual(7)
        expect(many).toBe(few)
      }
    })
  })

  it('stand with their names on the pages of a browser', async () => {
    const id = await makeRole(acme, 'Bücher & Büro', [...MANAGING, 'invitation.create'])
    const holder = await joinAs(gatehouse, acme, id)
    const browser = new TestBrowser(gatehouse.url)
    browser.cookies.set('gatehouse_account', holder.accountToken)
    expect((await browser.get('/')).html).toContain('Bücher &amp; Büro')
    browser.cookies.set('gatehouse_organization', holder.organizationToken)
    const { html } = await browser.get(`/organizations/${acme.slug}`)
    expect(html).toContain('your role is Bücher &amp; Büro')
    const offered = [...html.matchAll(/<option[^>]*>([^<]+)<\/option>/g)].map(([, name]) => name)
    expect([offered[0], offered]).toEqual(['Member', expect.arrayContaining(['Bücher &amp; Büro'])])
    expect(offered).not.toContain('Admin')
  })

  it('gives a role that grew nothing to those who lost it', async () => {
    const id = await makeRole(acme, 'Grown', ['member.read'])
    const holder = await joinAs(gatehouse, acme, id)
    await giveRole(acme, [holder], await roleByKey(gatehouse, acme, 'member'))
    await run(admin(), UPDATE, { id, input: { permissions: ['audit.read'] } })
    expect(await held(holder.organization)).not.toContain('audit.read')
  })
})
