import { countStatements, totalOf } from '../support/count-statements'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { found, join, signUp } from '../support/world'

const VIEWER = `{
  viewer {
    user { id name email avatarUrl createdAt }
    activeOrganization { id name slug }
    memberships { status roleKey joinedAt organization { id slug name status deletionScheduledFor } }
    sessions { id scope isCurrent authenticatedBy }
    identities { id kind email }
    can(action: CREATE_ORGANIZATION) { allowed reason }
  }
}`

describe('viewer', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  it('is the person with their organizations, browsers and identities on the account side', async () => {
    const acme = await found(gatehouse, 'Acme')
    const { data } = await acme.admin.account.send(VIEWER)
    expect(data.viewer).toMatchObject({
      user: { id: expect.stringMatching(/^usr_/), name: acme.admin.name, email: acme.admin.email },
      activeOrganization: null,
      memberships: [
        { status: 'JOINED', roleKey: 'admin', organization: { id: acme.id, slug: acme.slug, status: 'ACTIVE' } },
      ],
      sessions: [{ id: expect.stringMatching(/^ses_/), scope: 'ACCOUNT', isCurrent: true, authenticatedBy: 'EMAIL' }],
      identities: [{ kind: 'EMAIL', email: acme.admin.email }],
      can: { allowed: true, reason: null },
    })
  })

  it('is the same person inside an organization, which is then the active one', async () => {
    const acme = await found(gatehouse, 'Acme')
    const member = await join(gatehouse, acme)
    const { data } = await member.organization.send(VIEWER)
    expect(data.viewer.activeOrganization).toMatchObject({ id: acme.id })
    expect(data.viewer.memberships).toMatchObject([{ roleKey: 'member', organization: { id: acme.id } }])
    const scopes = data.viewer.sessions.map((session: { scope: string; isCurrent: boolean }) => [
      session.scope,
      session.isCurrent,
    ])
    expect(scopes.sort()).toEqual([
      ['ACCOUNT', true],
      ['ORGANIZATION', true],
    ])
  })

  it('is null for nobody, for forged tokens and for the operator', async () => {
    for (const client of [gatehouse.client(), gatehouse.client('gas_forged'), gatehouse.operator]) {
      const { status, data } = await client.send(VIEWER)
      expect([status, data]).toEqual([200, { viewer: null }])
    }
  })

  it('shows nobody the organizations, sessions or identities of another person', async () => {
    const acme = await found(gatehouse, 'Acme')
    const stranger = await signUp(gatehouse, 'Stranger')
    const { data } = await stranger.account.send(VIEWER)
    expect(data.viewer.memberships).toEqual([])
    expect(JSON.stringify(data)).not.toContain(acme.admin.email)
    expect(data.viewer.sessions).toHaveLength(1)
  })

  it('refuses more than a hundred memberships at once', async () => {
    const ada = await signUp(gatehouse)
    const { errors } = await ada.account.send('{ viewer { memberships(first: 101) { roleKey } } }')
    expect(errors![0]!.extensions.code).toBe('INVALID')
  })

  it('costs the proof of the session and one statement, with one organization as with thirty', async () => {
    const acme = await found(gatehouse, 'Acme')
    const count = async (client: typeof acme.admin.account) => countStatements(() => client.send(VIEWER))
    const withOne = await count(acme.admin.account)
    for (let more = 0; more < 29; more += 1) await found(gatehouse, 'More', acme.admin)
    const onAccountSide = await count(acme.admin.account)
    expect([...onAccountSide.keys()]).toEqual(['find-account-session', 'find-viewer-amsi'])
    expect(totalOf(onAccountSide)).toBe(totalOf(withOne))
    const inOrganization = await count(acme.admin.organization)
    expect([...inOrganization.keys()]).toEqual(['find-organization-session', 'find-viewer-amsi'])
    expect(totalOf(inOrganization)).toBe(2)
    const { data } = await acme.admin.organization.send('{ viewer { memberships(first: 100) { roleKey } } }')
    expect(data.viewer.memberships).toHaveLength(30)
  })
})
