import { arrangePeople } from '../../support/directories'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, newUser, pushTo, type TestDirectory } from '../../support/scim'
import others from '../protocol/fixtures/others.json'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'

describe('other identity providers', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    directory = await pushTo(gatehouse)
  })
  afterAll(() => gatehouse.close())

  const created = async (body: object) => {
    const answer = await directory.scim.post('/Users', body)
    expect(answer.status).toBe(201)
    return answer.body
  }
  const someone = (fixture: object) => ({ ...fixture, userName: newUser().userName })
  const membersOf = async (id: string) =>
    ((await directory.scim.get(`/Groups/${id}`)).body.members ?? []).map(({ value }: { value: string }) => value)
  const memberStatus = async (userName: string) =>
    (
      await gatehouse.superuser.rows<{ status: string }>(
        'SELECT m.status FROM members m JOIN users u ON u.id = m.user_id WHERE m.email = $1',
        [userName],
      )
    )[0]?.status

  it('OneLogin names the schema of SCIM 1 alone, removes members by list, and suspends or deletes as its admin chose', async () => {
    const [one, two] = [await created(someone(others['OneLogin creates a user'])), await created(newUser())]
    expect(one).toMatchObject({ schemas: [USER], active: true })
    const { id } = (await directory.scim.post('/Groups', newGroup({ members: [{ value: one.id }, { value: two.id }] })))
      .body
    const removal = JSON.stringify(others['OneLogin removes members by list'])
      .replaceAll('"u1"', `"${one.id}"`)
      .replaceAll('"u2"', `"${two.id}"`)
    expect((await directory.scim.send('PATCH', `/Groups/${id}`, removal)).status).toBe(204)
    expect(await membersOf(id)).toEqual([])
    const put = await directory.scim.put(`/Users/${one.id}`, {
      ...one,
      schemas: ['urn:scim:schemas:core:1.0'],
      active: false,
    })
    expect(put).toMatchObject({ status: 200, body: { active: false, schemas: [USER] } })
    expect((await directory.scim.delete(`/Users/${one.id}`)).status).toBe(204)
  })

  it('JumpCloud makes a test person and a test group, deletes both, and adds members again and again', async () => {
    const person = await created({ ...newUser(), password: 'JumpCloudTest1!' })
    const group = (await directory.scim.post('/Groups', newGroup())).body
    const add = JSON.stringify(others['JumpCloud adds members again']).replaceAll('"u1"', `"${person.id}"`)
    for (const _ of [1, 2]) expect((await directory.scim.send('PATCH', `/Groups/${group.id}`, add)).status).toBe(204)
    expect(await membersOf(group.id)).toEqual([person.id])
    expect((await directory.scim.get(`/Groups/${group.id}`)).body.meta.version).toBe('W/"2"')
    const remove = [{ op: 'remove', path: 'members', value: [{ value: person.id }] }]
    expect((await directory.scim.patch(`/Groups/${group.id}`, remove)).status).toBe(204)
    for (const path of [`/Groups/${group.id}`, `/Users/${person.id}`]) {
      expect((await directory.scim.delete(path)).status).toBe(204)
      expect((await directory.scim.get(path)).status).toBe(404)
    }
    // The same again after a failed activation.
    await created({ ...newUser(), userName: person.userName })
  })

  it('Google names both schemas; suspension and deletion come alone, in either order and days apart', async () => {
    const one = await created(someone(others['Google creates a user']))
    expect(one.schemas).toEqual([USER])
    const suspended = await directory.scim.patch(`/Users/${one.id}`, [{ op: 'replace', path: 'active', value: false }])
    expect([suspended.status, await memberStatus(one.userName)]).toEqual([200, 'SUSPENDED'])
    expect((await directory.scim.delete(`/Users/${one.id}`)).status).toBe(204)
    const two = await created(someone(others['Google creates a user']))
    expect((await directory.scim.delete(`/Users/${two.id}`)).status).toBe(204)
    expect(
      await directory.scim.patch(`/Users/${two.id}`, [{ op: 'replace', path: 'active', value: false }]),
    ).toMatchObject({ status: 404 })
    const back = await created({ ...others['Google creates a user'], userName: two.userName })
    expect([back.id === two.id, back.active]).toEqual([false, true])
  })

  it('authentik takes 404 for gone, so what is there never is 404, whatever is asked of it', async () => {
    const person = await created(newUser())
    const group = (await directory.scim.post('/Groups', newGroup())).body
    for (const { body, path } of [
      { body: person, path: `/Users/${person.id}` },
      { body: group, path: `/Groups/${group.id}` },
    ]) {
      expect((await directory.scim.put(path, body)).status).toBe(200)
      expect((await directory.scim.patch(path, [])).status).toBeLessThan(300)
      for (const method of ['POST', 'OPTIONS']) {
        const answer = await directory.scim.send(method, path, method === 'POST' ? {} : undefined)
        expect([method, answer.status]).toEqual([method, 405])
      }
      await directory.scim.delete(path)
      expect((await directory.scim.put(path, body)).status).toBe(404)
      const { id: _, meta: __, ...fresh } = body
      expect((await directory.scim.post(path.slice(0, path.lastIndexOf('/')), fresh)).status).toBe(201)
    }
  })

  it('authentik and others push more members than elsewhere fit into one request or one group', async () => {
    const people = await arrangePeople(gatehouse, directory, 1_200)
    const members = people.map((value) => ({ value }))
    const { id } = (await directory.scim.post('/Groups', newGroup({ members: members.slice(0, 600) }))).body
    expect((await directory.scim.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: members }])).status).toBe(
      204,
    )
    expect((await membersOf(id)).length).toBe(1_200)
    const put = await directory.scim.put(`/Groups/${id}`, { ...newGroup(), members: members.slice(0, 700) })
    expect([put.status, put.body.members.length]).toEqual([200, 700])
  })
})
