import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { makeSearchable } from '../support/search-texts'
import { found, type TestOrganization } from '../support/world'

const COUNTS = `query ($id: ID!, $term: String!) { organization(by: { id: $id }) {
  searched: members(filter: { search: $term }) { totalCount { value relation } }
  narrowed: members(filter: { search: $term, status: [INVITED] }) { totalCount { value relation } }
  filtered: members(filter: { status: [INVITED] }) { totalCount { value relation } }
  invitations { totalCount { value relation } }
  found: invitations(filter: { search: $term }) { totalCount { value relation } } } }`

describe('a total count', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
  })
  afterAll(() => gatehouse.close())

  /** Puts invited people there, behind the application's back. */
  const invite = async (from: number, to: number) => {
    await gatehouse.superuser.rows(
      `WITH placed AS (
         INSERT INTO members (organization_id, id, email, name, status, source, role_id)
         SELECT $1, gen_random_uuid(), 'guest' || n || '@counted.example', 'Guest', 'INVITED', 'INVITATION', r.id
         FROM generate_series($2::int, $3::int) n, roles r WHERE r.organization_id = $1 AND r.key = 'member'
         RETURNING id, email)
       INSERT INTO invitations (organization_id, id, member_id, email, organization_mode, invited_by_name, expires_at)
       SELECT $1, gen_random_uuid(), id, email, 'INVITATION', 'Ada', now() + interval '1 day' FROM placed`,
      [acme.uuid, from, to],
    )
    await makeSearchable(gatehouse.superuser)
    await gatehouse.superuser.rows('ANALYZE members, invitations')
  }
  const counts = async () => {
    const { data } = await acme.admin.organization.send(COUNTS, { id: acme.id, term: 'counted.example' })
    return Object.entries(data.organization as Record<string, { totalCount: object }>).map(([name, list]) => [
      name,
      list.totalCount,
    ])
  }
  const LISTS = ['searched', 'narrowed', 'filtered', 'invitations', 'found']

  it('is exact as long as counting did not stop, also at 10,000, and a lower bound once it did', async () => {
    await invite(1, 10_000)
    expect(await counts()).toEqual(LISTS.map((name) => [name, { value: 10_000, relation: 'EXACT' }]))
    await invite(10_001, 10_001)
    expect(await counts()).toEqual(LISTS.map((name) => [name, { value: 10_000, relation: 'AT_LEAST' }]))
  })
})
