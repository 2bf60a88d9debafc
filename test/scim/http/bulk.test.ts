import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, newUser, pushTo, type ScimAnswer, type TestDirectory } from '../../support/scim'

const REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

describe.each([false, true])('Bulk over SCIM, strict: %s,', (isStrict) => {
  let gatehouse: Gatehouse
  let directory: TestDirectory
  let other: TestDirectory

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    directory = await pushTo(gatehouse, { isStrict })
    other = await pushTo(gatehouse)
  })
  afterAll(() => gatehouse.close())

  const bulk = (operations: readonly object[], more = {}) =>
    directory.scim.post('/Bulk', { schemas: [REQUEST], Operations: operations, ...more })
  const made = async (more = {}) => (await directory.scim.post('/Users', newUser(more))).body
  const statuses = ({ body }: ScimAnswer) => body.Operations.map(({ status }: { status: string }) => status)
  const patchOf = (path: string, value: unknown) => ({
    schemas: [PATCH_OP],
    Operations: [{ op: 'replace', path, value }],
  })
  const post = (bulkId: string, data: object, path = '/Users') => ({ method: 'POST', path, bulkId, data })

  it('B1 runs every method in order and answers each with method, bulkId, version, location and status', async () => {
    const [one, two, three] = [await made(), await made(), await made()]
    const answer = await bulk([
      post('a', newUser()),
      { method: 'PUT', path: `/Users/${one.id}`, bulkId: 'b', data: { ...one, title: 'T' } },
      { method: 'PATCH', path: `/Users/${two.id}`, data: patchOf('title', 'U') },
      { method: 'DELETE', path: `/Users/${three.id}` },
      post('c', { ...newUser(), userName: '' }),
      { method: 'PATCH', path: '/Users/nobody', data: patchOf('title', 'U') },
    ])
    expect(answer).toMatchObject({ status: 200, body: { schemas: [RESPONSE] } })
    expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/)
    const [posted, put, patched, deleted, failed, missing] = answer.body.Operations
    expect(posted).toEqual({
      method: 'POST',
      bulkId: 'a',
      version: 'W/"1"',
      location: expect.stringMatching(/\/Users\/dus_[0-9a-z]{26}$/),
      status: '201',
    })
    expect(put).toEqual({ method: 'PUT', bulkId: 'b', version: 'W/"2"', location: one.meta.location, status: '200' })
    expect(patched).toEqual({ method: 'PATCH', version: 'W/"2"', location: two.meta.location, status: '200' })
    expect(deleted).toEqual({ method: 'DELETE', location: three.meta.location, status: '204' })
    expect(failed).toEqual({
      method: 'POST',
      bulkId: 'c',
      status: '400',
      response: { schemas: [ERROR], status: '400', scimType: 'invalidValue', detail: expect.any(String) },
    })
    expect(missing).toMatchObject({ status: '404', response: { status: '404' }, location: expect.any(String) })
    expect((await directory.scim.get(`/Users/${two.id}`)).body.title).toBe('U')
    expect((await directory.scim.get(`/Users/${three.id}`)).status).toBe(404)
  })

  it('B2 references name what is made in the same request, also what comes later, anywhere in the data', async () => {
    const group = newGroup({ members: [{ value: 'bulkId:ada' }, { value: 'bulkId:inner' }] })
    const answer = await bulk([
      post('outer', group, '/Groups'),
      post('inner', newGroup({ members: [{ value: 'bulkId:ada' }] }), '/Groups'),
      post('eve', newUser({ [ENTERPRISE]: { manager: { value: 'bulkId:ada' } } })),
      post('ada', newUser()),
    ])
    expect(statuses(answer)).toEqual(['201', '201', '201', '201'])
    const [outer, inner, eve, ada] = answer.body.Operations.map(({ location }: { location: string }) =>
      location.split('/').at(-1),
    )
    const { members } = (await directory.scim.get(`/Groups/${outer}`)).body
    const values = members.map(({ value }: { value: string }) => value)
    expect(new Set(values)).toEqual(new Set([ada, inner]))
    expect((await directory.scim.get(`/Users/${eve}`)).body[ENTERPRISE].manager.value).toBe(ada)
  })

  it('B2 references in a circle are 409, to nothing 400, and everything else is done', async () => {
    const answer = await bulk([
      post('a', newGroup({ members: [{ value: 'bulkId:b' }] }), '/Groups'),
      post('b', newGroup({ members: [{ value: 'bulkId:a' }] }), '/Groups'),
      post('c', newGroup({ members: [{ value: 'bulkId:nothing' }] }), '/Groups'),
      post('d', newUser()),
    ])
    expect(statuses(answer)).toEqual(['409', '409', '400', '201'])
  })

  it('B3 a POST has a bulkId, and each is used once', async () => {
    const answer = await bulk([
      { method: 'POST', path: '/Users', data: newUser() },
      post('a', newUser()),
      post('a', newUser()),
    ])
    expect(statuses(answer)).toEqual(['400', '201', '400'])
    for (const n of [0, 2]) expect(answer.body.Operations[n].response.scimType).toBe('invalidSyntax')
  })

  it('B4 goes on after errors, until there are as many as failOnErrors', async () => {
    const wrong = (bulkId: string) => post(bulkId, { ...newUser(), userName: null })
    const operations = [wrong('a'), post('b', newUser()), wrong('c'), post('d', newUser())]
    expect(statuses(await bulk(operations))).toEqual(['400', '201', '400', '201'])
    const last = newUser()
    const stopped = await bulk([wrong('a'), post('b', newUser()), wrong('c'), post('d', last)], { failOnErrors: 2 })
    expect([stopped.status, ...statuses(stopped)]).toEqual([200, '400', '201', '400'])
    const found = await directory.scim.get(`/Users?filter=userName eq "${last.userName}"`)
    expect(found.body.totalResults).toBe(0)
  })

  it('B5 each operation is one whole, by the same rules and conditions as a request', async () => {
    const user = await made()
    const theirs = (await other.scim.post('/Users', newUser())).body
    const twofold = {
      schemas: [PATCH_OP],
      Operations: [...patchOf('title', 'T').Operations, { op: 'remove', path: 'userName' }],
    }
    const answer = await bulk([
      { method: 'PATCH', path: `/Users/${user.id}`, data: twofold },
      { method: 'PATCH', path: `/Users/${user.id}`, version: 'W/"7"', data: patchOf('title', 'stale') },
      { method: 'PATCH', path: `/Users/${user.id}`, version: user.meta.version, data: patchOf('title', 'fresh') },
      { method: 'DELETE', path: `/Users/${theirs.id}` },
      { method: 'POST', path: '/Users', bulkId: 'x', data: newUser({ userName: user.userName.toUpperCase() }) },
      post('y', newGroup({ members: [{ value: theirs.id }] }), '/Groups'),
    ])
    expect(statuses(answer)).toEqual(['400', '412', '200', '404', '409', '400'])
    expect((await directory.scim.get(`/Users/${user.id}`)).body).toMatchObject({
      title: 'fresh',
      meta: { version: 'W/"2"' },
    })
    expect((await other.scim.get(`/Users/${theirs.id}`)).status).toBe(200)
    expect((await directory.scim.send('POST', '/Bulk', '{}', { authorization: 'Bearer x' })).status).toBe(401)
  })

  it('B6 more operations or bytes than are advertised are 413 with the limit, and nothing is done', async () => {
    const { bulk: limits } = (await directory.scim.get('/ServiceProviderConfig')).body
    const first = newUser()
    const many = Array.from({ length: limits.maxOperations }, () => ({ method: 'DELETE', path: '/Users/nobody' }))
    const tooMany = await bulk([post('a', first), ...many])
    expect(tooMany).toMatchObject({ status: 413, body: { schemas: [ERROR], status: '413' } })
    expect(tooMany.body.detail).toContain(`${limits.maxOperations}`)
    // Not even JSON: it is not read.
    const tooLong = await directory.scim.post('/Bulk', 'x'.repeat(limits.maxPayloadSize + 1))
    expect(tooLong).toMatchObject({ status: 413, body: { detail: expect.stringMatching(/maxPayloadSize|bytes/) } })
    const found = await directory.scim.get(`/Users?filter=userName eq "${first.userName}"`)
    expect(found.body.totalResults).toBe(0)
    const full = Array.from({ length: limits.maxOperations }, () => ({ method: 'GET', path: '/Users' }))
    expect((await bulk(full)).status).toBe(200)
  })

  it.each([
    '/Bulk',
    '/Me',
    '/.search',
    '/Users/../Groups',
    '/Users/..',
    'Users',
    '//Users',
    '/Users/a/b',
    '/Users?x=1',
    '/ServiceProviderConfig',
    'https://evil.example/Users',
    'http://localhost:4000/scim/v2/Users',
    '',
  ])('B7 the path %j is refused', async (path) => {
    const answer = await bulk([
      post('a', newUser(), path),
      { method: 'PATCH', path, data: patchOf('title', 'T') },
      { method: 'DELETE', path },
    ])
    expect(statuses(answer)).toEqual(['400', '400', '400'])
  })

  it.each([
    {},
    { schemas: [REQUEST] },
    { schemas: [REQUEST], Operations: {} },
    { schemas: [PATCH_OP], Operations: [] },
    { schemas: [REQUEST], Operations: [], failOnErrors: 0 },
  ])('B1 the body %j is refused as a whole', async (body) => {
    expect((await directory.scim.post('/Bulk', body)).status).toBe(400)
  })
})
