import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { found, join, signUp } from '../support/world'

const SWITCH = `
  mutation ($id: ID!) {
    switchOrganization(organizationId: $id) {
      viewer { activeOrganization { id } memberships { roleKey } }
      organization { id slug }
      token
      expiresAt
      userErrors { code path }
    }
  }`

describe('switchOrganization', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  it('opens a session of the organization, in which the same operation goes on', async () => {
    const acme = await found(gatehouse, 'Acme')
    const member = await join(gatehouse, acme)
    const { data } = await member.account.send(SWITCH, { id: acme.id })
    expect(data.switchOrganization).toMatchObject({
      viewer: { activeOrganization: { id: acme.id }, memberships: [{ roleKey: 'member' }] },
      organization: { id: acme.id, slug: acme.slug },
      token: expect.stringMatching(/^gos_/),
      userErrors: [],
    })
    const inside = await gatehouse
      .client(data.switchOrganization.token)
      .send('{ viewer { activeOrganization { id } } }')
    expect(inside.data.viewer.activeOrganization).toEqual({ id: acme.id })
    expect(new Date(data.switchOrganization.expiresAt).getTime()).toBeGreaterThan(Date.now() + 11 * 3_600_000)
  })

  it('moves a person between two organizations without ending either session', async () => {
    const one = await found(gatehouse, 'One')
    const two = await found(gatehouse, 'Two', one.admin)
    const { data } = await one.admin.account.send(SWITCH, { id: two.id })
    expect(data.switchOrganization.organization.id).toBe(two.id)
    const back = await one.admin.organization.send('{ viewer { activeOrganization { id } } }')
    expect(back.data.viewer.activeOrganization.id).toBe(one.id)
  })

  it('gives a browser a cookie and never the token', async () => {
    const acme = await found(gatehouse, 'Acme')
    const response = await fetch(`${gatehouse.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: `gatehouse_account=${acme.admin.accountToken}`,
        origin: 'http://localhost:4000',
      },
      body: JSON.stringify({ query: SWITCH, variables: { id: acme.id } }),
    })
    const { data } = (await response.json()) as { data: { switchOrganization: { token: string | null } } }
    expect(data.switchOrganization.token).toBeNull()
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^gatehouse_organization=gos_.*HttpOnly/)])
  })

  it('tells a stranger the same about an organization that exists and one that does not', async () => {
    const acme = await found(gatehouse, 'Acme')
    const stranger = await signUp(gatehouse, 'Stranger')
    const existing = await stranger.account.send(SWITCH, { id: acme.id })
    const missing = await stranger.account.send(SWITCH, { id: 'org_01h455vb4pex5vsknk084sn02q' })
    expect(existing.data).toEqual(missing.data)
    expect(existing.data.switchOrganization.userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it('keeps suspended members out', async () => {
    const acme = await found(gatehouse, 'Acme')
    const member = await join(gatehouse, acme)
    await gatehouse.superuser.rows(`UPDATE members SET status = 'SUSPENDED', suspended_at = now() WHERE id = $1`, [
      member.memberId,
    ])
    const { data } = await member.account.send(SWITCH, { id: acme.id })
    expect(data.switchOrganization.userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it('needs an account session: an organization session and the operator key answer 401', async () => {
    const acme = await found(gatehouse, 'Acme')
    for (const client of [acme.admin.organization, gatehouse.operator, gatehouse.client()])
      expect((await client.send(SWITCH, { id: acme.id })).status).toBe(401)
  })

  it('marks the member active', async () => {
    const acme = await found(gatehouse, 'Acme')
    await acme.admin.account.send(SWITCH, { id: acme.id })
    const [row] = await gatehouse.superuser.rows('SELECT last_active_at FROM members WHERE id = $1', [
      acme.admin.memberId,
    ])
    expect(row!.last_active_at).toBeInstanceOf(Date)
  })
})
