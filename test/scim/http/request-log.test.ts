import { makeToken } from '../../../src/platform/crypto'
import { sweepExpired } from '../../../src/worker/sweep'
import { eventually } from '../../support/eventually'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newUser, pushTo, ScimClient, type TestDirectory } from '../../support/scim'

describe('the log of SCIM requests', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    directory = await pushTo(gatehouse, { status: 'WAITING' })
  })
  afterAll(() => gatehouse.close())

  interface Entry {
    method: string
    path: string
    status: number
    outcome: string
    scim_type: string | null
    detail: string | null
    token_id: string | null
    token_preview: string | null
    member_id: string | null
    request_body: unknown
    response_body: unknown
    changes: { action: string }[]
  }
  const entry = (path: string, status: number) =>
    eventually(`${status} of ${path}`, async () => {
      const [row] = await gatehouse.superuser.rows<Entry>(
        'SELECT * FROM scim_requests WHERE directory_id = $1 AND path = $2 AND status = $3',
        [directory.uuid, path, status],
      )
      return row
    })

  it('has what was asked, what came of it and whom it changed, without passwords', async () => {
    const { status, body } = await directory.scim.post('/Users', newUser({ password: 'Canary-1', externalId: 'log-1' }))
    expect(status).toBe(201)
    const created = await entry('/Users', 201)
    expect(created).toMatchObject({
      method: 'POST',
      outcome: 'CREATED',
      scim_type: null,
      member_id: expect.any(String),
      request_body: { externalId: 'log-1', password: '[redacted]' },
      response_body: { id: body.id },
      changes: [{ action: 'member.provisioned' }, { action: 'directory.user.created' }],
    })
    await directory.scim.patch(`/Users/${body.id}`, [{ op: 'replace', path: 'password', value: 'Canary-2' }])
    const patched = await entry(`/Users/${body.id}`, 200)
    expect(patched).toMatchObject({ outcome: 'UNCHANGED', request_body: { Operations: [{ value: '[redacted]' }] } })
    await directory.scim.patch(`/Users/${body.id}?x=1`, [{ op: 'Replace', path: 'active', value: 'False' }])
    expect(await entry(`/Users/${body.id}?x=1`, 200)).toMatchObject({
      outcome: 'DEACTIVATED',
      member_id: created.member_id,
    })
    expect(JSON.stringify(await gatehouse.superuser.rows('SELECT * FROM scim_requests'))).not.toMatch(/Canary-\d/)
  })

  it('has a short list whole, and of a long one the first ten', async () => {
    const other = await pushTo(gatehouse)
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => other.scim.post('/Users', newUser({ displayName: `Nr. ${n}` }))),
    )
    const short = await other.scim.get('/Users?sortBy=displayName')
    const logged = await eventually('the short list', () => findList(other, '/Users?sortBy=displayName'))
    expect(logged).toEqual(short.body)
    await Promise.all(short.body.Resources.map(({ id }: { id: string }) => other.scim.patch(`/Users/${id}`, LONG)))
    const long = await other.scim.get('/Users')
    const cut = await eventually('the long list', () => findList(other, '/Users'))
    expect(cut).toEqual({
      ...long.body,
      Resources: [...long.body.Resources.slice(0, 10), { omitted: '2 more' }],
    })
  })

  const LONG = [{ op: 'add', path: 'title', value: 'x'.repeat(950) }]
  const findList = async (other: TestDirectory, path: string) => {
    const [row] = await gatehouse.superuser.rows<Entry>(
      `SELECT response_body FROM scim_requests WHERE directory_id = $1 AND path = $2 AND method = 'GET'`,
      [other.uuid, path],
    )
    return row?.response_body
  }

  it.each([
    ['NUL', '\\u0000'],
    ['half of a character', '\\ud83d'],
    ['both in a row', '\\u0000\\udc00'],
  ])('keeps what was sent and everything beside it: %s in a value or a name', async (_what, escape) => {
    const pushed = await pushTo(gatehouse)
    const at = (place: string, name: string, value: string) =>
      pushed.scim.post(`/Users?${place}`, `{"userName":"${name}@x.example","title":"${value}","${name}":"\\\\u0000"}`)
    const [inValue] = await Promise.all([
      at('value', 'a', `a${escape}b`),
      at('name', `b${escape}`, 'Engineer'),
      at('none', 'c', 'Zo\\u00eb 😀'),
    ])
    expect(inValue!.status).toBe(400)
    const logged = await eventually('all of them', async () => {
      const rows = await gatehouse.superuser.rows<Entry>('SELECT * FROM scim_requests WHERE directory_id = $1', [
        pushed.uuid,
      ])
      return rows.length === 3 ? rows : null
    })
    const bodies = Object.fromEntries(logged.map(({ path, request_body }) => [path, request_body]))
    const replaced = (JSON.parse(`"${escape}"`) as string).replace(/./gsu, '\ufffd')
    expect(bodies['/Users?value']).toMatchObject({ title: `a${replaced}b`, a: '\\u0000' })
    expect(Object.keys(bodies['/Users?name'] as object)).toContain(`b${replaced}`)
    expect(bodies['/Users?none']).toMatchObject({ title: 'Zoë 😀', c: '\\u0000' })
  })

  it('has what was refused, and why', async () => {
    await directory.scim.get('/Users?filter=nonsense')
    const refused = await entry('/Users?filter=nonsense', 400)
    expect(refused).toMatchObject({ outcome: 'REFUSED', scim_type: 'invalidFilter', detail: expect.any(String) })
  })

  it('has requests with wrong tokens under the directory in their path, without what they said', async () => {
    const stranger = new ScimClient(directory.scim.base, makeToken('scim', directory.organization.uuid).token)
    await stranger.post('/Users?wrong', newUser())
    const refused = await entry('/Users?wrong', 401)
    expect(refused).toMatchObject({ outcome: 'REFUSED', token_id: null, request_body: null })
    expect(refused.token_preview).toMatch(/^scim_.{4}….{4}$/)
  })

  it('notes that directory and token are in use', async () => {
    const [used] = await gatehouse.superuser.rows(
      `SELECT d.status, d.last_request_at IS NOT NULL AS asked, t.last_used_at IS NOT NULL AS used
       FROM directories d JOIN scim_tokens t ON t.directory_id = d.id WHERE d.id = $1`,
      [directory.uuid],
    )
    expect(used).toEqual({ status: 'ACTIVE', asked: true, used: true })
  })

  it('is written in batches, however long the load goes on', async () => {
    const begun = Date.now()
    const ask = async () => {
      for (let n = 0; n < 40; n += 1) await directory.scim.get('/Users?filter=userName eq "nobody"&count=9')
    }
    await Promise.all([ask(), ask(), ask(), ask()])
    const pauses = (Date.now() - begun) / 200
    const written = await eventually('all of them', async () => {
      const [row] = await gatehouse.superuser.rows<{ requests: number; writes: number }>(
        `SELECT count(*)::int AS requests, count(DISTINCT xmin::text)::int AS writes FROM scim_requests WHERE path LIKE '%count=9'`,
      )
      return row?.requests === 160 ? row : null
    })
    expect(written.writes).toBeLessThanOrEqual(pauses + 2)
  })

  it('is kept for 30 days', async () => {
    await gatehouse.superuser.rows(`UPDATE scim_requests SET at = now() - interval '31 days' WHERE status = 401`)
    await sweepExpired(gatehouse.database)
    const left = await gatehouse.superuser.rows<{ status: number }>(
      'SELECT DISTINCT status FROM scim_requests ORDER BY 1',
    )
    expect(left.map(({ status }) => status)).toEqual([200, 201, 400])
  })
})
