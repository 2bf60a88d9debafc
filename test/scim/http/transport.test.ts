import { get } from 'node:http'
import { BODY_LIMIT } from '../../../scim/http/scim-options'
import { newId, toTypeId } from '../../../src/kernel/ids'
import { loadConfig } from '../../../src/platform/config'
import { makeToken } from '../../../src/platform/crypto'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import {
  arrangeToken,
  newGroup,
  newUser,
  pushTo,
  type ScimAnswer,
  ScimClient,
  type TestDirectory,
} from '../../support/scim'

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'

describe('the SCIM endpoint, as HTTP', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory
  let other: TestDirectory

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    directory = await pushTo(gatehouse)
    other = await pushTo(gatehouse)
  })
  afterAll(() => gatehouse.close())

  const as = (token: string | null, id = directory.id) => new ScimClient(`${gatehouse.url}/scim/v2/${id}`, token)

  it('T1 every body is application/scim+json, also of errors and lists', async () => {
    const { scim } = directory
    const answers = await Promise.all([
      scim.get('/ServiceProviderConfig'),
      scim.get('/Users'),
      scim.get('/Users/none'),
      scim.post('/Users', newUser()),
      scim.post('/Users', '{'),
      scim.send('POST', '/Users', 'x', { 'content-type': 'text/plain' }),
      as(null).get('/Users'),
      scim.get('/Nothing'),
      scim.delete('/Users'),
    ])
    for (const { headers } of answers) expect(headers.get('content-type')).toBe('application/scim+json; charset=utf-8')
  })

  it.each([
    ['application/scim+json', 201],
    ['application/json', 201],
    ['Application/JSON; Charset=UTF-8', 201],
    ['application/scim+json;charset=utf-8', 201],
    ['text/plain', 415],
    ['application/xml', 415],
    ['application/x-www-form-urlencoded', 415],
  ])('T2 a body that is %s is answered by %d', async (type, status) => {
    const answer = await directory.scim.send('POST', '/Users', newUser(), { 'content-type': type })
    expect(answer.status).toBe(status)
    if (status === 415) expect(answer.body).toMatchObject({ schemas: [ERROR], status: '415' })
  })

  it.each(['application/scim+json', 'application/json', '*/*', 'text/html'])(
    'T3 Accept: %s is served',
    async (accept) => {
      const answer = await directory.scim.get('/Users?count=0', { accept })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/)
    },
  )

  it('T3 without Accept the answer is application/scim+json', async () => {
    const type = await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${directory.token}` }
      const url = `${gatehouse.url}/scim/v2/${directory.id}/Users?count=0`
      get(url, { headers }, (response) => resolve(response.resume().headers['content-type'])).on('error', reject)
    })
    expect(type).toMatch(/^application\/scim\+json/)
  })

  it.each(['{', '', '[]', '"text"', '1', 'null', '{"userName":"a","userName" "b"}'])(
    'T4 the body %j is invalidSyntax',
    async (body) => {
      const answer = await directory.scim.send('POST', '/Users', body)
      expect(answer).toMatchObject({
        status: 400,
        body: { schemas: [ERROR], status: '400', scimType: 'invalidSyntax' },
      })
    },
  )

  describe('T5 a token that is not one', () => {
    it('is answered by 401 with WWW-Authenticate and an Error, whatever is wrong with it', async () => {
      const revoked = await arrangeToken(gatehouse, directory.organization, directory.uuid, { place: 2 })
      await gatehouse.superuser.rows('UPDATE scim_tokens SET revoked_at = now() WHERE place = 2')
      const expired = await arrangeToken(gatehouse, directory.organization, directory.uuid, {
        place: 2,
        lifetime: '-1 second',
      })
      const unknown = makeToken('scim', directory.organization.uuid).token
      const session = directory.organization.admin.organizationToken
      const tokens = [null, '', 'x', unknown, revoked, expired, session, other.token, `${directory.token}x`]
      const bodies = await Promise.all(
        tokens.map(async (token) => {
          const answer = await as(token).get('/Users')
          expect([token, answer.status]).toEqual([token, 401])
          expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
          return JSON.stringify(answer.body)
        }),
      )
      expect(new Set(bodies).size).toBe(1)
      expect(JSON.parse(bodies[0]!)).toMatchObject({ schemas: [ERROR], status: '401' })
    })

    it('opens no other directory, and says nothing about which there are', async () => {
      const ids = [other.id, toTypeId('Directory', newId()), 'dir_nonsense', 'x', '..']
      for (const id of ids) expect((await as(directory.token, id).get('/Users')).status).toBe(id === '..' ? 404 : 401)
    })

    it.each(['Basic', 'Token', ''])('is refused in the scheme %j', async (scheme) => {
      const answer = await as(null).get('/Users', { authorization: `${scheme} ${directory.token}`.trim() })
      expect(answer.status).toBe(401)
    })

    it('comes before everything else, so that nothing is told to strangers', async () => {
      const stranger = as(null)
      const { id } = (await directory.scim.post('/Users', newUser())).body
      for (const path of ['/Users', `/Users/${id}`, '/Nothing', '/Me', '/Schemas', '/ResourceTypes'])
        expect((await stranger.get(path)).status).toBe(401)
      expect((await stranger.post('/Users', '{')).status).toBe(401)
      expect((await stranger.delete('/Users')).status).toBe(401)
    })
  })

  it('T6 what belongs to another organization does not exist here', async () => {
    const theirs = (await other.scim.post('/Users', newUser())).body
    const group = (await other.scim.post('/Groups', newGroup())).body
    const ours = (await directory.scim.post('/Groups', newGroup())).body
    const { scim } = directory
    for (const path of [`/Users/${theirs.id}`, `/Groups/${group.id}`]) {
      const body = path.startsWith('/Users') ? newUser() : newGroup()
      expect((await scim.get(path)).status).toBe(404)
      expect((await scim.put(path, body)).status).toBe(404)
      expect((await scim.patch(path, [{ op: 'replace', path: 'displayName', value: 'x' }])).status).toBe(404)
      expect((await scim.delete(path)).status).toBe(404)
    }
    const listed = await scim.get(`/Users?filter=id eq "${theirs.id}" or userName eq "${theirs.userName}"`)
    expect(listed.body.totalResults).toBe(0)
    const add = await scim.patch(`/Groups/${ours.id}`, [{ op: 'add', path: 'members', value: [{ value: theirs.id }] }])
    expect(add).toMatchObject({
      status: 400,
      body: { scimType: 'invalidValue', detail: expect.stringContaining(theirs.id) },
    })
    expect((await other.scim.get(`/Users/${theirs.id}`)).status).toBe(200)
  })

  it('T7 two tokens may be live at once, each only as a hash', async () => {
    await gatehouse.superuser.rows('UPDATE scim_tokens SET revoked_at = now() WHERE place = 2 AND revoked_at IS NULL')
    const second = await arrangeToken(gatehouse, directory.organization, directory.uuid, { place: 2 })
    expect((await as(second).get('/Users?count=0')).status).toBe(200)
    expect((await directory.scim.get('/Users?count=0')).status).toBe(200)
    const stored = JSON.stringify(await gatehouse.superuser.rows('SELECT * FROM scim_tokens'))
    expect(stored).not.toContain(second.slice(10, 40))
    const third = arrangeToken(gatehouse, directory.organization, directory.uuid, { place: 2 })
    await expect(third).rejects.toThrow('scim_tokens_two_live')
  })

  it('T7 a token has more than 128 bits, spread evenly, and an end', async () => {
    const { admin, id } = (await pushTo(gatehouse)).organization
    const made = await admin.organization.send(
      `mutation ($id: ID!) { createDirectory(organizationId: $id, input: { name: "Tokens", vendor: OTHER }) {
         secret directory { tokens { expiresAt } } } }`,
      { id },
    )
    const { secret, directory: its } = made.data.createDirectory
    const yearsLeft = (Date.parse(its.tokens[0].expiresAt) - Date.now()) / (365 * 86_400_000)
    expect(yearsLeft).toBeGreaterThan(0.9)
    expect(yearsLeft).toBeLessThanOrEqual(2.01)
    const drawn = Array.from({ length: 2_000 }, () => makeToken('scim', directory.organization.uuid).token)
    expect(new Set([secret, ...drawn]).size).toBe(2_001)
    // Before these stands the organization, behind them a checksum.
    const random = drawn.map((token) => token.slice(-36, -6))
    expect(random[0]!.length * Math.log2(62)).toBeGreaterThan(128)
    const counts = new Map<string, number>()
    for (const letter of random.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    expect(counts.size).toBe(62)
    for (const count of counts.values()) expect(Math.abs(count - 60_000 / 62)).toBeLessThan(200)
  })

  it('T8 a revoked token is refused by the next request', async () => {
    const { uuid, organization, id } = await pushTo(gatehouse)
    const token = await arrangeToken(gatehouse, organization, uuid, { place: 2 })
    expect((await as(token, id).get('/Users')).status).toBe(200)
    await gatehouse.superuser.rows('UPDATE scim_tokens SET revoked_at = now() WHERE directory_id = $1 AND place = 2', [
      uuid,
    ])
    expect((await as(token, id).get('/Users')).status).toBe(401)
  })

  describe('a token that was proven a moment ago', () => {
    const remembered = async () => {
      const { uuid, scim } = await pushTo(gatehouse)
      const user = (await scim.post('/Users', newUser())).body
      const change = (sql: string) => gatehouse.superuser.rows(sql, [uuid])
      return { uuid, scim, user, change }
    }
    const WAYS = {
      revoked: 'UPDATE scim_tokens SET revoked_at = now() WHERE directory_id = $1',
      expired: `UPDATE scim_tokens SET expires_at = now() - interval '1 second' WHERE directory_id = $1`,
    }

    it.each(Object.entries(WAYS))('and is %s since writes nothing, and is told nothing but that', async (_way, sql) => {
      const { uuid, scim, user, change } = await remembered()
      await change(sql)
      const group = newGroup()
      for (const [method, path, body, headers] of [
        ['PATCH', `/Users/${user.id}`, '{"Operations":[{"op":"replace","path":"active","value":false}]}'],
        ['PATCH', '/Users/nobody', '{"Operations":[]}'],
        ['PUT', `/Users/${user.id}`, '{'],
        ['DELETE', `/Users/${user.id}`, ''],
        ['POST', '/Groups', JSON.stringify(group)],
        ['POST', '/Users', 'x'.repeat(BODY_LIMIT + 1)],
        ['POST', '/Users', '<xml/>', { 'content-type': 'text/xml' }],
      ] as const)
        expect([method, path, (await scim.send(method, path, body, headers)).status]).toEqual([method, path, 401])
      const [left] = await gatehouse.superuser.rows(
        `SELECT active, (SELECT count(*)::int FROM directory_groups g WHERE g.directory_id = $1) AS groups
         FROM directory_users WHERE directory_id = $1`,
        [uuid],
      )
      expect(left).toEqual({ active: true, groups: 0 })
    })

    it('is told of what is wrong with its requests, as ever', async () => {
      const { scim, user } = await remembered()
      expect((await scim.send('PUT', `/Users/${user.id}`, '{')).status).toBe(400)
      expect((await scim.send('POST', '/Users', 'x'.repeat(BODY_LIMIT + 1))).status).toBe(413)
      expect((await scim.patch('/Users/nobody', [{ op: 'replace', path: 'active', value: false }])).status).toBe(404)
    })

    it('is refused once its directory is paused', async () => {
      const { scim, user, change } = await remembered()
      await change(`UPDATE directories SET status = 'PAUSED', organization_mode = NULL WHERE id = $1`)
      expect((await scim.delete(`/Users/${user.id}`)).status).toBe(403)
    })

    it('is read as its directory says by then', async () => {
      const { scim, user, change } = await remembered()
      const write = (value: string) => scim.patch(`/Users/${user.id}`, [{ op: 'Replace', path: 'active', value }])
      expect((await write('False')).body.active).toBe(false)
      await change('UPDATE directories SET is_strict = true WHERE id = $1')
      expect((await write('True')).status).toBe(400)
      expect((await scim.get(`/Users/${user.id}`)).body.active).toBe(false)
      expect((await scim.post('/Users', newUser())).status).toBe(201)
      await change('UPDATE directories SET is_strict = false WHERE id = $1')
      expect((await write('True')).body.active).toBe(true)
    })
  })

  it('T9 a public address is https in production, and no address carries a user', async () => {
    const production = { NODE_ENV: 'production', DATABASE_URL: gatehouse.testDatabase.appUrl }
    for (const address of ['http://gatehouse.example.com', 'https://user:secret@gatehouse.example.com'])
      expect(() => loadConfig({ ...production, GATEHOUSE_PUBLIC_URL: address })).toThrow('GATEHOUSE_PUBLIC_URL')
    // What a client makes of a user in the address.
    const basic = `Basic ${Buffer.from(`scim:${directory.token}`).toString('base64')}`
    expect((await as(null).get('/Users', { authorization: basic })).status).toBe(401)
    expect((await as(null).get(`/Users?access_token=${directory.token}`)).status).toBe(401)
  })

  it.each(['/scim/v1', '/scim/v3/x', '/scim', '/scim/v2'])('T10 %s is 404 with an Error', async (path) => {
    const response = await fetch(gatehouse.url + path)
    expect(response.status).toBe(404)
    if (path !== '/scim') expect(await response.json()).toMatchObject({ schemas: [ERROR], status: '404' })
  })

  it('T11 unknown query parameters are ignored, also the flag of Entra', async () => {
    const answer = await directory.scim.get('/Users?aadOptscim062020&x=1&count=1')
    expect(answer).toMatchObject({ status: 200, body: { itemsPerPage: 1 } })
  })

  it.each([
    ['PUT', '/Users', 'GET, POST'],
    ['PATCH', '/Users', 'GET, POST'],
    ['DELETE', '/Groups', 'GET, POST'],
    ['POST', '/Users/dus_x', 'GET, PUT, PATCH, DELETE'],
    ['GET', '/Bulk', 'POST'],
    ['GET', '/.search', 'POST'],
    ['GET', '/Users/.search', 'POST'],
    ['POST', '/Schemas', 'GET'],
    ['PUT', '/ResourceTypes/User', 'GET'],
    ['PATCH', '/ServiceProviderConfig', 'GET'],
    ['DELETE', '/ServiceProviderConfig', 'GET'],
  ])('T12 D10 %s %s is 405 with Allow: %s', async (method, path, allow) => {
    const answer = await directory.scim.send(method, path, method === 'GET' ? undefined : {})
    expect(answer).toMatchObject({ status: 405, body: { schemas: [ERROR], status: '405' } })
    expect(answer.headers.get('allow')).toBe(allow)
  })

  it.each(['/Nothing', '/Users/a/b', '/users', '/Users/dus_01m8f9xq1ee1ksgcdh5qvt6396/groups'])(
    'T12 the unknown path %s is 404 with an Error',
    async (path) => {
      expect(await directory.scim.get(path)).toMatchObject({ status: 404, body: { schemas: [ERROR], status: '404' } })
    },
  )

  it.each(['/Users/%', '/%ff', '/Users/%zz?filter=x'])(
    'T12 the path %s, which is none, is 400 with an Error',
    async (path) => {
      const answer = await directory.scim.get(path)
      expect(answer).toMatchObject({
        status: 400,
        body: { schemas: [ERROR], status: '400', scimType: 'invalidSyntax' },
      })
      expect(answer.headers.get('content-type')).toBe('application/scim+json; charset=utf-8')
    },
  )

  it('T13 query strings are read as forms: + is a space, %2B a plus', async () => {
    const { userName } = (
      await directory.scim.post('/Users', newUser({ externalId: 'a+b c', userName: 'plus+sign@x.example' }))
    ).body
    const asked = async (query: string) => (await directory.scim.get(`/Users?filter=${query}`)).body.totalResults
    expect(await asked('externalId+eq+%22a%2Bb+c%22')).toBe(1)
    expect(await asked('externalId%20eq%20%22a%2Bb%20c%22')).toBe(1)
    expect(await asked(`userName+eq+%22${encodeURIComponent(userName)}%22`)).toBe(1)
    expect(await asked('externalId+eq+%22a+b+c%22')).toBe(0)
  })

  it.each([
    'x',
    '1',
    'dus_',
    'dgr_01m8f9xr98e1tretzyqdnrswwg',
    '%00',
    'a'.repeat(90),
    "'; DROP TABLE users --",
    '%F0%9F%92%A9',
  ])('T14 the id %j is 404, whatever is asked of it', async (id) => {
    const path = `/Users/${id.startsWith('%') ? id : encodeURIComponent(id)}`
    expect((await directory.scim.get(path)).status).toBe(404)
    expect((await directory.scim.put(path, newUser())).status).toBe(404)
    expect((await directory.scim.patch(path, [])).status).toBe(404)
    expect((await directory.scim.delete(path)).status).toBe(404)
  })

  it('E1 E2 an Error has a status as a string, and no scimType on 404', async () => {
    const { body } = await directory.scim.get('/Users/none')
    expect(body).toEqual({ schemas: [ERROR], status: '404', detail: expect.any(String) })
  })

  describe('E2 a refusal has a word of the list, and the status that goes with it:', () => {
    const user = async () => (await directory.scim.post('/Users', newUser())).body
    const patch = async (operation: object) => directory.scim.patch(`/Users/${(await user()).id}`, [operation])
    it.each<[string, number, () => Promise<ScimAnswer>]>([
      ['invalidFilter', 400, () => directory.scim.get('/Users?filter=x')],
      ['uniqueness', 409, async () => directory.scim.post('/Users', newUser({ userName: (await user()).userName }))],
      ['mutability', 400, () => patch({ op: 'replace', path: 'id', value: 'x' })],
      ['invalidSyntax', 400, () => directory.scim.post('/Users', '{')],
      ['invalidPath', 400, () => patch({ op: 'replace', path: 'x', value: 'x' })],
      ['noTarget', 400, () => patch({ op: 'remove' })],
      ['invalidValue', 400, () => directory.scim.get('/Users?count=x')],
      ['sensitive', 403, () => directory.scim.get('/Users?filter=password+pr')],
      ['invalidCursor', 400, () => directory.scim.get('/Users?cursor=x')],
      [
        'tooMany',
        400,
        () =>
          directory.scim.patch(
            '/Users/x',
            Array.from({ length: 10_001 }, () => ({ op: 'remove' })),
          ),
      ],
    ])('%s %d', async (scimType, status, ask) => {
      const detail = expect.stringMatching(/\S+ \S+/)
      expect(await ask()).toMatchObject({ status, body: { schemas: [ERROR], status: `${status}`, scimType, detail } })
    })
  })

  it('E3 what is unique is 409 on POST, PUT and PATCH; other refusals have no word', async () => {
    for (const [path, make, name] of [
      ['/Users', newUser, 'userName'],
      ['/Groups', newGroup, 'displayName'],
    ] as const) {
      const { scim } = directory
      const [one, two] = [(await scim.post(path, make())).body, (await scim.post(path, make())).body]
      const taken = one[name].toUpperCase()
      for (const answer of [
        await scim.post(path, make({ [name]: taken })),
        await scim.put(`${path}/${two.id}`, { ...two, [name]: taken }),
        await scim.patch(`${path}/${two.id}`, [{ op: 'replace', path: name, value: taken }]),
      ])
        expect(answer).toMatchObject({ status: 409, body: { scimType: 'uniqueness', status: '409' } })
      for (const [status, answer] of [
        [412, await scim.delete(`${path}/${one.id}`, { 'if-match': 'W/"9"' })],
        [404, await scim.delete(`${path}/none`)],
        [501, await scim.get('/Me')],
      ] as const)
        expect(answer.body).toEqual({ schemas: [ERROR], status: `${status}`, detail: expect.any(String) })
    }
  })

  it('E3 a failure of ours says nothing of SQL or code', async () => {
    await gatehouse.superuser.rows('ALTER TABLE directory_users RENAME COLUMN doc TO doc_away')
    try {
      const answer = await directory.scim.get('/Users')
      expect(answer).toMatchObject({ status: 500, body: { schemas: [ERROR], status: '500' } })
      expect(JSON.stringify(answer.body)).not.toMatch(/column|select|directory_users|\.ts/i)
    } finally {
      await gatehouse.superuser.rows('ALTER TABLE directory_users RENAME COLUMN doc_away TO doc')
    }
    // Nor does any connection to the database remember it.
    const later = await Promise.all(Array.from({ length: 30 }, () => directory.scim.get('/Users')))
    expect(later.map(({ status }) => status)).toEqual(later.map(() => 200))
  })

  it('E4 a filter by what is never returned is 403 sensitive', async () => {
    const answer = await directory.scim.get('/Users?filter=password eq "x"')
    expect(answer).toMatchObject({ status: 403, body: { scimType: 'sensitive' } })
  })

  it('a body over the limit is 413 before it is parsed', async () => {
    const answer = await directory.scim.send('POST', '/Users', `{"x":"${'a'.repeat(8 * 1024 * 1024)}"}`)
    expect(answer).toMatchObject({ status: 413, body: { schemas: [ERROR], status: '413' } })
  })

  it('M1 /Me is 501 with the token of a directory', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'])
      expect((await directory.scim.send(method, '/Me', method === 'GET' ? undefined : {})).status).toBe(501)
  })

  it('a paused directory is 403 and changes nothing', async () => {
    const paused = await pushTo(gatehouse, { status: 'PAUSED' })
    expect((await paused.scim.get('/Users')).status).toBe(403)
    expect(await paused.scim.post('/Users', newUser())).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('paused') },
    })
    const rows = await gatehouse.superuser.rows('SELECT FROM directory_users WHERE directory_id = $1', [paused.uuid])
    expect(rows).toEqual([])
  })
})

describe('the SCIM endpoint under load', () => {
  it('T15 admits 25 requests a second for as long as they come', async () => {
    const gatehouse = await startGatehouse({}, { scimRateLimit: { perSecond: 25, burst: 25 } })
    try {
      const { scim } = await pushTo(gatehouse)
      const statuses: number[] = []
      const began = performance.now()
      for (let n = 0; n < 100; n += 5) {
        const due = began + (n / 25) * 1_000
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
        const answers = await Promise.all(Array.from({ length: 5 }, () => scim.get('/Users?count=0')))
        statuses.push(...answers.map(({ status }) => status))
      }
      expect(new Set(statuses)).toEqual(new Set([200]))
    } finally {
      await gatehouse.close()
    }
  })

  it('T15 answers 429 with Retry-After to a token that asks too often, and to no other', async () => {
    const gatehouse = await startGatehouse({}, { scimRateLimit: { perSecond: 10, burst: 25 } })
    try {
      const [loud, quiet] = [await pushTo(gatehouse), await pushTo(gatehouse)]
      const answers = await Promise.all(Array.from({ length: 150 }, () => loud.scim.get('/Users?count=0')))
      const refused = answers.filter(({ status }) => status === 429)
      expect(refused.length).toBeGreaterThan(5)
      expect(answers.length - refused.length).toBeGreaterThanOrEqual(25)
      const seconds = Number(refused[0]!.headers.get('retry-after'))
      expect(seconds).toBeGreaterThanOrEqual(1)
      expect(refused[0]!.body).toMatchObject({ schemas: [ERROR], status: '429' })
      expect((await quiet.scim.get('/Users?count=0')).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000 + 100))
      expect((await loud.scim.get('/Users?count=0')).status).toBe(200)
    } finally {
      await gatehouse.close()
    }
  })
})
