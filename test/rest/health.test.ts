import { type Gatehouse, startGatehouse, TEST_OPERATOR_KEY } from '../support/gatehouse'
import { found, join } from '../support/world'

const FRONTEND = 'https://app.example.com'
let gatehouse: Gatehouse

beforeAll(async () => {
  gatehouse = await startGatehouse({ GATEHOUSE_ALLOWED_ORIGINS: FRONTEND })
})
afterAll(() => gatehouse.close())

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(gatehouse.url + path, { headers })

async function preflight(origin: string): Promise<Headers> {
  const headers = { origin, 'access-control-request-method': 'POST' }
  return (await fetch(`${gatehouse.url}/graphql`, { method: 'OPTIONS', headers })).headers
}

describe('health pages', () => {
  it('say that the process answers and that it can work', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' })
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready' })
  })

  it('are not ready while migrations are missing, and say when to ask again', async () => {
    const { superuser } = gatehouse
    await superuser.rows(`UPDATE schema_migrations SET name = 'x' || name`)
    const answer = await get('/readyz')
    await superuser.rows(`UPDATE schema_migrations SET name = substr(name, 2)`)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await answer.json()).toMatchObject({ problem: expect.stringContaining('migrations') as string })
    expect((await get('/readyz')).status).toBe(200)
    expect((await get('/healthz')).status).toBe(200)
  })
})

describe('metrics', () => {
  it('count requests by route template, use cases by outcome, and connections', async () => {
    const organization = await found(gatehouse)
    await gatehouse.client().send('{ __typename }')
    const text = await (await get('/metrics')).text()
    expect(text).toMatch(/http_requests_total\{method="POST",route="\/graphql",status="200"\} [1-9]/)
    expect(text).toMatch(/use_case_seconds_count\{use_case="createOrganization",outcome="OK"\} 1\b/)
    expect(text).toMatch(/database_connections\{state="total"\} [1-9]/)
    expect(text).not.toContain(organization.slug)
  })

  it('are kept from other machines without the operator key', async () => {
    const elsewhere = { 'x-forwarded-for': '203.0.113.7' }
    expect((await get('/metrics', elsewhere)).status).toBe(401)
    expect((await get('/metrics', { ...elsewhere, authorization: 'Bearer gop_wrong' })).status).toBe(401)
    const withKey = await get('/metrics', { ...elsewhere, authorization: `Bearer ${TEST_OPERATOR_KEY}` })
    expect(withKey.status).toBe(200)
  })
})

describe('every answer', () => {
  it('carries a request id that its access line names, without what the query says', async () => {
    const answer = await get('/healthz-not?token=gos_secret')
    const id = answer.headers.get('x-request-id')
    expect(id).toMatch(/^req_/)
    const line = gatehouse.logs.find((log) => log.includes(id!) && log.includes('"request"'))
    expect(JSON.parse(line!)).toMatchObject({ method: 'GET', url: '/healthz-not?token=[redacted]', status: 404 })
    expect(gatehouse.logs.join('')).not.toContain('gos_secret')
  })

  it('is not to be framed, sniffed or run', async () => {
    const { headers } = await get('/healthz')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect([headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual(['nosniff', 'DENY'])
  })

  it('lets pages of listed origins call the API with cookies, and no others', async () => {
    const ours = await preflight(FRONTEND)
    expect(ours.get('access-control-allow-origin')).toBe(FRONTEND)
    expect(ours.get('access-control-allow-credentials')).toBe('true')
    expect((await preflight('https://elsewhere.example')).get('access-control-allow-origin')).not.toBe(
      'https://elsewhere.example',
    )
  })
})

describe('refusals', () => {
  it('have a line of their own that names the use case and nobody', async () => {
    const organization = await found(gatehouse, 'Refusing')
    const member = await join(gatehouse, organization)
    await member.organization.send(
      `mutation { createProject(organizationId: "${organization.id}", input: { name: "Mine" }) { userErrors { code } } }`,
    )
    const refused = gatehouse.logs.filter((log) => log.includes('"refused"')).map((log) => JSON.parse(log) as object)
    expect(refused).toContainEqual(
      expect.objectContaining({ useCase: 'createProject', outcome: 'FORBIDDEN', actorKind: 'member' }),
    )
    expect(JSON.stringify(refused)).not.toContain(member.email)
  })
})
