import { countStatements } from '../support/count-statements'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { found, join, memberTypeId, openSession } from '../support/world'

const FIELDS = `
  query ($id: ID!) { node(id: $id) { ... on Member {
    viewerIsSelf
    changeRole: viewerCan(action: CHANGE_ROLE) { allowed reason }
    suspend: viewerCan(action: SUSPEND) { allowed reason }
    reactivate: viewerCan(action: REACTIVATE) { allowed reason }
    remove: viewerCan(action: REMOVE) { allowed reason }
    resend: viewerCan(action: RESEND_INVITATION) { allowed reason }
    sessions { scope isCurrent authenticatedBy }
  } } }`

const ON = { allowed: true, reason: null }
const off = (reason: string) => ({ allowed: false, reason })

describe('what the caller may see of a member and do to it', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  const see = async (client: GraphQLClient, member: { memberId: string }): Promise<Answer> =>
    client.send(FIELDS, { id: memberTypeId(member) })

  it('lets an Admin act on others, and on the last Admin not', async () => {
    const acme = await found(gatehouse)
    const lin = await join(gatehouse, acme)
    const others = (await see(acme.admin.organization, lin)).data.node
    expect(others).toMatchObject({ viewerIsSelf: false, changeRole: ON, suspend: ON, remove: ON })
    expect(others).toMatchObject({ reactivate: off('WRONG_STATE'), resend: off('WRONG_STATE') })
    const own = (await see(acme.admin.organization, acme.admin)).data.node
    expect(own).toMatchObject({ viewerIsSelf: true, changeRole: off('LAST_ADMIN'), remove: off('LAST_ADMIN') })
  })

  it('keeps Admins from removing or suspending themselves, also when there is another', async () => {
    const acme = await found(gatehouse)
    await join(gatehouse, acme, 'admin')
    const own = (await see(acme.admin.organization, acme.admin)).data.node
    expect(own).toMatchObject({ changeRole: ON, suspend: off('SELF'), remove: off('SELF') })
  })

  it('tells a member that the permission is missing, and answers null for sessions', async () => {
    const acme = await found(gatehouse)
    const lin = await join(gatehouse, acme)
    const { data, extensions } = await see(lin.organization, acme.admin)
    expect(data.node).toMatchObject({ suspend: off('MISSING_PERMISSION'), remove: off('MISSING_PERMISSION') })
    expect(data.node.sessions).toBeNull()
    expect(extensions.denied).toEqual([{ path: ['node', 'sessions'], permission: 'member.security.read' }])
  })

  it('shows an Admin the live sessions of a member only', async () => {
    const acme = await found(gatehouse)
    const lin = await join(gatehouse, acme)
    await openSession(gatehouse, acme.uuid, lin.memberId)
    await gatehouse.superuser.rows(
      `UPDATE organization_sessions SET revoked_at = now() WHERE id = (
         SELECT id FROM organization_sessions WHERE member_id = $1 ORDER BY id LIMIT 1)`,
      [lin.memberId],
    )
    const { data } = await see(acme.admin.organization, lin)
    expect(data.node.sessions).toEqual([{ scope: 'ORGANIZATION', isCurrent: false, authenticatedBy: 'EMAIL' }])
    expect((await see(acme.admin.organization, acme.admin)).data.node.sessions).toMatchObject([{ isCurrent: true }])
  })

  it('reads sessions and rules of a whole page in one statement each', async () => {
    const acme = await found(gatehouse)
    for (let index = 0; index < 5; index += 1) await join(gatehouse, acme)
    const counts = await countStatements(() =>
      acme.admin.organization.send(
        `query ($id: ID!) { organization(by: { id: $id }) { members {
           nodes { viewerCan(action: REMOVE) { allowed } sessions { id } } } } }`,
        { id: acme.id },
      ),
    )
    expect([counts.get('find-sessions-of-members'), counts.get('find-member-stats')]).toEqual([1, 1])
  })
})
