import { newId, toTypeId } from '../../src/kernel/ids'
import { listAuditEventRows } from '../../src/modules/audit/audit-event.store'
import { planOf, settle } from '../support/explain'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { found, join, type TestOrganization } from '../support/world'

const EVENTS = `
  query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $filter: AuditFilter) {
    organization(by: { id: $id }) {
      auditEvents(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
        nodes {
          id at action actorKind actorId actorLabel targets { type id label } changes { field before after }
          ip userAgent requestId isSealed
        }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }`

describe('Organization.auditEvents', () => {
  let gatehouse: Gatehouse
  let organization: TestOrganization
  const projectIds: string[] = []

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    organization = await found(gatehouse, 'Read')
    for (let n = 0; n < 5; n += 1) projectIds.push(await createProject(`Project ${n}`))
    await organization.admin.organization.send(
      `mutation ($id: ID!) { updateProject(id: $id, input: { name: "Renamed" }) { userErrors { code } } }`,
      { id: projectIds[0] },
    )
  })
  afterAll(() => gatehouse.close())

  async function createProject(name: string): Promise<string> {
    const { data } = await organization.admin.organization.send(
      `mutation ($id: ID!, $name: String!) {
         createProject(organizationId: $id, input: { name: $name }) { project { id } }
       }`,
      { id: organization.id, name },
    )
    return data.createProject.project.id
  }

  const events = async (variables: object = {}) => {
    const { data } = await organization.admin.organization.send(EVENTS, { id: organization.id, ...variables })
    return data.organization.auditEvents
  }
  const actions = async (filter: object) =>
    (await events({ filter })).nodes.map(({ action }: { action: string }) => action)

  it('tells who did what to what, from where, newest first', async () => {
    const { nodes } = await events()
    expect(nodes).toHaveLength(7)
    expect(nodes.at(-1)).toMatchObject({ action: 'organization.created', actorKind: 'ACCOUNT' })
    expect(nodes[0]).toMatchObject({
      id: expect.stringMatching(/^aud_/),
      action: 'project.updated',
      actorKind: 'MEMBER',
      actorId: toTypeId('User', organization.admin.userId),
      actorLabel: organization.admin.name,
      ip: '127.0.0.1',
      userAgent: expect.any(String),
      requestId: expect.stringMatching(/^req_/),
      isSealed: false,
    })
    expect(nodes[0].targets[0].id).toBe(projectIds[0])
    expect(nodes[0].changes).toContainEqual({ field: 'name', before: 'Project 0', after: 'Renamed' })
  })

  it('walks the whole list in pages, forwards and backwards', async () => {
    const all = (await events()).nodes.map(({ id }: { id: string }) => id)
    const forwards: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const page: Awaited<ReturnType<typeof events>> = await events({ first: 3, after })
      forwards.push(...page.nodes.map(({ id }: { id: string }) => id))
      ;({ endCursor: after, hasNextPage: more } = page.pageInfo)
    }
    expect(forwards).toEqual(all)
    const last = await events({ last: 3 })
    expect(last.nodes.map(({ id }: { id: string }) => id)).toEqual(all.slice(-3))
    const before = await events({ last: 3, before: last.pageInfo.startCursor })
    expect(before.nodes.map(({ id }: { id: string }) => id)).toEqual(all.slice(-6, -3))
  })

  it('finds events by action, actor, target and time, alone and together', async () => {
    const actorId = toTypeId('User', organization.admin.userId)
    expect(await actions({ actions: ['organization.created'] })).toEqual(['organization.created'])
    expect(await actions({ actions: ['project.updated', 'organization.created', 'project.updated'] })).toEqual([
      'project.updated',
      'organization.created',
    ])
    expect(await actions({ targetId: projectIds[0] })).toEqual(['project.updated', 'project.created'])
    expect(await actions({ targetId: projectIds[0], actions: ['project.created'], actorId })).toEqual([
      'project.created',
    ])
    expect(await actions({ actorId })).toHaveLength(7)
    expect(await actions({ actorId: toTypeId('User', newId()) })).toEqual([])
    expect(await actions({ from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 60_000) })).toHaveLength(7)
    expect(await actions({ from: new Date(Date.now() + 60_000) })).toEqual([])
    expect(await actions({ to: new Date(Date.now() - 60_000) })).toEqual([])
  })

  it('walks the events of one target in pages, forwards and backwards', async () => {
    const id = await createProject('Walked')
    const rename =
      'mutation ($id: ID!, $name: String!) { updateProject(id: $id, input: { name: $name }) { userErrors { code } } }'
    for (let n = 0; n < 6; n += 1) await organization.admin.organization.send(rename, { id, name: `Walked ${n}` })
    for (const filter of [{ targetId: id }, { targetId: id, actions: ['project.updated', 'project.created'] }]) {
      const all = (await events({ filter })).nodes.map((node: { id: string }) => node.id)
      expect(all).toHaveLength(7)
      const walked: string[] = []
      for (let after: string | null = null, more = true; more; ) {
        const page: Awaited<ReturnType<typeof events>> = await events({ filter, first: 3, after })
        walked.push(...page.nodes.map((node: { id: string }) => node.id))
        ;({ endCursor: after, hasNextPage: more } = page.pageInfo)
      }
      expect(walked).toEqual(all)
      const last = await events({ filter, last: 2 })
      const before = await events({ filter, last: 2, before: last.pageInfo.startCursor })
      expect([...before.nodes, ...last.nodes].map((node: { id: string }) => node.id)).toEqual(all.slice(-4))
    }
  })

  it('finds the events of one target inside the index, however many others there are', async () => {
    const busy = await found(gatehouse, 'Busy')
    const target = toTypeId('Member', newId())
    await gatehouse.superuser.rows(
      `WITH audited AS (
         INSERT INTO audit_events (organization_id, id, action, actor_kind, target_ids, salt, details_digest)
         SELECT $1, gen_random_uuid(), 'member.updated', 'system', ARRAY[CASE WHEN i % 500 = 0 THEN $2 ELSE 'mem_' || i % 400 END], '', ''
         FROM generate_series(1, 5000) i RETURNING organization_id, id, target_ids)
       INSERT INTO audit_event_targets (organization_id, event_id, target_id) SELECT organization_id, id, target_ids[1] FROM audited`,
      [busy.uuid, target],
    )
    for (const table of ['audit_events', 'audit_event_targets']) await settle(gatehouse, table)
    const scope = { kind: 'organization', organizationId: busy.uuid } as const
    const filter = { actions: null, actorId: null, targetId: target, from: null, to: null }
    const page = { size: 100, direction: 'forwards', cursor: null } as const
    const plan = await planOf(gatehouse.database, scope, (tx) => listAuditEventRows(tx, busy.uuid, filter, page))
    expect(plan).toMatch(/Index Only Scan Backward using audit_event_targets_pkey[^]*Index Cond: .*target_id = /)
    expect(plan).not.toMatch(/Seq Scan|Sort/)
  })

  it('does not believe a look-up row that the event knows nothing of', async () => {
    const other = toTypeId('Project', newId())
    await gatehouse.superuser.rows(
      `INSERT INTO audit_event_targets (organization_id, target_id, event_id)
       SELECT organization_id, $2, id FROM audit_events WHERE organization_id = $1`,
      [organization.uuid, other],
    )
    expect(await actions({ targetId: other })).toEqual([])
  })

  it('still tells what happened when the personal part was erased', async () => {
    const [event] = (await events({ filter: { targetId: projectIds[4] } })).nodes
    await gatehouse.superuser.rows(`UPDATE audit_events SET details = '{}', salt = '' WHERE target_ids @> ARRAY[$1]`, [
      projectIds[4],
    ])
    const [erased] = (await events({ filter: { targetId: projectIds[4] } })).nodes
    expect(erased).toEqual({
      ...event,
      actorLabel: null,
      targets: [{ type: 'Project', id: projectIds[4], label: null }],
      changes: [],
      ip: null,
      userAgent: null,
    })
  })

  it('is null for a member without audit.read, and says so', async () => {
    const member = await join(gatehouse, organization)
    const answer = await member.organization.send(EVENTS, { id: organization.id })
    expect(answer.data.organization.auditEvents).toBeNull()
    expect(answer.extensions.denied).toEqual([{ path: ['organization', 'auditEvents'], permission: 'audit.read' }])
  })

  it('shows nothing to other organizations, by list, by node or by target', async () => {
    const stranger = await found(gatehouse, 'Stranger')
    const [{ id }] = (await events()).nodes
    const answer = await stranger.admin.organization.send(EVENTS, { id: organization.id })
    expect(answer.data.organization).toBeNull()
    const node = await stranger.admin.organization.send('query ($id: ID!) { node(id: $id) { id } }', { id })
    expect(node.data.node).toBeNull()
    const own = await stranger.admin.organization.send(EVENTS, {
      id: stranger.id,
      filter: { targetId: projectIds[0] },
    })
    expect(own.data.organization.auditEvents.nodes).toEqual([])
  })

  it('finds one event by its id', async () => {
    const [{ id }] = (await events()).nodes
    const { data } = await organization.admin.organization.send(
      'query ($id: ID!) { node(id: $id) { ... on AuditEvent { id action } } }',
      { id },
    )
    expect(data.node).toEqual({ id, action: 'project.updated' })
  })

  it('refuses too many actions, a malformed actor and the cursor of another filter', async () => {
    const { pageInfo } = await events({ first: 1 })
    for (const [variables, code] of [
      [{ filter: { actions: Array.from({ length: 21 }, (_, n) => `a.${n}`) } }, 'TOO_MANY'],
      [{ filter: { actorId: 'nobody' } }, 'NOT_FOUND'],
      [{ after: pageInfo.endCursor, filter: { actions: ['project.created'] } }, 'INVALID'],
    ] as const) {
      const answer = await organization.admin.organization.send(EVENTS, { id: organization.id, ...variables })
      expect(answer.errors?.[0]?.extensions.code).toBe(code)
    }
  })
})
