import { toTypeId } from '../../src/kernel/ids'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { RACES } from '../support/soak'
import { found, join, signUp } from '../support/world'

const DISABLE = `
  mutation ($id: ID!) {
    disableUser(userId: $id) {
      user { id disabledAt } receipt { accountSessions organizationSessions } userErrors { code path }
    }
  }`
const ENABLE = 'mutation ($id: ID!) { enableUser(userId: $id) { user { disabledAt } userErrors { code } } }'
const USERS = `query ($search: String!, $first: Int, $after: String) {
  users(search: $search, first: $first, after: $after) { nodes { id email } pageInfo { hasNextPage endCursor } }
}`
const WHO = '{ viewer { user { id } } }'
const SWITCH = 'mutation ($id: ID!) { switchOrganization(organizationId: $id) { token userErrors { code } } }'

describe('disableUser', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  const idOf = (person: { userId: string }) => toTypeId('User', person.userId)
  const isAlive = async (token: string) => (await gatehouse.client(token).send(WHO)).data.viewer !== null

  it('ends every session in every organization before it answers, and says how many', async () => {
    const one = await found(gatehouse, 'One')
    const two = await found(gatehouse, 'Two', one.admin)
    const { data } = await gatehouse.operator.send(DISABLE, { id: idOf(one.admin) })
    expect(data.disableUser).toEqual({
      user: { id: idOf(one.admin), disabledAt: expect.any(String) },
      receipt: { accountSessions: 1, organizationSessions: 2 },
      userErrors: [],
    })
    const tokens = [one.admin.accountToken, one.admin.organizationToken, two.admin.organizationToken]
    expect(await Promise.all(tokens.map(isAlive))).toEqual([false, false, false])
    const audited = await gatehouse.superuser.rows(
      `SELECT actor_kind FROM audit_events WHERE action = 'user.disabled' AND target_ids = ARRAY[$1]`,
      [idOf(one.admin)],
    )
    expect(audited).toEqual([{ actor_kind: 'operator' }])
  })

  it('keeps memberships, so that an enabled account finds its organizations again', async () => {
    const acme = await found(gatehouse, 'Acme')
    await gatehouse.operator.send(DISABLE, { id: idOf(acme.admin) })
    const again = await gatehouse.operator.send(DISABLE, { id: idOf(acme.admin) })
    expect(again.data.disableUser.receipt).toEqual({ accountSessions: 0, organizationSessions: 0 })
    const { data } = await gatehouse.operator.send(ENABLE, { id: idOf(acme.admin) })
    expect(data.enableUser).toEqual({ user: { disabledAt: null }, userErrors: [] })
    expect(await isAlive(acme.admin.accountToken)).toBe(false)
    const [row] = await gatehouse.superuser.rows('SELECT status FROM user_memberships WHERE user_id = $1', [
      acme.admin.userId,
    ])
    expect(row).toEqual({ status: 'JOINED' })
  })

  it('is the operator’s alone', async () => {
    const acme = await found(gatehouse, 'Acme')
    const victim = await signUp(gatehouse, 'Victim')
    for (const client of [acme.admin.organization, acme.admin.account]) {
      const { data } = await client.send(DISABLE, { id: idOf(victim) })
      expect(data.disableUser.userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
      const users = await client.send(USERS, { search: 'a' })
      expect([users.data.users, users.extensions.denied]).toEqual([null, [{ path: ['users'], permission: 'operator' }]])
    }
    expect((await gatehouse.client().send(DISABLE, { id: idOf(victim) })).status).toBe(401)
    expect(await isAlive(victim.accountToken)).toBe(true)
  })

  it('answers NOT_FOUND for what is no account', async () => {
    for (const id of ['usr_01h455vb4pex5vsknk084sn02q', 'org_01h455vb4pex5vsknk084sn02q', 'x']) {
      const { data } = await gatehouse.operator.send(DISABLE, { id })
      expect(data.disableUser.userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    }
  })

  it(`lets no session be opened behind it, in ${RACES} races`, async () => {
    const acme = await found(gatehouse, 'Acme')
    for (let round = 0; round < RACES; round += 1) {
      const member = await join(gatehouse, acme)
      const [switched] = await Promise.all([
        member.account.send(SWITCH, { id: acme.id }),
        gatehouse.operator.send(DISABLE, { id: idOf(member) }),
      ])
      const token: string | undefined = switched.data?.switchOrganization?.token
      if (token) expect(await isAlive(token)).toBe(false)
    }
  })

  it('finds accounts by the beginning of their address, page by page', async () => {
    const people = [await signUp(gatehouse, 'Zoe'), await signUp(gatehouse, 'Zoe'), await signUp(gatehouse, 'Zoe')]
    const first = await gatehouse.operator.send(USERS, { search: ' ZOE.', first: 2 })
    const { nodes, pageInfo } = first.data.users
    const second = await gatehouse.operator.send(USERS, { search: 'zoe.', first: 2, after: pageInfo.endCursor })
    const emails = [...nodes, ...second.data.users.nodes].map((user: { email: string }) => user.email)
    expect(emails).toEqual(people.map((person) => person.email).sort())
    expect([pageInfo.hasNextPage, second.data.users.pageInfo.hasNextPage]).toEqual([true, false])
    const other = await gatehouse.operator.send(USERS, { search: 'ada', after: pageInfo.endCursor })
    expect(other.errors![0]!.extensions.code).toBe('INVALID')
  })

  it('shows an account by id to the operator and to its own person only', async () => {
    const ada = await signUp(gatehouse)
    const stranger = await signUp(gatehouse, 'Stranger')
    const query = 'query ($id: ID!) { node(id: $id) { ... on User { email } } }'
    const seen = await Promise.all(
      [gatehouse.operator, ada.account, stranger.account, gatehouse.client()].map(
        async (client) => (await client.send(query, { id: idOf(ada) })).data.node,
      ),
    )
    expect(seen).toEqual([{ email: ada.email }, { email: ada.email }, null, null])
  })
})
