import { newId, toTypeId } from '../../../src/kernel/ids'
import { makeToken } from '../../../src/platform/crypto'
import { COUNTERS } from '../../support/counters'
import { eventually } from '../../support/eventually'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, newUser, pushTo, type TestDirectory } from '../../support/scim'
import { mint, refresh } from '../../support/tokens'
import { found, join, openSession, signUp, type TestOrganization } from '../../support/world'

const MANAGED = 'MANAGED_BY_DIRECTORY'
const ORGANIZATION = 'query ($id: ID!) { organization(by: { id: $id }) { id } }'

/** What SCIM means for members, teams, roles and access. */
describe('what an identity provider pushes', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    directory = await pushTo(gatehouse)
  })
  afterAll(() => gatehouse.close())

  const rows = <Row>(sql: string, ...values: unknown[]) => gatehouse.superuser.rows<Row>(sql, values)
  const pushed = async (more = {}, to = directory) => {
    const answer = await to.scim.post('/Users', newUser(more))
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
    return { ...answer.body, memberId: (await memberOf(answer.body.userName)).id }
  }
  const memberOf = async (userName: string) =>
    (
      await rows<{
        id: string
        status: string
        email: string
        name: string
        role: string
        source: string
        epoch: number
      }>(
        `SELECT m.id, m.status, m.email, m.name, r.key AS role, m.source, m.epoch FROM directory_users u
         JOIN members m ON m.organization_id = u.organization_id AND m.id = u.member_id
         JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id WHERE u.user_name = $1`,
        userName,
      )
    )[0]!
  const statusOf = async (memberId: string) =>
    (await rows<{ status: string }>('SELECT status FROM members WHERE id = $1', memberId))[0]?.status
  const teamsOf = async (memberId: string) =>
    (
      await rows<{ name: string }>(
        'SELECT t.name FROM team_members tm JOIN teams t ON t.id = tm.team_id WHERE tm.member_id = $1 ORDER BY 1',
        memberId,
      )
    ).map(({ name }) => name)
  const counters = async ({ uuid }: TestOrganization) =>
    (
      await rows<{ joined: number; suspended: number; admins: number; adminless_since: Date | null }>(
        `SELECT joined, suspended, admins, adminless_since FROM ${COUNTERS} AS c WHERE organization_id = $1`,
        uuid,
      )
    )[0]!
  const deactivate = (id: string, value: unknown = false) =>
    directory.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value }])
  const sessionOf = (memberId: string) => openSession(gatehouse, directory.organization.uuid, memberId)
  const viewer = async (token: string) =>
    (await gatehouse.client(token).send('{ viewer { activeOrganization { id } } }')).data?.viewer?.activeOrganization ??
    null

  it('becomes a joined member with the default role, an address and a name', async () => {
    const before = await counters(directory.organization)
    const { userName } = await pushed({ displayName: 'Ada Pushed' })
    expect(await memberOf(userName)).toMatchObject({
      status: 'JOINED',
      email: userName,
      name: 'Ada Pushed',
      role: 'member',
      source: 'SCIM',
    })
    expect((await counters(directory.organization)).joined).toBe(before.joined + 1)
  })

  it('gets an address that no mail reaches where it has none, and keeps addresses that others have', async () => {
    const one = await pushed({ userName: 'nobody at all', emails: [] })
    expect((await memberOf(one.userName)).email).toMatch(/^dus_[0-9a-z]+@directory\.invalid$/)
    const two = await pushed({ userName: 'first', emails: [{ value: 'shared@x.example' }] })
    const three = await pushed({ userName: 'second', emails: [{ value: 'SHARED@x.example' }] })
    expect((await memberOf(two.userName)).email).toBe('shared@x.example')
    expect((await memberOf(three.userName)).email).toMatch(/@directory\.invalid$/)
    expect(three.emails).toEqual([{ value: 'SHARED@x.example' }])
  })

  it('is renamed and moves to another address with the directory', async () => {
    const { id, userName } = await pushed()
    await directory.scim.patch(`/Users/${id}`, [
      { op: 'replace', path: 'displayName', value: 'New Name' },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'moved@x.example' },
    ])
    expect(await memberOf(userName)).toMatchObject({ name: 'New Name', email: 'moved@x.example' })
  })

  describe('X deprovisioning', () => {
    it.each([false, 'False', 'false'])(
      'X1 X2 E-3 active: %j ends every session and key before it is answered',
      async (value) => {
        const { id, memberId } = await pushed()
        const session = await sessionOf(memberId)
        expect(await viewer(session)).not.toBeNull()
        const key = makeToken('apiKey', directory.organization.uuid)
        await rows(
          `INSERT INTO api_keys (organization_id, id, token_hash, preview, name, owner_kind, member_id, member_epoch, created_by_name)
         SELECT organization_id, $2, $3, 'gak_', 'k', 'MEMBER', id, epoch, 'x' FROM members WHERE id = $1`,
          memberId,
          newId(),
          key.hash,
        )
        const before = await gatehouse.client(key.token).send(ORGANIZATION, { id: directory.organization.id })
        expect(before.data.organization).not.toBeNull()
        expect(await deactivate(id, value)).toMatchObject({ status: 200, body: { active: false } })
        expect(await viewer(session)).toBeNull()
        const asked = await gatehouse.client(key.token).send(ORGANIZATION, { id: directory.organization.id })
        expect(asked.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
        expect(await statusOf(memberId)).toBe('SUSPENDED')
        expect((await directory.scim.get(`/Users/${id}`)).body.active).toBe(false)
      },
    )

    it('X1 O-5 a PUT with active: false does the same, and so does DELETE', async () => {
      const { memberId, ...user } = await pushed()
      const session = await sessionOf(memberId)
      expect((await directory.scim.put(`/Users/${user.id}`, { ...user, active: false })).status).toBe(200)
      expect(await viewer(session)).toBeNull()
      const other = await pushed()
      const second = await sessionOf(other.memberId)
      expect((await directory.scim.delete(`/Users/${other.id}`)).status).toBe(204)
      expect(await viewer(second)).toBeNull()
      expect(await statusOf(other.memberId)).toBe('REMOVED')
    })

    it('X1 says in the audit what ended, with keys and without', async () => {
      const audited = async (target: string) =>
        (
          await rows<{ action: string; changes: { field: string }[] }>(
            `SELECT action, details->'changes' AS changes FROM audit_events WHERE $1 = ANY (target_ids) ORDER BY id`,
            target,
          )
        ).map(({ action, changes }) => [action, ...changes.map(({ field }) => field)])
      for (const keys of [[], ['apiKeys']]) {
        const { id, memberId } = await pushed()
        if (keys.length > 0)
          await rows(
            `INSERT INTO api_keys (organization_id, id, token_hash, preview, name, owner_kind, member_id, member_epoch, created_by_name)
             SELECT organization_id, $2, '\\x01', 'gak_', 'k', 'MEMBER', id, epoch, 'x' FROM members WHERE id = $1`,
            memberId,
            newId(),
          )
        await sessionOf(memberId)
        expect((await deactivate(id)).status).toBe(200)
        await deactivate(id, true)
        const told = [
          ['directory.user.created'],
          ['member.suspended', 'status', ...keys, 'isBlocked'],
          ['member.reactivated', 'status'],
        ]
        expect(await audited(toTypeId('Member', memberId))).toEqual([['member.provisioned', 'source', 'role'], ...told])
        expect(await audited(id)).toEqual(told)
        const blocks = await rows(
          'SELECT reason, lifted_at IS NULL AS stands FROM member_tombstones WHERE member_id = $1',
          memberId,
        )
        expect(blocks).toEqual([{ reason: 'DIRECTORY', stands: false }])
      }
    })

    it('X1 answers with the groups of the person, those above theirs too', async () => {
      const { id } = await pushed()
      const direct = (await directory.scim.post('/Groups', newGroup({ members: [{ value: id }] }))).body
      const typesOf = ({ body }: { body: { groups: { value: string; type: string }[] } }) =>
        Object.fromEntries(body.groups.map(({ value, type }) => [value, type]))
      expect(typesOf(await deactivate(id))).toEqual({ [direct.id]: 'direct' })
      const above = (await directory.scim.post('/Groups', newGroup({ members: [{ value: direct.id }] }))).body
      const both = { [direct.id]: 'direct', [above.id]: 'indirect' }
      expect(typesOf(await deactivate(id, true))).toEqual(both)
      expect(typesOf(await deactivate(id))).toEqual(both)
      expect(typesOf(await directory.scim.get(`/Users/${id}`))).toEqual(both)
      await directory.scim.delete(`/Groups/${above.id}`)
      expect(typesOf(await deactivate(id, true))).toEqual({ [direct.id]: 'direct' })
    })

    it('X1 refresh tokens end with the person, and access tokens are inactive at once', async () => {
      const { id, memberId } = await pushed()
      const session = gatehouse.client(await sessionOf(memberId))
      const minted = await mint(session)
      await deactivate(id, 'False')
      expect((await refresh(gatehouse.url, minted.refreshToken)).body.error).toBe('invalid_grant')
      await deactivate(id, true)
      expect((await refresh(gatehouse.url, minted.refreshToken)).body.error).toBe('invalid_grant')
    })

    it('X1 R7 taking `active` away gives nobody access, and nobody less', async () => {
      for (const active of [false, true]) {
        const { id, memberId } = await pushed({ active })
        const status = active ? 'JOINED' : 'SUSPENDED'
        for (const operation of [
          { op: 'remove', path: 'active' },
          { op: 'replace', path: 'active', value: null },
          { op: 'replace', value: { active: null, title: 'T' } },
        ]) {
          const answer = await directory.scim.patch(`/Users/${id}`, [operation])
          expect([answer.status, await statusOf(memberId)]).toEqual([200, status])
        }
        const { body } = await directory.scim.get(`/Users/${id}`)
        expect(body).not.toHaveProperty('active')
        expect((await directory.scim.put(`/Users/${id}`, { ...body, title: 'U' })).status).toBe(200)
        expect(await statusOf(memberId)).toBe(status)
      }
    })

    it('X2 where the end of access cannot be written, neither is the change', async () => {
      const { id, memberId, meta } = await pushed()
      const session = await sessionOf(memberId)
      await rows('ALTER TABLE organization_sessions RENAME COLUMN revoked_at TO revoked_away')
      try {
        expect((await deactivate(id)).status).toBe(500)
      } finally {
        await rows('ALTER TABLE organization_sessions RENAME COLUMN revoked_away TO revoked_at')
      }
      expect((await directory.scim.get(`/Users/${id}`)).body).toMatchObject({ active: true, meta })
      expect([await statusOf(memberId), await viewer(session)]).toEqual(['JOINED', expect.anything()])
    })

    it('X3 reactivation restores role and teams, and no session', async () => {
      const { id, memberId } = await pushed()
      const group = (await directory.scim.post('/Groups', newGroup({ members: [{ value: id }] }))).body
      const session = await sessionOf(memberId)
      await deactivate(id)
      expect(await teamsOf(memberId)).toEqual([group.displayName])
      expect((await deactivate(id, true)).body.active).toBe(true)
      expect(await statusOf(memberId)).toBe('JOINED')
      expect(await teamsOf(memberId)).toEqual([group.displayName])
      expect(await viewer(session)).toBeNull()
      expect(await viewer(await sessionOf(memberId))).not.toBeNull()
    })

    it('X6 E-14 repeated deactivation changes nothing, and the person stays listed', async () => {
      const { id } = await pushed()
      const first = await deactivate(id)
      const again = await deactivate(id)
      expect(again.body).toEqual(first.body)
      const listed = await directory.scim.get(`/Users?filter=id eq "${id}" and active eq false`)
      expect(listed.body.totalResults).toBe(1)
    })

    it('X7 the last Admin loses access too; the organization is marked, and those who can help are told', async () => {
      const mine = await pushTo(gatehouse)
      const { organization } = mine
      await rows(
        `INSERT INTO verified_domains (domain, organization_id) VALUES ($1, $2)`,
        `admin-${mine.uuid}.example`,
        organization.uuid,
      )
      await rows(
        `UPDATE members SET email = $2 WHERE id = $1`,
        organization.admin.memberId,
        `boss@admin-${mine.uuid}.example`,
      )
      const adopted = await mine.scim.post(
        '/Users',
        newUser({ userName: `boss@admin-${mine.uuid}.example`, emails: [] }),
      )
      expect(adopted.status).toBe(201)
      const answer = await mine.scim.patch(`/Users/${adopted.body.id}`, [{ op: 'replace', value: { active: false } }])
      expect(answer.status).toBe(200)
      expect(await viewer(organization.admin.organizationToken)).toBeNull()
      expect(await counters(organization)).toMatchObject({ admins: 0, adminless_since: expect.any(Date) })
      const mails = await rows(
        `SELECT destination FROM outbox_messages WHERE organization_id = $1 AND kind = 'mail.adminless'`,
        organization.uuid,
      )
      expect(mails).toEqual([{ destination: organization.admin.email }])
      await mine.scim.patch(`/Users/${adopted.body.id}`, [{ op: 'replace', value: { active: true } }])
      expect(await counters(organization)).toMatchObject({ admins: 1, adminless_since: null })
    })

    it('X8 pausing and deleting a directory end nobody, unless that is chosen', async () => {
      const mine = await pushTo(gatehouse)
      const { admin } = mine.organization
      const asAdmin = gatehouse.client(await openSession(gatehouse, mine.organization.uuid, admin.memberId))
      const { memberId } = await pushed({}, mine)
      const session = await openSession(gatehouse, mine.organization.uuid, memberId)
      const alive = async () => [await statusOf(memberId), (await viewer(session)) !== null]
      const run = async (mutation: string) => (await asAdmin.send(mutation, { id: mine.id })).data
      await run('mutation ($id: ID!) { pauseDirectory(id: $id, paused: true) { userErrors { code } } }')
      expect([(await mine.scim.get('/Users')).status, ...(await alive())]).toEqual([403, 'JOINED', true])
      await run('mutation ($id: ID!) { deleteDirectory(id: $id, keepMembers: ACTIVE) { userErrors { code } } }')
      expect([(await mine.scim.get('/Users')).status, ...(await alive())]).toEqual([401, 'JOINED', true])
      const unasked = await asAdmin.send('mutation ($id: ID!) { deleteDirectory(id: $id) { userErrors { code } } }', {
        id: mine.id,
      })
      expect(unasked.errors?.[0]?.message).toContain('keepMembers')
    })

    it('keeps members suspended after DELETE where the directory says so', async () => {
      const keeping = await pushTo(gatehouse, { deprovisionAction: 'SUSPEND' })
      const { id, memberId } = await pushed({}, keeping)
      await keeping.scim.post('/Groups', newGroup({ members: [{ value: id }] }))
      expect((await keeping.scim.delete(`/Users/${id}`)).status).toBe(204)
      expect([await statusOf(memberId), await teamsOf(memberId)]).toEqual(['SUSPENDED', []])
    })
  })

  describe('groups', () => {
    it('become teams with everybody in them and below them, and follow every change', async () => {
      const [a, b] = [await pushed(), await pushed()]
      const inner = (await directory.scim.post('/Groups', newGroup({ members: [{ value: a.id }] }))).body
      const outer = (
        await directory.scim.post('/Groups', newGroup({ members: [{ value: inner.id }, { value: b.id }] }))
      ).body
      const both = [inner.displayName, outer.displayName].sort((one: string, other: string) => (one < other ? -1 : 1))
      expect([await teamsOf(a.memberId), await teamsOf(b.memberId)]).toEqual([both, [outer.displayName]])
      await directory.scim.patch(`/Groups/${inner.id}`, [
        { op: 'remove', path: `members[value eq "${a.id}"]` },
        { op: 'add', path: 'members', value: [{ value: b.id }] },
      ])
      expect([await teamsOf(a.memberId), await teamsOf(b.memberId)]).toEqual([[], both])
      await directory.scim.patch(`/Groups/${outer.id}`, [{ op: 'remove', path: 'members' }])
      expect(await teamsOf(b.memberId)).toEqual([inner.displayName])
      await directory.scim.patch(`/Groups/${inner.id}`, [
        { op: 'replace', path: 'displayName', value: `${inner.displayName} new` },
      ])
      expect(await teamsOf(b.memberId)).toEqual([`${inner.displayName} new`])
      await directory.scim.delete(`/Groups/${inner.id}`)
      expect(await teamsOf(b.memberId)).toEqual([])
      const teams = await rows<{ n: number; really: number }>(
        `SELECT member_count AS n, (SELECT count(*)::int FROM team_members m WHERE m.team_id = t.id) AS really FROM teams t`,
      )
      for (const { n, really } of teams) expect(n).toBe(really)
    })

    it('X5 give organization roles by ordered rules, and take them away with the group, however it goes', async () => {
      const mine = await pushTo(gatehouse)
      const [high, low] = [await mine.scim.post('/Groups', newGroup()), await mine.scim.post('/Groups', newGroup())]
      await ruleOf(mine, high.body.id, 1, 'admin')
      await ruleOf(mine, low.body.id, 2, 'member')
      const roleOf = async (userName: string) => (await memberOf(userName)).role
      const user = await pushed({}, mine)
      const add = (group: string) =>
        mine.scim.patch(`/Groups/${group}`, [{ op: 'add', path: 'members', value: [{ value: user.id }] }])
      await add(low.body.id)
      expect(await roleOf(user.userName)).toBe('member')
      await add(high.body.id)
      expect(await roleOf(user.userName)).toBe('admin')
      for (const leave of [
        () => mine.scim.put(`/Groups/${high.body.id}`, { ...high.body, members: [] }),
        () => mine.scim.patch(`/Groups/${high.body.id}`, [{ op: 'replace', path: 'members', value: [] }]),
        () =>
          mine.scim.patch(`/Groups/${high.body.id}`, [{ op: 'Remove', path: 'members', value: [{ value: user.id }] }]),
        () => mine.scim.delete(`/Groups/${high.body.id}`),
      ]) {
        expect((await leave()).status).toBeLessThan(300)
        expect(await roleOf(user.userName)).toBe('member')
        await add(high.body.id)
      }
      expect((await counters(mine.organization)).admins).toBe(1)
    })
  })

  async function ruleOf(mine: TestDirectory, group: string, position: number, role: string): Promise<void> {
    await rows(
      `INSERT INTO directory_group_rules (organization_id, id, directory_id, group_id, position, kind, role_id, created_by_name)
       SELECT $1, $2, $3, g.id, $4, 'ORGANIZATION_ROLE', r.id, 'Test' FROM directory_groups g, roles r
       WHERE g.directory_id = $3 AND g.display_name = $5 AND r.organization_id = $1 AND r.key = $6`,
      mine.organization.uuid,
      newId(),
      mine.uuid,
      position,
      (await mine.scim.get(`/Groups/${group}`)).body.displayName,
      role,
    )
  }

  describe('somebody who is a member already', () => {
    const conflicts = (mine: TestDirectory) =>
      rows<{ status: string; attempts: number; reason: string }>(
        'SELECT status, attempts, reason FROM directory_conflicts WHERE directory_id = $1',
        mine.uuid,
      )

    it('is adopted where the domain is proven, with role and all, and has the name that the directory says', async () => {
      const mine = await pushTo(gatehouse)
      const person = await signUp(gatehouse, 'Grace')
      const domain = `adopt-${mine.uuid}.example`
      const member = await join(gatehouse, mine.organization, 'admin', { ...person, email: `grace@${domain}` })
      await rows(
        'INSERT INTO verified_domains (domain, organization_id) VALUES ($1, $2)',
        domain,
        mine.organization.uuid,
      )
      const answer = await mine.scim.post(
        '/Users',
        newUser({ userName: 'grace', emails: [{ value: `Grace@${domain}` }] }),
      )
      expect(answer.status).toBe(201)
      expect(await memberOf('grace')).toMatchObject({
        id: member.memberId,
        status: 'JOINED',
        role: 'admin',
        source: 'INVITATION',
        name: expect.stringMatching(/^Pushed Person/),
        email: `grace@${domain}`,
      })
      expect((await conflicts(mine)).length).toBe(0)
    })

    it('is 409 and a conflict otherwise; retries keep one conflict, and once confirmed the next one adopts', async () => {
      const mine = await pushTo(gatehouse)
      const member = await join(gatehouse, mine.organization)
      const body = newUser({ emails: [{ value: member.email }] })
      for (const attempts of [1, 2, 3]) {
        expect(await mine.scim.post('/Users', body)).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } })
        expect(await conflicts(mine)).toEqual([{ status: 'OPEN', attempts, reason: 'UNPROVEN_DOMAIN' }])
      }
      await rows(
        `UPDATE directory_conflicts SET status = 'CONFIRMED', decided_at = now() WHERE directory_id = $1`,
        mine.uuid,
      )
      expect((await mine.scim.post('/Users', body)).status).toBe(201)
      expect(await conflicts(mine)).toMatchObject([{ status: 'ADOPTED' }])
      expect((await memberOf(body.userName)).id).toBe(member.memberId)
      expect(await mine.scim.post('/Users', body)).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } })
    })

    it('is a conflict when another directory provides the member', async () => {
      const first = await pushTo(gatehouse)
      const second = await pushTo(gatehouse, {}, first.organization)
      const body = newUser()
      expect((await first.scim.post('/Users', body)).status).toBe(201)
      expect((await second.scim.post('/Users', body)).status).toBe(409)
      expect(await conflicts(second)).toMatchObject([{ reason: 'OTHER_DIRECTORY' }])
    })
  })

  it('a dry run answers as if, logs what it would do, and changes nothing', async () => {
    const organization = await found(gatehouse, 'Rehearsing')
    const dry = await pushTo(gatehouse, { isDryRun: true }, organization)
    const before = await counters(organization)
    const answer = await dry.scim.post('/Users', newUser())
    expect(answer).toMatchObject({ status: 201, body: { active: true } })
    expect((await dry.scim.post('/Groups', newGroup())).status).toBe(201)
    expect((await dry.scim.get('/Users')).body.totalResults).toBe(0)
    expect(await counters(organization)).toEqual(before)
    expect(await rows('SELECT FROM teams WHERE organization_id = $1', organization.uuid)).toEqual([])
    const logged = await eventually('the log', async () => {
      const entries = await rows<{ is_dry_run: boolean; changes: { action: string }[] }>(
        `SELECT is_dry_run, changes FROM scim_requests WHERE directory_id = $1 AND method = 'POST' AND path = '/Users'`,
        dry.uuid,
      )
      return entries.length === 1 ? entries : null
    })
    expect(logged).toMatchObject([
      { is_dry_run: true, changes: [{ action: 'member.provisioned' }, { action: 'directory.user.created' }] },
    ])
  })

  it('cannot be changed by hand where that contradicts the directory, until it is paused', async () => {
    const mine = await pushTo(gatehouse)
    const { organization } = mine
    const admin = gatehouse.client(await openSession(gatehouse, organization.uuid, organization.admin.memberId))
    const user = await pushed({}, mine)
    const group = (await mine.scim.post('/Groups', newGroup({ members: [{ value: user.id }] }))).body
    const [team] = await rows<{ id: string }>('SELECT id FROM teams WHERE name = $1', group.displayName)
    const ids = [toTypeId('Member', user.memberId)]
    const changed = async (mutation: string) => {
      const answer = await admin.send(
        `mutation ($id: ID!, $members: MemberSelection!) {
           ${mutation}(organizationId: $id, members: $members) { results { userErrors { code } } } }`,
        { id: organization.id, members: { ids } },
      )
      return answer.data[mutation].results[0].userErrors[0]?.code ?? null
    }
    expect([await changed('suspendMembers'), await changed('removeMembers')]).toEqual([MANAGED, MANAGED])
    const member = await admin.send(
      `query ($id: ID!) { node(id: $id) { ... on Member { viewerCan(action: SUSPEND) { allowed reason } } } }`,
      { id: ids[0] },
    )
    expect(member.data.node.viewerCan).toEqual({ allowed: false, reason: MANAGED })
    const deleted = await admin.send('mutation ($id: ID!) { deleteTeam(id: $id) { userErrors { code } } }', {
      id: toTypeId('Team', team!.id),
    })
    expect(deleted.data.deleteTeam.userErrors).toEqual([{ code: MANAGED }])
    await rows(`UPDATE directories SET status = 'PAUSED', organization_mode = NULL WHERE id = $1`, mine.uuid)
    expect(await changed('suspendMembers')).toBeNull()
  })
})
