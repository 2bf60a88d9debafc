import { arrangePeople } from '../../support/directories'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, pushTo, ScimClient, type TestDirectory } from '../../support/scim'
import entra from '../protocol/fixtures/entra.json'

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const MANAGER = `${ENTERPRISE}:manager`

// Behind the tenant URL, or not: both shapes arrive from one tenant.
describe.each(['', '?aadOptscim062020'])('Entra with the suffix %j', (suffix) => {
  let gatehouse: Gatehouse
  let directory: TestDirectory
  let people = 0

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    directory = await pushTo(gatehouse, { vendor: 'ENTRA' })
  })
  afterAll(() => gatehouse.close())

  const at = (path: string) => (path.includes('?') ? `${path}${suffix.replace('?', '&')}` : path + suffix)
  const get = (path: string) => directory.scim.get(at(path))
  const post = (path: string, body: object) => directory.scim.post(at(path), body)
  const send = (path: string, fixture: object, ids: Record<string, string> = {}) => {
    const text = Object.entries(ids).reduce(
      (json, [from, to]) => json.replaceAll(`"${from}"`, `"${to}"`),
      JSON.stringify(fixture),
    )
    const escaped = Object.entries(ids).reduce(
      (json, [from, to]) => json.replaceAll(`\\"${from}\\"`, `\\"${to}\\"`),
      text,
    )
    return directory.scim.send('PATCH', at(path), escaped)
  }
  const operations = (path: string, ...all: object[]) => directory.scim.patch(at(path), all)
  const entraUser = (more = {}) => {
    people += 1
    const userName = `Ada.${people}.${Date.now()}@entra.example`
    const emails = [{ type: 'work', value: userName, primary: true }]
    return {
      ...entra['E-11 create a user'],
      userName,
      emails,
      externalId: `0a21f0f2-0000-4f8e-bf98-${people}`,
      ...more,
    }
  }
  const created = async (more = {}) => {
    const answer = await post('/Users', entraUser(more))
    expect(answer.status).toBe(201)
    return answer.body
  }
  const createdGroup = async (members: readonly string[] = []) => {
    const { displayName } = newGroup()
    const { body } = await post('/Groups', { ...entra['E-11 create a group'], displayName, externalId: displayName })
    if (members.length > 0)
      await operations(`/Groups/${body.id}`, {
        op: 'Add',
        path: 'members',
        value: members.map((value) => ({ $ref: null, value })),
      })
    return body
  }
  const membersOf = async (id: string) =>
    ((await directory.scim.get(`/Groups/${id}`)).body.members ?? []).map(({ value }: { value: string }) => value)
  const memberStatus = async (userName: string) =>
    (
      await gatehouse.superuser.rows<{ status: string }>(
        'SELECT m.status FROM members m JOIN directory_users u ON u.member_id = m.id WHERE u.user_name = $1',
        [userName],
      )
    )[0]?.status

  it('E-1 tests the connection by a name that nobody has', async () => {
    const answer = await get(`/Users?filter=userName+eq+%22${crypto.randomUUID()}%22`)
    expect(answer).toMatchObject({ status: 200, body: { schemas: [LIST], totalResults: 0, Resources: [] } })
  })

  it('E-2 writes Add, Replace and Remove', async () => {
    const { id } = await created()
    const changed = await send(`/Users/${id}`, entra['E-2 change several attributes'])
    expect(changed).toMatchObject({
      status: 200,
      body: { displayName: 'Ada King', name: { familyName: 'King' }, emails: [{ value: 'ada.king@entra.example' }] },
    })
    const removed = await operations(`/Users/${id}`, { op: 'Remove', path: 'displayName' })
    expect(removed.body).not.toHaveProperty('displayName')
  })

  it('E-3 disables by "False" and enables by "True", and sends primary as text', async () => {
    const { id, userName } = await created()
    for (const [fixture, active, status] of [
      [entra['E-3 disable'], false, 'SUSPENDED'],
      [{ ...entra['E-3 disable'], Operations: [{ op: 'Replace', path: 'active', value: 'True' }] }, true, 'JOINED'],
      [entra['E-3 disable with the flag'], false, 'SUSPENDED'],
    ] as const) {
      expect((await send(`/Users/${id}`, fixture)).body.active).toBe(active)
      expect(await memberStatus(userName)).toBe(status)
    }
    const withRole = await created({ roles: [{ value: `Admin ${id}`, primary: 'True' }] })
    expect(withRole.roles).toEqual([{ value: `Admin ${id}`, primary: true }])
    const found = await get(`/Users?filter=${encodeURIComponent('roles[primary eq "True"].value eq "Admin ')}${id}%22`)
    expect(found.body.totalResults).toBe(1)
  })

  it('E-4 with the flag sends dotted and qualified names in one value, which become parts', async () => {
    const { id } = await created()
    const { body } = await send(`/Users/${id}`, entra['E-4 change several attributes with the flag'])
    expect(body).toMatchObject({
      displayName: 'Ada King',
      name: { familyName: 'King', givenName: 'Ada' },
      [ENTERPRISE]: { employeeNumber: '7', department: 'Engines' },
    })
    expect(Object.keys(body).filter((name) => name.includes('.') && !name.startsWith('urn:'))).toEqual([])
  })

  it('E-5 replaces parts of elements that are not there, which makes them; anything else is noTarget', async () => {
    const { id } = await created({ emails: undefined })
    const { body } = await send(`/Users/${id}`, entra['E-5 parts of elements that are not there'])
    expect(body).toMatchObject({
      phoneNumbers: [{ type: 'mobile', value: '+44 1 2' }],
      addresses: [{ type: 'work', postalCode: 'N1', formatted: '1 Lane, N1' }],
      roles: [{ primary: true, value: 'Admin' }],
    })
    const email = await operations(`/Users/${id}`, {
      op: 'Replace',
      path: 'emails[type eq "work"].value',
      value: 'a@b.example',
    })
    expect(email.body.emails).toEqual([{ type: 'work', value: 'a@b.example' }])
    for (const path of ['emails[type eq "home"]', 'emails[type ne "work"].value', 'emails[value eq "x"].type'])
      expect(
        await operations(`/Users/${id}`, { op: 'Replace', path, value: path.endsWith(']') ? { value: 'x' } : 'x' }),
      ).toMatchObject({ status: 400, body: { scimType: 'noTarget' } })
  })

  it('E-6 removes members by list or brackets, and nobody by an empty list; only a remove without value empties', async () => {
    const [one, two, three] = [await created(), await created(), await created()]
    const { id } = await createdGroup([one.id, two.id, three.id])
    const ids = { u1: one.id }
    expect((await send(`/Groups/${id}`, entra['E-6 remove nobody'])).status).toBe(204)
    expect(await membersOf(id)).toEqual([one.id, two.id, three.id])
    expect((await send(`/Groups/${id}`, entra['E-6 remove members'], ids)).status).toBe(204)
    expect(await membersOf(id)).toEqual([two.id, three.id])
    expect((await send(`/Groups/${id}`, entra['E-6 remove a member with the flag'], { u1: two.id })).status).toBe(204)
    expect(await membersOf(id)).toEqual([three.id])
    expect((await operations(`/Groups/${id}`, { op: 'Remove', path: 'members' })).status).toBe(204)
    expect(await membersOf(id)).toEqual([])
  })

  it('E-7 adds members, many at once and again, which is 204 and counts once', async () => {
    const people = await arrangePeople(gatehouse, directory, 300)
    const { id } = await createdGroup()
    for (const _ of [1, 2]) {
      const value = people.map((each) => ({ $ref: null, value: each }))
      const answer = await operations(`/Groups/${id}`, { op: 'Add', path: 'members', value })
      expect([answer.status, answer.body, answer.headers.get('etag')]).toEqual([204, undefined, 'W/"2"'])
    }
    expect(new Set(await membersOf(id))).toEqual(new Set(people))
  })

  it('E-8 sets a manager by id, by list or by object, and takes them away by nothing', async () => {
    const [boss, { id }] = [await created(), await created()]
    const manager = async () => (await directory.scim.get(`/Users/${id}`)).body[ENTERPRISE]?.manager
    const ids = { m2: boss.id }
    for (const fixture of [
      entra['E-8 set a manager by id'],
      entra['E-8 set a manager by list'],
      { ...entra['E-8 set a manager by id'], Operations: [{ op: 'Replace', path: MANAGER, value: { value: 'm2' } }] },
    ]) {
      expect((await send(`/Users/${id}`, fixture, ids)).status).toBe(200)
      expect(await manager()).toMatchObject({ value: boss.id })
      const { version } = (await directory.scim.get(`/Users/${id}`)).body.meta
      expect((await send(`/Users/${id}`, fixture, ids)).body.meta.version).toBe(version)
      expect((await get(`/Users?filter=id+eq+%22${id}%22+and+manager+eq+%22${boss.id}%22`)).body.totalResults).toBe(1)
    }
    for (const fixture of [entra['E-8 clear the manager'], entra['E-8 clear the manager by an empty id']]) {
      expect((await send(`/Users/${id}`, fixture)).status).toBe(200)
      expect(await manager()).toBeUndefined()
      await send(`/Users/${id}`, entra['E-8 set a manager by id'], ids)
    }
  })

  it('E-9 sends one value as a list of one', async () => {
    const { id } = await created()
    expect((await send(`/Users/${id}`, entra['E-9 a scalar as a list'])).body.title).toBe('Countess')
  })

  it('E-10 sends roles as texts of JSON, which stay as they are, and replaces them as a whole', async () => {
    const { id } = await created()
    const { body } = await send(`/Users/${id}`, entra['E-10 roles as texts of JSON'])
    const value = '{"id":"r1","value":"Admin","displayName":"Admin"}'
    expect(body.roles).toEqual([{ value }])
    const roles = [{ value: value.replaceAll('Admin', 'Reader'), primary: 'False' }]
    const replaced = await operations(`/Users/${id}`, { op: 'Replace', path: 'roles', value: roles })
    expect(replaced.body.roles).toEqual([{ value: roles[0]!.value, primary: false }])
  })

  it('E-11 creates with nulls, a misspelt URN and a schema of its own, none of which comes back', async () => {
    const user = await created()
    expect(user.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE])
    expect(user[ENTERPRISE]).toEqual({ department: 'Engines' })
    expect(JSON.stringify(user)).not.toMatch(/null|2\.0User|typo/)
    const group = await createdGroup()
    expect(group.schemas).toEqual([GROUP])
  })

  it('E-12 asks by eq and and alone', async () => {
    const { id, userName, externalId } = await created()
    const { id: groupId, displayName } = await createdGroup([id])
    for (const filter of [
      `userName eq "${userName.toUpperCase()}"`,
      `externalId eq "${externalId}"`,
      `emails[type eq "work"].value eq "${userName}"`,
      `id eq "${id}" and userName eq "${userName}"`,
    ])
      expect((await get(`/Users?filter=${encodeURIComponent(filter)}`)).body).toMatchObject({
        totalResults: 1,
        Resources: [{ id }],
      })
    for (const filter of [
      `displayName eq "${displayName.toUpperCase()}"`,
      `externalId eq "${displayName}"`,
      `id eq "${groupId}" and members eq "${id}"`,
    ]) {
      const { body } = await get(`/Groups?excludedAttributes=members&filter=${encodeURIComponent(filter)}`)
      expect(body).toMatchObject({ schemas: [LIST], totalResults: 1, Resources: [{ id: groupId }] })
      expect(body.Resources[0]).not.toHaveProperty('members')
    }
  })

  it('E-13 reads a group without its members, and is not told them after a change', async () => {
    const { id } = await createdGroup([(await created()).id])
    const { body } = await get(`/Groups/${id}?excludedAttributes=members`)
    expect([body.id, body.members]).toEqual([id, undefined])
    const changed = await operations(`/Groups/${id}`, { op: 'Replace', path: 'externalId', value: 'e2' })
    expect([changed.status, changed.body]).toEqual([204, undefined])
  })

  it('E-14 deletes softly, restores, and deletes for good', async () => {
    const { id, userName } = await created()
    const byName = async () => (await get(`/Users?filter=userName+eq+%22${userName}%22`)).body.Resources
    await send(`/Users/${id}`, entra['E-3 disable'])
    expect(await byName()).toMatchObject([{ id, active: false }])
    await operations(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'True' })
    expect([(await byName())[0].active, await memberStatus(userName)]).toEqual([true, 'JOINED'])
    expect((await directory.scim.delete(at(`/Users/${id}`))).status).toBe(204)
    expect(await byName()).toEqual([])
    expect((await directory.scim.delete(at(`/Users/${id}`))).status).toBe(404)
  })

  it('E-15 finds what it sent to the letter, so that the next cycle changes nothing', async () => {
    const sent = entraUser({
      displayName: ' Ada  LOVELACE ',
      phoneNumbers: [
        { type: 'work', value: '+1 (201) 555-0100 x7' },
        { type: 'mobile', value: '0044 1 2' },
      ],
      addresses: [{ type: 'work', country: 'uk', formatted: 'Line 1\r\nLine 2' }],
      preferredLanguage: 'EN-us',
    })
    const { id } = (await post('/Users', sent)).body
    const { body } = await get(`/Users/${id}`)
    const { schemas: _, meta: __, roles: ___, [ENTERPRISE]: ____, addresses, ...kept } = sent as Record<string, unknown>
    expect(body).toMatchObject({
      ...Object.fromEntries(Object.entries(kept).filter(([name, value]) => value !== null && !name.startsWith('urn:'))),
      addresses,
    })
    const again = await operations(
      `/Users/${id}`,
      ...['displayName', 'phoneNumbers', 'addresses', 'preferredLanguage'].map((path) => ({
        op: 'Replace',
        path,
        value: (sent as Record<string, unknown>)[path],
      })),
    )
    expect(again.body.meta.version).toBe('W/"1"')
  })

  it('E-16 finds one group of a name, in any case, and a second one is 409', async () => {
    const { displayName } = await createdGroup()
    const again = await post('/Groups', { ...entra['E-11 create a group'], displayName: displayName.toUpperCase() })
    expect(again).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness', detail: expect.stringContaining('displayName') },
    })
  })

  it('E-17 is told by every refusal what to change, and never met by a failure', async () => {
    const [{ id, userName }, group] = [await created(), await createdGroup()]
    const other = await created()
    for (const [answer, word] of [
      [await operations(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'Nope' }), 'active'],
      [await operations(`/Users/${id}`, { op: 'Replace', path: 'emails', value: 'x' }), 'emails'],
      [
        await operations(`/Users/${id}`, {
          op: 'Add',
          path: 'urn:ietf:params:scim:schemas:extension:X:2.0:User:tag',
          value: 'x',
        }),
        'tag',
      ],
      [await operations(`/Users/${other.id}`, { op: 'Replace', path: 'userName', value: userName }), 'userName'],
      [await post('/Users', { ...entraUser(), userName: '' }), 'userName'],
      [await operations(`/Groups/${group.id}`, { op: 'Add', path: 'members', value: [{ value: 'ghost' }] }), 'ghost'],
      [await operations(`/Groups/${group.id}`, { op: 'Remove', path: 'displayName' }), 'displayName'],
    ] as const) {
      expect([400, 409]).toContain(answer.status)
      expect(answer.body.detail).toContain(word)
    }
  })

  it('E-18 needs schemas, many members in one request and a token of ours that lives long; one that Entra made is refused', async () => {
    expect((await get('/Schemas')).body.Resources.length).toBeGreaterThanOrEqual(3)
    const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
    const issued = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ aud: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621', iss: 'https://sts.windows.net/x/' })}.c2ln`
    for (const token of [issued, 'x'.repeat(2_000)])
      expect((await new ScimClient(directory.scim.base, token).get('/Users?count=0')).status).toBe(401)
    const [token] = await gatehouse.superuser.rows<{ days: number }>(
      `SELECT extract(day FROM expires_at - now())::int AS days FROM scim_tokens WHERE directory_id = $1`,
      [directory.uuid],
    )
    expect(token!.days).toBeGreaterThan(360)
  })

  describe('and its validator', () => {
    it('E-18 passes with people: create, again, find, miss, other case, change, rename, disable, add, manager, delete twice', async () => {
      const sent = entraUser()
      const { body: user } = await post('/Users', sent)
      expect(user).toMatchObject({
        userName: sent.userName,
        meta: { resourceType: 'User', location: expect.stringContaining(user.id) },
      })
      expect((await post('/Users', sent)).status).toBe(409)
      const find = async (name: string) =>
        (await get(`/Users?filter=userName+eq+%22${encodeURIComponent(name)}%22`)).body.Resources
      expect([
        (await find(sent.userName)).length,
        (await find('nobody')).length,
        (await find(sent.userName.toUpperCase())).length,
      ]).toEqual([1, 0, 1])
      const patch = async (...all: object[]) => (await operations(`/Users/${user.id}`, ...all)).body
      expect(
        await patch({ op: 'replace', path: 'displayName', value: 'D' }, { op: 'replace', path: 'title', value: 'T' }),
      ).toMatchObject({ displayName: 'D', title: 'T' })
      expect(
        await patch({ op: 'replace', path: 'title', value: 'A' }, { op: 'replace', path: 'title', value: 'B' }),
      ).toMatchObject({ title: 'B' })
      const renamed = `renamed.${sent.userName}`
      expect(await patch({ op: 'replace', value: { userName: renamed } })).toMatchObject({ userName: renamed })
      expect(await patch({ op: 'replace', path: 'active', value: false })).toMatchObject({ active: false })
      expect(
        await patch({ op: 'add', path: 'nickName', value: 'N' }, { op: 'add', path: 'locale', value: 'L' }),
      ).toMatchObject({ nickName: 'N', locale: 'L' })
      expect(await patch({ op: 'add', path: MANAGER, value: { value: 'm1' } })).toMatchObject({
        [ENTERPRISE]: { manager: { value: 'm1' } },
      })
      expect(await patch({ op: 'replace', path: MANAGER, value: { value: 'm2' } })).toMatchObject({
        [ENTERPRISE]: { manager: { value: 'm2' } },
      })
      expect((await patch({ op: 'replace', path: MANAGER, value: { value: '' } }))[ENTERPRISE]).not.toHaveProperty(
        'manager',
      )
      const remove = async () => (await directory.scim.delete(at(`/Users/${user.id}`))).status
      expect([await remove(), await remove(), (await get(`/Users/${user.id}`)).status]).toEqual([204, 404, 404])
      expect((await directory.scim.delete(at('/Users/nobody'))).status).toBe(404)
    })

    it('E-18 passes with groups: create, again, find, change, members in and out, delete twice', async () => {
      const member = await created()
      const group = await createdGroup()
      expect((await post('/Groups', { ...entra['E-11 create a group'], displayName: group.displayName })).status).toBe(
        409,
      )
      const patch = async (...all: object[]) => (await operations(`/Groups/${group.id}`, ...all)).status
      const displayName = `${group.displayName} 2`
      expect(
        await patch(
          { op: 'replace', path: 'displayName', value: displayName },
          { op: 'replace', path: 'externalId', value: 'E2' },
        ),
      ).toBe(204)
      const find = async (filter: string) =>
        (await get(`/Groups?filter=${encodeURIComponent(filter)}`)).body.totalResults
      expect([
        await find(`displayName eq "${displayName}"`),
        await find('displayName eq "nothing"'),
        await find(`displayName eq "${displayName.toUpperCase()}"`),
      ]).toEqual([1, 0, 1])
      const value = [{ value: member.id }]
      expect([await patch({ op: 'add', path: 'members', value }), await membersOf(group.id)]).toEqual([
        204,
        [member.id],
      ])
      expect([await patch({ op: 'remove', path: 'members', value }), await membersOf(group.id)]).toEqual([204, []])
      const both = await patch(
        { op: 'add', path: 'members', value },
        { op: 'remove', path: `members[value eq "${member.id}"]` },
      )
      expect([both, await membersOf(group.id)]).toEqual([204, []])
      const remove = async () => (await directory.scim.delete(at(`/Groups/${group.id}`))).status
      expect([await remove(), await remove()]).toEqual([204, 404])
    })
  })
})
