import { type ArrangedDirectory, arrangeConflict, arrangeDirectory } from '../support/directories'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { enterSsoMode } from '../support/sso'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

const CONFLICT = `id userName email name reason status attempts decidedAt decidedByName directory { id } member { id name }`
const LIST = `query ($id: ID!, $first: Int, $after: String, $status: [DirectoryConflictStatus!]) { node(id: $id) { ... on Directory { openConflictCount
  conflicts(first: $first, after: $after, status: $status) { pageInfo { hasNextPage endCursor } nodes { ${CONFLICT} } } } } }`
const ADOPT = `mutation ($id: ID!, $accept: Boolean!) { adoptDirectoryUser(id: $id, accept: $accept) {
  conflict { ${CONFLICT} } userErrors { code message } } }`

describe('conflicts of a directory', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let directory: ArrangedDirectory
  let member: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse)
    await enterSsoMode(gatehouse, acme)
    member = await join(gatehouse, acme)
  })
  beforeEach(async () => {
    directory = await arrangeDirectory(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const list = async (variables: object = {}) =>
    (await admin().send(LIST, { id: directory.id, ...variables })).data.node
  const adopt = async (id: string, accept: boolean, client = admin()) =>
    (await client.send(ADOPT, { id, accept })).data.adoptDirectoryUser as Answer
  const codes = ({ userErrors }: Answer) => userErrors.map(({ code }: Answer) => code)

  it('are listed while they are open, oldest first, with the member whom the person matches', async () => {
    const other = await join(gatehouse, acme)
    const first = await arrangeConflict(gatehouse, directory, member)
    await arrangeConflict(gatehouse, directory, other, { reason: 'OTHER_DIRECTORY' })
    await arrangeConflict(gatehouse, directory, acme.admin, { status: 'ADOPTED' })
    const { conflicts, openConflictCount } = await list()
    expect([openConflictCount, conflicts.nodes.map(({ reason }: Answer) => reason)]).toEqual([
      2,
      ['UNPROVEN_DOMAIN', 'OTHER_DIRECTORY'],
    ])
    expect(conflicts.nodes[0]).toMatchObject({
      id: first.id,
      userName: member.email,
      name: 'Ada Pushed',
      attempts: 1,
      decidedAt: null,
      directory: { id: directory.id },
      member: { id: memberTypeId(member), name: member.name },
    })
    const page = (await list({ first: 1 })).conflicts
    expect((await list({ first: 1, after: page.pageInfo.endCursor })).conflicts.nodes[0].reason).toBe('OTHER_DIRECTORY')
    expect((await list({ status: ['ADOPTED'] })).conflicts.nodes).toHaveLength(1)
  })

  it('are decided by one mutation, which may be changed until the member is taken over', async () => {
    const { id, uuid } = await arrangeConflict(gatehouse, directory, member)
    expect((await adopt(id, true)).conflict).toMatchObject({ status: 'CONFIRMED', decidedByName: acme.admin.name })
    expect((await list()).openConflictCount).toBe(0)
    expect((await adopt(id, false)).conflict.status).toBe('REJECTED')
    expect((await adopt(id, true)).conflict.status).toBe('CONFIRMED')
    await gatehouse.superuser.rows(`UPDATE directory_conflicts SET status = 'ADOPTED' WHERE id = $1`, [uuid])
    expect(codes(await adopt(id, false))).toEqual(['WRONG_STATE'])
  })

  it('say who decided in the audit log, once', async () => {
    const { id } = await arrangeConflict(gatehouse, directory, member)
    await adopt(id, true)
    await adopt(id, true)
    const { data } = await admin().send(
      `query ($id: ID!, $target: ID!) { organization(by: { id: $id }) { auditEvents(filter: { targetId: $target }) { nodes { action targets { type id } } } } }`,
      { id: acme.id, target: directory.id },
    )
    expect(data.organization.auditEvents.nodes).toEqual([
      {
        action: 'directory.adoption_confirmed',
        targets: [
          { type: 'Directory', id: directory.id },
          { type: 'Member', id: memberTypeId(member) },
        ],
      },
    ])
  })

  it('with another directory are not solved by a confirmation, only by a refusal', async () => {
    const { id } = await arrangeConflict(gatehouse, directory, member, { reason: 'OTHER_DIRECTORY' })
    expect(codes(await adopt(id, true))).toEqual(['WRONG_STATE'])
    expect((await adopt(id, false)).conflict.status).toBe('REJECTED')
  })

  it('are hidden from strangers and refused to weak members', async () => {
    const { id } = await arrangeConflict(gatehouse, directory, member)
    const stranger = (await found(gatehouse, 'Rival')).admin
    expect(codes(await adopt(id, true, stranger.organization))).toEqual(['NOT_FOUND'])
    expect(codes(await adopt(id, true, member.organization))).toEqual(['FORBIDDEN'])
    expect((await list()).conflicts.nodes[0].status).toBe('OPEN')
  })

  it('end as one of two that decide at once, each in turn', async () => {
    const { id, uuid } = await arrangeConflict(gatehouse, directory, member)
    for (let round = 0; round < RACES; round += 1) {
      await gatehouse.superuser.rows(`UPDATE directory_conflicts SET status = 'OPEN' WHERE id = $1`, [uuid])
      const answers = await Promise.all([adopt(id, true), adopt(id, false), adopt(id, true)])
      expect(answers.flatMap(codes)).toEqual([])
    }
    const [row] = await gatehouse.superuser.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM audit_events WHERE organization_id = $1 AND action LIKE 'directory.adoption%' AND details::text LIKE '%' || $2 || '%'`,
      [acme.uuid, directory.id],
    )
    // Of three decisions in a row, two or three change something: the same one twice in a row changes nothing.
    expect(row!.n).toBeGreaterThanOrEqual(2 * RACES)
    expect(row!.n).toBeLessThanOrEqual(3 * RACES)
  })
})
