import { listScimRequests } from '../../src/modules/directories'
import { countStatements, totalOf } from '../support/count-statements'
import {
  type ArrangedDirectory,
  type ArrangedUser,
  arrangeDirectory,
  arrangeDirectoryUser,
  arrangeScimRequest,
} from '../support/directories'
import { planOf, settle } from '../support/explain'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { enterSsoMode } from '../support/sso'
import { found, join, type TestOrganization } from '../support/world'

const REQUEST = `id at method path status durationMs resourceType outcome scimType detail isDryRun changes requestBody responseBody
  tokenPreview userAgent ip requestId target { id __typename } member { id }`
const LOG = `query ($id: ID!, $first: Int, $after: String, $filter: ScimRequestFilter) { node(id: $id) { ... on Directory {
  requests(first: $first, after: $after, filter: $filter) { pageInfo { hasNextPage endCursor } nodes { ${REQUEST} } } } } }`

describe('the request log of a directory', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let directory: ArrangedDirectory
  let user: ArrangedUser

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse)
    await enterSsoMode(gatehouse, acme)
    directory = await arrangeDirectory(gatehouse, acme)
    user = await arrangeDirectoryUser(gatehouse, directory)
    const log = (options: Parameters<typeof arrangeScimRequest>[2]) => arrangeScimRequest(gatehouse, directory, options)
    await log({ minutesAgo: 50, path: '/Groups', resourceType: 'GROUP' })
    await log({ minutesAgo: 40, method: 'POST', status: 409, detail: 'userName is taken' })
    await log({
      minutesAgo: 30,
      method: 'PATCH',
      path: `/Users/${user.id}`,
      userId: user.uuid,
      memberId: user.memberId,
    })
    await log({ minutesAgo: 20, method: 'DELETE', status: 500, path: '/Users/dus_gone' })
    await log({ minutesAgo: 10, status: 401, path: '/Users?count=1' })
  })
  afterAll(() => gatehouse.close())

  const ask = async (variables: Record<string, unknown> = {}, client = acme.admin.organization) => {
    const answer = await client.send(LOG, { id: directory.id, ...variables })
    expect(answer.errors).toBeUndefined()
    return answer.data.node?.requests as Answer
  }
  const statuses = async (filter: object) =>
    (await ask({ filter })).nodes.map(({ status }: Answer) => status) as number[]

  it('shows the newest first, with what it was about and what it changed', async () => {
    const { nodes } = await ask()
    expect(nodes.map(({ status }: Answer) => status)).toEqual([401, 500, 200, 409, 200])
    expect(nodes[2]).toMatchObject({
      method: 'PATCH',
      path: `/Users/${user.id}`,
      outcome: 'OK',
      durationMs: 12,
      resourceType: 'USER',
      target: { __typename: 'DirectoryUser', id: user.id },
      member: { id: expect.stringMatching(/^mem_/) },
      requestBody: { userName: 'ada@example.com', password: '[masked]' },
      tokenPreview: 'scim_abcd…wxyz',
      userAgent: 'Okta SCIM Client',
      ip: '192.0.2.1',
    })
    expect(nodes[3]).toMatchObject({
      outcome: 'REFUSED',
      scimType: 'uniqueness',
      detail: 'userName is taken',
      target: null,
    })
  })

  it('is narrowed to errors, methods, kinds, people, members, texts and times', async () => {
    expect(await statuses({ onlyErrors: true })).toEqual([401, 500, 409])
    expect(await statuses({ method: ['post', 'DELETE'] })).toEqual([500, 409])
    expect(await statuses({ resourceType: 'GROUP' })).toEqual([200])
    expect(await statuses({ directoryUserId: user.id })).toEqual([200])
    expect(await statuses({ search: 'IS TAKEN' })).toEqual([409])
    expect(await statuses({ search: 'count=1', onlyErrors: true })).toEqual([401])
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000)
    expect(await statuses({ from: ago(35), to: ago(15) })).toEqual([500, 200])
    const member = (await ask()).nodes[2].member.id
    expect(await statuses({ memberId: member })).toEqual([200])
  })

  it('is walked on, and refuses a cursor of another filter', async () => {
    const first = await ask({ first: 3 })
    const rest = await ask({ first: 3, after: first.pageInfo.endCursor })
    expect([first.nodes.length, rest.nodes.length, rest.pageInfo.hasNextPage]).toEqual([3, 2, false])
    const searched = await ask({ first: 1, filter: { search: 'users' } })
    expect(
      (await ask({ first: 5, after: searched.pageInfo.endCursor, filter: { search: 'users' } })).nodes,
    ).toHaveLength(3)
    const other = await acme.admin.organization.send(LOG, {
      id: directory.id,
      after: first.pageInfo.endCursor,
      filter: { onlyErrors: true },
    })
    expect(other.errors?.[0]?.extensions.code).toBe('INVALID')
  })

  it('is for those with directory.log.read, and for nobody elsewhere', async () => {
    const reader = await join(gatehouse, acme)
    const [role] = await gatehouse.superuser.rows<{ id: string }>(
      `INSERT INTO roles (organization_id, id, scope, key, name, permissions)
       VALUES ($1, gen_random_uuid(), 'ORGANIZATION', 'reader', 'Reader', '{organization.read,directory.read}') RETURNING id`,
      [acme.uuid],
    )
    await gatehouse.superuser.rows('UPDATE members SET role_id = $1 WHERE id = $2', [role!.id, reader.memberId])
    const seen = await reader.organization.send(LOG, { id: directory.id })
    expect([seen.data.node.requests, seen.extensions.denied?.[0]?.permission]).toEqual([null, 'directory.log.read'])
    const stranger = (await found(gatehouse, 'Rival')).admin
    expect(await ask({}, stranger.organization)).toBeUndefined()
    const [{ id }] = (await ask({ first: 1 })).nodes
    for (const client of [stranger.organization, reader.organization])
      expect((await client.send('query ($id: ID!) { node(id: $id) { id } }', { id })).data.node).toBeNull()
  })

  it('takes as many statements for a long page as for a short one', async () => {
    for (let n = 0; n < 8; n += 1)
      await arrangeScimRequest(gatehouse, directory, { userId: user.uuid, memberId: user.memberId })
    await ask({ first: 3 })
    const short = totalOf(await countStatements(() => ask({ first: 3 })))
    expect(totalOf(await countStatements(() => ask({ first: 9 })))).toBe(short)
  })

  it('is read by indexes, however long it is', async () => {
    await gatehouse.superuser.rows(
      `INSERT INTO scim_requests (organization_id, id, directory_id, at, request_id, method, path, status, outcome, duration_ms, resource_type)
       SELECT $1, (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - n), 12, '0') || '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid,
         $2, now(), 'r', 'GET', '/Users', CASE WHEN n % 1000 = 0 THEN 404 ELSE 200 END, 'OK', 1, 'USER' FROM generate_series(1, 20000) AS n`,
      [acme.uuid, directory.uuid],
    )
    await settle(gatehouse, 'scim_requests')
    const scope = { kind: 'organization', organizationId: acme.uuid } as const
    const request = { id: 'r', ip: null, userAgent: null }
    const context = { organizationId: acme.uuid, actor: { kind: 'operator' }, request } as const
    const nothing = {
      onlyErrors: false,
      methods: null,
      resourceType: null,
      directoryUserId: null,
      memberId: null,
      search: null,
      from: null,
      to: null,
    }
    for (const [asked, index] of [
      [{}, /scim_requests_pkey/],
      [{ onlyErrors: true }, /scim_requests_errors/],
      [{ directoryUserId: user.uuid }, /scim_requests_by_user/],
      [{ memberId: user.memberId }, /scim_requests_by_member/],
    ] as const) {
      const input = { directoryId: directory.uuid, page: { first: 50 }, filter: { ...nothing, ...asked } }
      const plan = await planOf(gatehouse.database, scope, (tx) =>
        listScimRequests.run({ tx, ...context }, input, { organizationId: acme.uuid, directory: {} as never }),
      )
      expect([asked, plan]).toEqual([asked, expect.stringMatching(index)])
      expect([asked, plan]).toEqual([asked, expect.not.stringContaining('Seq Scan')])
    }
  })
})
