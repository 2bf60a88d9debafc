import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { found, type TestOrganization } from '../support/world'

const LIST = `
  query ($first: Int, $after: String, $last: Int, $before: String, $filter: OrganizationFilter, $orderBy: OrganizationOrder) {
    organizations(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
      nodes { id name billingEmail viewerCan(action: UPDATE) { allowed } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount { value relation }
    }
  }`

describe('organizations', () => {
  let gatehouse: Gatehouse
  let founded: TestOrganization[]

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    founded = []
    for (const name of ['Delta', 'Alpha', 'Echo', 'Bravo', 'Charlie']) founded.push(await found(gatehouse, name))
  })
  afterAll(() => gatehouse.close())

  const list = async (variables: object) => (await gatehouse.operator.send(LIST, { ...variables })).data.organizations
  const names = (connection: { nodes: { name: string }[] }) => connection.nodes.map((node) => node.name)

  it('lists all of them by name for the operator, page by page and back', async () => {
    const first = await list({ first: 2 })
    const second = await list({ first: 2, after: first.pageInfo.endCursor })
    const back = await list({ last: 2, before: second.pageInfo.startCursor })
    expect([names(first), names(second), names(back)]).toEqual([
      ['Alpha', 'Bravo'],
      ['Charlie', 'Delta'],
      ['Alpha', 'Bravo'],
    ])
    expect(first.totalCount).toEqual({ value: 5, relation: 'EXACT' })
    expect(first.nodes[0]).toMatchObject({ billingEmail: founded[1]!.admin.email, viewerCan: { allowed: true } })
  })

  it('walks by the time of founding, latest first', async () => {
    const orderBy = { field: 'CREATED_AT', direction: 'DESC' }
    const first = await list({ first: 3, orderBy })
    const rest = await list({ first: 3, orderBy, after: first.pageInfo.endCursor })
    expect([...names(first), ...names(rest)]).toEqual(['Charlie', 'Bravo', 'Echo', 'Alpha', 'Delta'])
    expect(rest.pageInfo.hasNextPage).toBe(false)
  })

  it('finds by part of name or slug and by status', async () => {
    expect(names(await list({ filter: { search: ' RAV ' } }))).toEqual(['Bravo'])
    expect(names(await list({ filter: { search: founded[0]!.slug } }))).toEqual(['Delta'])
    expect(names(await list({ filter: { search: '%' } }))).toEqual([])
    expect((await list({ filter: { status: ['PENDING_DELETION'] } })).totalCount.value).toBe(0)
  })

  it('is null and named as denied for everybody else, and 401 for nobody', async () => {
    for (const client of [founded[0]!.admin.organization, founded[0]!.admin.account]) {
      const { data, extensions } = await client.send(LIST)
      expect(data).toEqual({ organizations: null })
      expect(extensions.denied).toEqual([{ path: ['organizations'], permission: 'operator' }])
    }
    expect((await gatehouse.client().send(LIST)).status).toBe(401)
  })
})
