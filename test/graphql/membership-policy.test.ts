import { toTypeId } from '../../src/kernel/ids'
import { applyMembershipPolicy } from '../../src/modules/installation'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { startHostileOpenidProvider } from '../support/hostile-openid-provider'
import { arrangeCompany, connect, VictimBrowser } from '../support/hostile-sign-in'
import { countersOf, invited, standing } from '../support/invitations'
import { RACES } from '../support/soak'
import { found, join, signUp } from '../support/world'

const CREATE = `mutation ($input: CreateOrganizationInput!) {
  createOrganization(input: $input) { organization { id } userErrors { code } }
}`

const ACCEPT = `mutation ($token: String!) {
  acceptInvitation(input: { token: $token }) { organization { id } userErrors { code } }
}`

const REMOVE = `mutation ($id: ID!, $member: ID!) {
  removeMembers(organizationId: $id, members: { ids: [$member] }, mayReturn: true) { userErrors { code } } }`

describe('the membership policy', () => {
  let gatehouse: Gatehouse

  beforeEach(async () => {
    gatehouse = await startGatehouse()
  })
  afterEach(() => gatehouse.close())

  const held = async () =>
    (await gatehouse.superuser.rows('SELECT exclusive_membership FROM installation'))[0]!.exclusive_membership

  it('follows the setting while nobody is in an organization', async () => {
    await applyMembershipPolicy(gatehouse.database, 'single')
    expect(await held()).toBe(true)
    await applyMembershipPolicy(gatehouse.database, 'many')
    expect(await held()).toBe(false)
  })

  it('stops the start when people have joined under the other policy, and changes nothing', async () => {
    await found(gatehouse, 'Acme')
    await expect(applyMembershipPolicy(gatehouse.database, 'single')).rejects.toThrow(
      /GATEHOUSE_MEMBERSHIPS is "single".*Set GATEHOUSE_MEMBERSHIPS=many/,
    )
    await applyMembershipPolicy(gatehouse.database, 'many')
    expect(await held()).toBe(false)
  })

  it('keeps out at the company whoever was removed here and belongs to another organization by now', async () => {
    await applyMembershipPolicy(gatehouse.database, 'single')
    const provider = await startHostileOpenidProvider()
    try {
      const company = await arrangeCompany(gatehouse, 'Acme')
      const connection = await connect(gatehouse, company, { oidc: provider })
      const signIn = () => new VictimBrowser(gatehouse.url).signInByOidc(connection)
      expect((await signIn()).session).toMatch(/^gos_/)
      const [ada] = await gatehouse.superuser.rows<{ id: string; user_id: string }>(
        `SELECT id, user_id FROM members WHERE organization_id = $1 AND source = 'SSO'`,
        [company.uuid],
      )
      const removed = await company.admin.organization.send(REMOVE, {
        id: company.id,
        member: toTypeId('Member', ada!.id),
      })
      expect(removed.data.removeMembers.userErrors).toEqual([])
      const rival = await found(gatehouse, 'Rival')
      const person = { ...(await signUp(gatehouse)), userId: ada!.user_id }
      await join(gatehouse, rival, 'member', person)
      const end = await signIn()
      expect([end.status, end.session]).toEqual([403, null])
      expect(end.html).toContain('You belong to another organization')
      const [refusal] = await gatehouse.superuser.rows('SELECT code FROM sso_refusals ORDER BY id DESC LIMIT 1')
      expect(refusal).toEqual({ code: 'OTHER_ORGANIZATION' })
    } finally {
      await provider.close()
    }
  })

  it('says beforehand that a person with an organization cannot found another', async () => {
    await applyMembershipPolicy(gatehouse.database, 'single')
    const acme = await found(gatehouse, 'Acme')
    const query = '{ viewer { can(action: CREATE_ORGANIZATION) { allowed reason } } }'
    const { data } = await acme.admin.account.send(query)
    expect(data.viewer.can).toEqual({ allowed: false, reason: 'WRONG_STATE' })
  })

  it(`leaves one person in exactly one of two organizations founded at once, in ${RACES} races`, async () => {
    await applyMembershipPolicy(gatehouse.database, 'single')
    for (let round = 0; round < RACES; round += 1) {
      const ada = await signUp(gatehouse)
      const answers = await Promise.all(
        ['a', 'b'].map((letter) =>
          ada.account.send(CREATE, {
            input: { name: 'Raced', slug: `raced-${round}-${letter}`, billingEmail: ada.email },
          }),
        ),
      )
      const codes = answers
        .map(({ data }) => data.createOrganization.userErrors[0]?.code ?? 'OK')
        .toSorted((a, b) => a.localeCompare(b))
      expect(codes).toEqual(['OK', 'OTHER_ORGANIZATION'])
    }
  })

  it(`lets one of accepting an invitation and founding an organization through, in ${RACES} races`, async () => {
    await applyMembershipPolicy(gatehouse.database, 'single')
    const acme = await found(gatehouse, 'Acme')
    for (let round = 0; round < RACES; round += 1) {
      const ada = await signUp(gatehouse)
      const { token } = await invited(gatehouse, acme, ada.email)
      const input = { name: 'Raced', slug: `founded-${round}`, billingEmail: ada.email }
      const [accepted, created] = await Promise.all([
        ada.account.send(ACCEPT, { token }),
        ada.account.send(CREATE, { input }),
      ])
      const codes = [accepted.data.acceptInvitation, created.data.createOrganization].map(
        ({ userErrors }) => userErrors[0]?.code ?? 'OK',
      )
      expect(new Set(codes)).toEqual(new Set(['OK', 'OTHER_ORGANIZATION']))
      const memberships = await gatehouse.superuser.rows<{ organization_id: string }>(
        `SELECT organization_id FROM members WHERE user_id = $1 AND status = 'JOINED'`,
        [ada.userId],
      )
      expect(memberships.map(({ organization_id }) => organization_id === acme.uuid)).toEqual([codes[0] === 'OK'])
      const [invitation] = await standing(gatehouse, acme, ada.email)
      expect(invitation).toMatchObject(
        codes[0] === 'OK' ? { member: 'JOINED', invitation: 'ACCEPTED' } : { member: 'INVITED', invitation: 'PENDING' },
      )
    }
    const { joined, invited: waiting } = await countersOf(gatehouse, acme)
    expect(joined + waiting).toBe(RACES + 1)
  })
})
