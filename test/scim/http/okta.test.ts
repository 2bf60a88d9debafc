import { arrangePeople } from '../../support/directories'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, newUser, pushTo, ScimClient, type TestDirectory } from '../../support/scim'
import { openSession } from '../../support/world'
import okta from '../protocol/fixtures/okta.json'

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const AGENT = {
  'user-agent': 'Okta SCIM Client 1.0.0',
  accept: 'application/scim+json',
  'content-type': 'application/scim+json; charset=utf-8',
}

describe('Okta', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory
  let people = 0

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    directory = await pushTo(gatehouse, { vendor: 'OKTA' })
  })
  afterAll(() => gatehouse.close())

  /** A body that Okta sends, about somebody new. */
  const oktaUser = (more = {}) => {
    people += 1
    const userName = `test.user.${people}@okta.local`
    return {
      ...okta['O-3 create a user'],
      userName,
      emails: [{ primary: true, value: userName, type: 'work' }],
      externalId: `00u${people}`,
      ...more,
    }
  }
  const created = async (more = {}) => {
    const answer = await directory.scim.post('/Users', oktaUser(more), AGENT)
    expect(answer.status).toBe(201)
    return answer.body
  }
  const aboutGroup = (fixture: { Operations: object[] }, ids: Record<string, string>) =>
    Object.entries(ids).reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(fixture))
  const memberStatus = async (userName: string) =>
    (
      await gatehouse.superuser.rows<{ status: string }>(
        'SELECT m.status FROM members m JOIN directory_users u ON u.member_id = m.id WHERE u.user_name = $1',
        [userName],
      )
    )[0]?.status
  const membersOf = async (id: string) =>
    ((await directory.scim.get(`/Groups/${id}`)).body.members ?? []).map(({ value }: { value: string }) => value)

  it('O-1 tests credentials by a page of people and a page of groups', async () => {
    await created()
    for (const path of ['/Users?startIndex=1&count=2', '/Groups?startIndex=1&count=100']) {
      const { status, body } = await directory.scim.get(path, AGENT)
      expect([path, status]).toEqual([path, 200])
      expect(body).toMatchObject({
        schemas: [LIST],
        totalResults: expect.any(Number),
        startIndex: 1,
        itemsPerPage: expect.any(Number),
      })
      expect(Array.isArray(body.Resources)).toBe(true)
    }
  })

  it('O-1 O-2 runs its specification test: list, read, look for, create, create again, 401 and 404', async () => {
    const [first] = (await directory.scim.get('/Users?count=1&startIndex=1', AGENT)).body.Resources
    const needed = {
      id: expect.stringMatching(/./),
      userName: expect.stringMatching(/./),
      name: { givenName: expect.stringMatching(/./), familyName: expect.stringMatching(/./) },
      active: expect.any(Boolean),
      emails: [{ value: expect.stringMatching(/./) }],
    }
    expect(first).toMatchObject(needed)
    expect((await directory.scim.get(`/Users/${first.id}`, AGENT)).body).toMatchObject({ ...needed, id: first.id })
    const missing = await directory.scim.get('/Users?filter=userName eq "nobody@okta.local"', AGENT)
    expect(missing).toMatchObject({ status: 200, body: { schemas: [LIST], totalResults: 0 } })
    for (const id of ['010101001010101011001010101011', '00919288221112222'])
      expect(await directory.scim.get(`/Users/${id}`, AGENT)).toMatchObject({
        status: 404,
        body: { schemas: [ERROR], status: '404', detail: expect.stringMatching(/./) },
      })
    const body = oktaUser({ active: true })
    const made = await directory.scim.post('/Users', body, { 'content-type': 'application/json' })
    expect(made).toMatchObject({
      status: 201,
      body: { active: true, schemas: [USER], userName: body.userName, name: body.name },
    })
    expect((await directory.scim.get(`/Users/${made.body.id}`, AGENT)).body).toMatchObject({ userName: body.userName })
    expect((await directory.scim.post('/Users', body, AGENT)).status).toBe(409)
    const upper = await directory.scim.get(`/Users?filter=userName eq "${body.userName.toUpperCase()}"`, AGENT)
    expect(upper.status).toBe(200)
    const stranger = new ScimClient(directory.scim.base, null)
    expect(await stranger.get('/Users', { authorization: 'non-token' })).toMatchObject({
      status: 401,
      body: { schemas: [ERROR], status: '401', detail: expect.stringMatching(/./) },
    })
  })

  it('O-2 finds somebody by name in any case before it creates them', async () => {
    const { id, userName } = await created()
    const asked = (name: string) =>
      directory.scim.get(
        `/Users?filter=userName%20eq%20%22${encodeURIComponent(name)}%22&startIndex=1&count=100`,
        AGENT,
      )
    for (const name of [userName, userName.toUpperCase()])
      expect((await asked(name)).body).toMatchObject({ totalResults: 1, Resources: [{ id, userName }] })
    expect(await asked('not.there@okta.local')).toMatchObject({ status: 200, body: { totalResults: 0, Resources: [] } })
  })

  it('O-3 creates with a password and empty groups, and is told the whole person; a second time is 409', async () => {
    const body = oktaUser()
    const answer = await directory.scim.post('/Users', body, AGENT)
    const { password: _, groups: __, ...kept } = body
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ ...kept, id: expect.any(String) })
    expect(answer.body).not.toHaveProperty('password')
    expect(await directory.scim.post('/Users', body, AGENT)).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    })
  })

  it('O-4 deactivates by PATCH without path, and is told the whole person; and activates again', async () => {
    const { id, userName } = await created()
    const answer = await directory.scim.send('PATCH', `/Users/${id}`, okta['O-4 deactivate'], AGENT)
    expect(answer).toMatchObject({ status: 200, body: { id, userName, active: false } })
    expect(await memberStatus(userName)).toBe('SUSPENDED')
    const again = await directory.scim.patch(`/Users/${id}`, [{ op: 'replace', value: { active: true } }], AGENT)
    expect([again.status, again.body.active, await memberStatus(userName)]).toEqual([200, true, 'JOINED'])
  })

  it('O-5 reads and puts the whole person, with what it may not write', async () => {
    const { id, userName } = await created()
    const put = async (changes: object) => {
      const { body } = await directory.scim.get(`/Users/${id}`, AGENT)
      return directory.scim.put(`/Users/${id}`, { ...body, groups: [], ...changes }, AGENT)
    }
    expect(await put({ name: { givenName: 'Ada', middleName: '', familyName: 'King' } })).toMatchObject({
      status: 200,
      body: { id, name: { familyName: 'King' }, meta: { version: 'W/"2"' } },
    })
    expect((await put({})).body.meta.version).toBe('W/"2"')
    expect(await put({ active: false })).toMatchObject({ status: 200, body: { active: false } })
    expect(await memberStatus(userName)).toBe('SUSPENDED')
    expect((await put({ active: true })).body.active).toBe(true)
    expect(await memberStatus(userName)).toBe('JOINED')
  })

  it('O-6 never deletes people: being deactivated or taken out of groups is all the revocation there is', async () => {
    const { id, userName } = await created()
    const group = (await directory.scim.post('/Groups', newGroup({ members: [{ value: id }] }))).body
    const [member] = await gatehouse.superuser.rows<{ member_id: string }>(
      'SELECT member_id FROM directory_users WHERE user_name = $1',
      [userName],
    )
    const client = gatehouse.client(await openSession(gatehouse, directory.organization.uuid, member!.member_id))
    const viewer = async () =>
      (await client.send('{ viewer { activeOrganization { id } } }')).data?.viewer?.activeOrganization ?? null
    expect(await viewer()).not.toBeNull()
    await directory.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: `members[value eq "${id}"]` }], AGENT)
    await directory.scim.send('PATCH', `/Users/${id}`, okta['O-4 deactivate'], AGENT)
    expect([await viewer(), await membersOf(group.id)]).toEqual([null, []])
    expect((await directory.scim.get(`/Users/${id}`)).body.active).toBe(false)
  })

  it('O-7 pushes a group: creates it empty, renames it with its id, changes members one by one and all at once, and unlinks it', async () => {
    const [one, two] = [await created(), await created()]
    const displayName = newGroup().displayName
    const made = await directory.scim.post('/Groups', { ...okta['O-7 create a group'], displayName }, AGENT)
    expect(made).toMatchObject({ status: 201, body: { displayName } })
    const { id } = made.body
    const ids = { '"g1"': `"${id}"`, u1: one.id, u2: two.id, Looms: `${displayName} new` }
    const send = (key: 'O-7 rename a group' | 'O-7 change members' | 'O-7 push all members') =>
      directory.scim.send('PATCH', `/Groups/${id}`, aboutGroup(okta[key], ids), AGENT)
    await directory.scim.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value: one.id }] }])
    expect((await send('O-7 rename a group')).status).toBe(204)
    expect((await send('O-7 change members')).status).toBe(204)
    expect(await membersOf(id)).toEqual([two.id])
    expect((await send('O-7 push all members')).status).toBe(204)
    expect(await membersOf(id)).toEqual([one.id, two.id])
    expect((await directory.scim.get(`/Groups/${id}`)).body.displayName).toBe(`${displayName} new`)
    const put = await directory.scim.put(
      `/Groups/${id}`,
      { schemas: made.body.schemas, id, displayName, members: [{ value: two.id, display: 'x' }] },
      AGENT,
    )
    expect([put.status, await membersOf(id)]).toEqual([200, [two.id]])
    const unlinked = await directory.scim.delete(`/Groups/${id}`, AGENT)
    expect([unlinked.status, unlinked.body]).toEqual([204, undefined])
  })

  it('O-8 imports a hundred at a time until it has everybody, each once', async () => {
    const mine = await pushTo(gatehouse)
    const there = await arrangePeople(gatehouse, mine, 250)
    await gatehouse.superuser.rows('UPDATE directory_counters SET users = 250 WHERE directory_id = $1', [mine.uuid])
    const seen: string[] = []
    for (let startIndex = 1, total = 1; startIndex <= total; startIndex += 100) {
      const { body } = await mine.scim.get(`/Users?startIndex=${startIndex}&count=100`, AGENT)
      total = body.totalResults
      expect(body.startIndex).toBe(startIndex)
      seen.push(...body.Resources.map(({ id }: { id: string }) => id))
    }
    expect(seen).toHaveLength(250)
    expect(new Set(seen)).toEqual(new Set(there))
  })

  it('O-9 custom attributes are no error, nor are groups of its own schema', async () => {
    const strict = await pushTo(gatehouse, { isStrict: true })
    for (const { scim } of [directory, strict]) {
      const body = { ...okta['O-9 a custom attribute'], userName: newUser().userName }
      const answer = await scim.post('/Users', body, AGENT)
      expect(answer).toMatchObject({ status: 201, body: { schemas: [USER], userName: body.userName } })
      const custom = 'urn:okta:onprem_app:1.0:user:custom'
      const changed = await scim.put(`/Users/${answer.body.id}`, { ...answer.body, [custom]: { badge: '8' } }, AGENT)
      expect(changed).toMatchObject({ status: 200, body: { meta: { version: 'W/"1"' } } })
      const group = newGroup()
      const described = await scim.post('/Groups', {
        ...group,
        schemas: [...(group.schemas as string[]), 'urn:okta:custom:group:1.0'],
        'urn:okta:custom:group:1.0': { description: 'D' },
      })
      expect(described).toMatchObject({ status: 201, body: { schemas: group.schemas } })
    }
  })

  it('O-10 lists come back as lists, with the one that is primary', async () => {
    const { id, emails } = await created()
    expect(emails).toEqual([{ primary: true, value: expect.any(String), type: 'work' }])
    expect((await directory.scim.get(`/Users/${id}`)).body.emails).toEqual(emails)
  })

  it('O-11 proves itself by Bearer alone', async () => {
    const asked = (authorization: string) =>
      new ScimClient(directory.scim.base, null).get('/Users?count=0', { authorization })
    expect((await asked(`Bearer ${directory.token}`)).status).toBe(200)
    expect((await asked(`bearer ${directory.token}`)).status).toBe(200)
    const basic = Buffer.from(`okta:${directory.token}`).toString('base64')
    for (const authorization of [
      directory.token,
      `Basic ${basic}`,
      `Token ${directory.token}`,
      `Bearer: ${directory.token}`,
    ])
      expect((await asked(authorization)).status).toBe(401)
  })
})
