import { findDrift } from '../../src/modules/directories/drift.store'
import { countStatements, totalOf } from '../support/count-statements'
import {
  type ArrangedDirectory,
  arrangeDirectory,
  arrangeDirectoryGroup,
  arrangeDirectoryUser,
} from '../support/directories'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { enterSsoMode } from '../support/sso'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

const DRIFT = `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Directory {
  drift(first: $first, after: $after) { endCursor nodes { kinds directoryUser { userName } member { email status } } } } } }`
const UNMANAGED = `query ($id: ID!, $first: Int, $after: String) { organization(by: { id: $id }) {
  unmanagedMembers(first: $first, after: $after) { endCursor nodes { id } } } }`

describe('the drift between a directory and its members', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let weak: OrganizationMember
  let directory: ArrangedDirectory

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse)
    await enterSsoMode(gatehouse, acme)
    weak = await join(gatehouse, acme)
  })
  beforeEach(async () => {
    directory = await arrangeDirectory(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const drift = async (variables: object = {}, client = acme.admin.organization) =>
    (await client.send(DRIFT, { id: directory.id, ...variables })).data.node?.drift as Answer
  const change = (memberId: string, set: string) =>
    gatehouse.superuser.rows(`UPDATE members SET ${set} WHERE id = $1`, [memberId])

  it('is nothing while members are as the directory says', async () => {
    const people = [
      await arrangeDirectoryUser(gatehouse, directory, { role: 'admin' }),
      await arrangeDirectoryUser(gatehouse, directory, { active: false }),
    ]
    const inner = await arrangeDirectoryGroup(gatehouse, directory, 'Inner', people)
    await arrangeDirectoryGroup(gatehouse, directory, 'Outer', [], [inner])
    expect(await drift()).toEqual({ endCursor: null, nodes: [] })
  })

  it('names each difference: status, role, address, teams and removal', async () => {
    const user = (userName: string, more: object = {}) =>
      arrangeDirectoryUser(gatehouse, directory, { userName, ...more })
    const [a, b, c, d, e] = [
      await user('a'),
      await user('b', { role: 'admin' }),
      await user('c', { email: 'c@example.org' }),
      await user('d'),
      await user('e'),
    ]
    await arrangeDirectoryGroup(gatehouse, directory, 'Crew', [d])
    await change(a.memberId, `status = 'SUSPENDED', suspended_at = now()`)
    await change(b.memberId, `role_id = (SELECT role_id FROM members WHERE id = '${weak.memberId}')`)
    await change(c.memberId, `email = 'other@example.org'`)
    await gatehouse.superuser.rows('DELETE FROM team_members WHERE member_id = $1', [d.memberId])
    await change(e.memberId, `status = 'REMOVED', removed_at = now()`)
    const { nodes } = await drift()
    expect(nodes.map(({ directoryUser, kinds }: Answer) => [directoryUser.userName, kinds])).toEqual([
      ['a', ['STATUS']],
      ['b', ['ROLE']],
      ['c', ['EMAIL']],
      ['d', ['TEAMS']],
      ['e', ['REMOVED']],
    ])
    const first = await drift({ first: 2 })
    const second = await drift({ first: 3, after: first.endCursor })
    expect([first.nodes.length, second.nodes.length]).toEqual([2, 3])
  })

  it('includes members that no directory provides, apart', async () => {
    await arrangeDirectoryUser(gatehouse, directory)
    const ask = async (variables: object = {}) =>
      (await acme.admin.organization.send(UNMANAGED, { id: acme.id, ...variables })).data.organization.unmanagedMembers
    expect((await ask()).nodes.map(({ id }: Answer) => id)).toEqual([memberTypeId(acme.admin), memberTypeId(weak)])
    const first = await ask({ first: 1 })
    expect((await ask({ first: 1, after: first.endCursor })).nodes).toEqual([{ id: memberTypeId(weak) }])
  })

  it('is for those with directory.read', async () => {
    const stranger = (await found(gatehouse, 'Rival')).admin
    expect(await drift({}, stranger.organization)).toBeUndefined()
    const seen = await weak.organization.send(UNMANAGED, { id: acme.id })
    expect([seen.data.organization.unmanagedMembers, seen.extensions.denied?.[0]?.permission]).toEqual([
      null,
      'directory.read',
    ])
  })

  it('takes as many statements however much differs, and goes on where a stretch ends', async () => {
    for (let n = 0; n < 6; n += 1) {
      const { memberId } = await arrangeDirectoryUser(gatehouse, directory, { userName: `user.${n}` })
      if (n > 3) await change(memberId, `email = 'x${n}@drift.example'`)
    }
    await drift({ first: 1 })
    const short = totalOf(await countStatements(() => drift({ first: 1 })))
    expect(totalOf(await countStatements(() => drift({ first: 6 })))).toBe(short)
    const scope = { kind: 'organization', organizationId: acme.uuid } as const
    const stretch = (after: string | null) =>
      gatehouse.database.write(scope, (tx) =>
        findDrift(tx, acme.uuid, directory.uuid, after, { stretch: 3, limit: 100 }),
      )
    expect(await stretch(null)).toEqual({ rows: [], lastKey: 'user.2' })
    expect(await stretch('user.2')).toMatchObject({
      rows: [{ kinds: ['EMAIL'] }, { kinds: ['EMAIL'] }],
      lastKey: 'user.5',
    })
    expect(await stretch('user.5')).toEqual({ rows: [], lastKey: null })
  })
})
