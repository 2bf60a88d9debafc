import { newId, toTypeId } from '../../../src/kernel/ids'
import { endSchemaChecks } from '../../../src/sign-in/saml'
import { KEYS, type ResponseDraft, samlParts } from '../../sign-in/saml/response-builder'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { type HostileOpenidProvider, startHostileOpenidProvider } from '../../support/hostile-openid-provider'
import { arrangeCompany, connect, type SignInEnd, samlProvider, VictimBrowser } from '../../support/hostile-sign-in'
import type { SsoOrganization } from '../../support/sso-company'
import { memberTypeId, signUp } from '../../support/world'

// The numbers are those of the list of attacks in docs/adr/0014-single-sign-on.md.

describe('an identity provider that wants people of others', () => {
  let gatehouse: Gatehouse
  let acme: SsoOrganization
  let rival: SsoOrganization
  /** That of Acme, and that of the rival, which says whatever it wants. */
  let honest: HostileOpenidProvider
  let hostile: HostileOpenidProvider
  let acmeId: string
  let rivalId: string

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { signInsPerMinute: 100_000 })
    acme = await arrangeCompany(gatehouse, 'Acme')
    rival = await arrangeCompany(gatehouse, 'Rival')
    honest = await startHostileOpenidProvider({ sub: 'alice', email: 'alice@acme.example', name: 'Alice' })
    hostile = await startHostileOpenidProvider({ sub: 'mallory', email: 'mallory@rival.example', name: 'Mallory' })
    acmeId = await connect(gatehouse, acme, { oidc: honest })
    rivalId = await connect(gatehouse, rival, { oidc: hostile })
  })
  beforeEach(() => {
    honest.behaviour = {}
    hostile.behaviour = {}
  })
  afterAll(async () => {
    await gatehouse.close()
    await Promise.all([honest.close(), hostile.close()])
    await endSchemaChecks()
  })

  const signIn = (providerId: string) => new VictimBrowser(gatehouse.url).signInByOidc(providerId)
  const claiming = (provider: HostileOpenidProvider, claims: Record<string, unknown>) => {
    provider.behaviour = { claims }
  }
  const whoIs = async (session: string | null) => {
    const query = '{ viewer { user { id email } activeOrganization { id } memberships { roleKey } } }'
    return (await gatehouse.client(session ?? '').send(query)).data?.viewer
  }
  const lastRefusal = async (organization: SsoOrganization) => {
    const [row] = await gatehouse.superuser.rows<{ code: string }>(
      'SELECT code FROM sso_refusals WHERE organization_id = $1 ORDER BY id DESC LIMIT 1',
      [organization.uuid],
    )
    return row?.code
  }
  const saml = async (providerId: string, idp: ReturnType<typeof samlProvider>, draft: ResponseDraft = {}) => {
    const exchange = await new VictimBrowser(gatehouse.url).beginSaml(providerId)
    const parts = samlParts({ ...exchange.expected, idpEntityId: idp.idpEntityId }, `_${newId()}`)
    return exchange.post(parts.responseField({ key: idp.key, ...draft }))
  }

  it('attack 1: takes over nobody by asserting the address of somebody elsewhere', async () => {
    const alice = await whoIs((await signIn(acmeId)).session)
    const account = await signUp(gatehouse, 'Bob')
    for (const email of ['alice@acme.example', account.email]) {
      claiming(hostile, { sub: email, email, email_verified: true })
      expect(await signIn(rivalId)).toMatchObject({ status: 403, session: null })
      expect(await lastRefusal(rival)).toBe('OTHER_DOMAIN')
    }
    const generous = await connect(gatehouse, rival, { oidc: hostile }, { allowsOtherDomains: true })
    for (const email of ['alice@acme.example', account.email]) {
      claiming(hostile, { sub: email, email, email_verified: true })
      const impostor = await whoIs((await signIn(generous)).session)
      expect(impostor.user.email).toBe(email)
      expect(impostor.activeOrganization.id).toBe(rival.id)
      expect([alice.user.id, account.userId]).not.toContain(impostor.user.id)
      expect(impostor.memberships).toHaveLength(1)
    }
    const links = await gatehouse.superuser.rows('SELECT FROM sso_identities WHERE user_id = $1', [account.userId])
    expect(links).toEqual([])
  })

  it('attack 1: takes over nobody by an attribute of SAML either', async () => {
    const idp = samlProvider('rival-saml', KEYS.acme)
    const providerId = await connect(gatehouse, rival, { saml: idp })
    expect(await saml(providerId, idp)).toMatchObject({ status: 403, session: null })
    expect(await lastRefusal(rival)).toBe('OTHER_DOMAIN')
  })

  it('attack 2: makes no address a verified one, whatever the provider says of it', async () => {
    claiming(honest, { sub: 'nora', email: 'nora@acme.example', email_verified: true, xms_edov: true })
    const nora = await whoIs((await signIn(acmeId)).session)
    const verified = await gatehouse.superuser.rows(
      `SELECT FROM identities i JOIN users u ON u.id = i.user_id WHERE u.email = $1 OR $1 = ANY (i.verified_emails)`,
      ['nora@acme.example'],
    )
    expect([nora.user.email, verified]).toEqual(['nora@acme.example', []])
  })

  it('attack 4: reaches its own organization only, with one subject, one issuer, one entity id', async () => {
    claiming(hostile, { sub: 'alice', email: 'alice@rival.example', org_id: acme.id, organization: acme.slug })
    const [ours, theirs] = [await whoIs((await signIn(acmeId)).session), await whoIs((await signIn(rivalId)).session)]
    expect(ours.user.id).not.toBe(theirs.user.id)
    expect([ours.activeOrganization.id, theirs.activeOrganization.id]).toEqual([acme.id, rival.id])

    const shared = await connect(gatehouse, rival, { oidc: honest }, { allowsOtherDomains: true })
    claiming(honest, { email: 'alice.again@acme.example' })
    const again = await whoIs((await signIn(shared)).session)
    expect(again.activeOrganization.id).toBe(rival.id)
    expect(again.user.id).not.toBe(ours.user.id)

    const idp = samlProvider('shared', KEYS.acme)
    const ids = [
      await connect(gatehouse, acme, { saml: idp }),
      await connect(gatehouse, rival, { saml: idp }, { allowsOtherDomains: true }),
    ]
    const users = new Set<string>()
    for (const id of ids) users.add((await whoIs((await saml(id, idp)).session)).user.id)
    expect(users.size).toBe(2)
  })

  it('attack 5: brings nobody into another organization by an answer for its own', async () => {
    const idp = samlProvider('one-for-two', KEYS.acme)
    const [here, there] = [
      await connect(gatehouse, rival, { saml: idp }, { allowsOtherDomains: true }),
      await connect(gatehouse, acme, { saml: idp }),
    ]
    const before = await gatehouse.superuser.rows('SELECT id FROM members WHERE organization_id = $1', [acme.uuid])
    const browser = new VictimBrowser(gatehouse.url)
    const exchange = await browser.beginSaml(here)
    const field = samlParts({ ...exchange.expected, idpEntityId: idp.idpEntityId }).responseField()
    const foreign = await browser.beginSaml(there)
    const ends: SignInEnd[] = [
      await browser.postResponse(foreign.expected.acsUrl, { SAMLResponse: field, RelayState: foreign.relayState }),
      await browser.postResponse(foreign.expected.acsUrl, { SAMLResponse: field, RelayState: exchange.relayState }),
    ]
    expect(ends.map(({ session, status }) => [session, status])).toEqual([
      [null, 400],
      [null, 400],
    ])
    expect(await gatehouse.superuser.rows('SELECT id FROM members WHERE organization_id = $1', [acme.uuid])).toEqual(
      before,
    )
  })

  it('attack 5: lets nobody in through a connection that is not in use', async () => {
    for (const status of ['DRAFT', 'TESTED', 'DISABLED']) {
      const id = await connect(gatehouse, acme, { oidc: honest })
      const begun = new VictimBrowser(gatehouse.url)
      const url = await begun.begin(id)
      await gatehouse.superuser.rows(
        `UPDATE sso_providers SET status = $1, organization_mode = NULL WHERE organization_id = $2 AND name = $3`,
        [status, acme.uuid, (await nameOf(id))!],
      )
      const answer = await fetch(url, { redirect: 'manual' })
      expect((await begun.return(answer.headers.get('location')!)).session).toBeNull()
      expect(await new VictimBrowser(gatehouse.url).get(`/sso/${id}/start`)).toMatchObject({ status: 404 })
    }
  })

  it('attack 6: brings back nobody who was removed, by an Admin or by the directory', async () => {
    claiming(honest, { sub: 'removed', email: 'removed@acme.example' })
    const { session } = await signIn(acmeId)
    const [member] = await gatehouse.superuser.rows<{ id: string }>(
      `SELECT id FROM members WHERE organization_id = $1 AND email = 'removed@acme.example'`,
      [acme.uuid],
    )
    const removed = await acme.admin.organization.send(
      `mutation ($org: ID!, $ids: [ID!]!) { removeMembers(organizationId: $org, members: { ids: $ids }) { userErrors { message } } }`,
      { org: acme.id, ids: [memberTypeId({ memberId: member!.id })] },
    )
    expect(removed.data.removeMembers.userErrors).toEqual([])
    expect((await gatehouse.client(session!).send('{ viewer { user { id } } }')).data?.viewer ?? null).toBeNull()
    expect(await signIn(acmeId)).toMatchObject({ status: 403, session: null })
    await gatehouse.superuser.rows(`UPDATE member_tombstones SET reason = 'DIRECTORY' WHERE organization_id = $1`, [
      acme.uuid,
    ])
    expect(await signIn(acmeId)).toMatchObject({ status: 403, session: null })
    expect(await lastRefusal(acme)).toBe('REMOVED')
  })

  it('attack 7: gives no role by an attribute that nobody has mapped', async () => {
    const wishes = { role: 'owner', roles: ['admin'], groups: ['admin', 'Admin', 'owner'], is_admin: true }
    claiming(honest, { sub: 'eve', email: 'eve@acme.example', ...wishes })
    const eve = await whoIs((await signIn(acmeId)).session)
    expect(eve.memberships).toMatchObject([{ roleKey: 'member' }])
  })

  it('attack 7: takes back what a group gave, and never what an Admin gave', async () => {
    const [admin] = await gatehouse.superuser.rows<{ id: string }>(
      `SELECT id FROM roles WHERE organization_id = $1 AND key = 'admin'`,
      [acme.uuid],
    )
    const groupMappings = [{ group: 'admins', roleId: toTypeId('Role', admin!.id) }]
    const id = await connect(gatehouse, acme, { oidc: honest }, { groupMappings })
    const roleOf = async (claims: Record<string, unknown>) => {
      claiming(honest, { sub: 'grace', email: 'grace@acme.example', ...claims })
      const { session, html } = await signIn(id)
      return ((await whoIs(session))?.memberships[0].roleKey as string) ?? html
    }
    expect(await roleOf({ groups: ['staff'] })).toBe('member')
    expect(await roleOf({ groups: ['staff', 'admins'] })).toBe('admin')
    expect(await roleOf({ groups: ['Admins', 'admins '] })).toBe('admin')
    expect(await roleOf({ groups: [] })).toBe('member')
  })

  it('attack 7: gives and takes by SAML as well', async () => {
    const [admin] = await gatehouse.superuser.rows<{ id: string }>(
      `SELECT id FROM roles WHERE organization_id = $1 AND key = 'admin'`,
      [acme.uuid],
    )
    const idp = samlProvider('groups', KEYS.acme)
    const groupMappings = [{ group: 'chiefs', roleId: toTypeId('Role', admin!.id) }]
    const id = await connect(gatehouse, acme, { saml: idp }, { groupMappings })
    const roleIn = async (group: string) => {
      const assertion = (xml: string) => xml.replace('ada@acme', 'chief@acme').replace('>staff<', `>${group}<`)
      return (await whoIs((await saml(id, idp, { assertion })).session))?.memberships[0].roleKey
    }
    expect([await roleIn('staff'), await roleIn('chiefs'), await roleIn('staff')]).toEqual([
      'member',
      'admin',
      'member',
    ])
  })

  it('attack 24: knows nobody by a name identifier that is another one each time', async () => {
    const idp = samlProvider('transient', KEYS.acme)
    const providerId = await connect(gatehouse, acme, { saml: idp })
    const transient = (xml: string) => xml.replace('nameid-format:persistent', 'nameid-format:transient')
    expect(await saml(providerId, idp, { assertion: transient })).toMatchObject({ session: null })
    expect(await lastRefusal(acme)).toBe('SUBJECT_MISSING')
  })

  it('attack 24: gives whoever is recycled into an address nothing of who had it before', async () => {
    claiming(honest, { sub: 'first', email: 'recycled@acme.example' })
    const first = await whoIs((await signIn(acmeId)).session)
    claiming(honest, { sub: 'second', email: 'recycled@acme.example' })
    expect(await signIn(acmeId)).toMatchObject({ status: 409, session: null })
    const [member] = await gatehouse.superuser.rows<{ id: string }>(
      `SELECT id FROM members WHERE organization_id = $1 AND email = 'recycled@acme.example'`,
      [acme.uuid],
    )
    await acme.admin.organization.send(
      `mutation ($org: ID!, $ids: [ID!]!) { removeMembers(organizationId: $org, members: { ids: $ids }) { userErrors { message } } }`,
      { org: acme.id, ids: [memberTypeId({ memberId: member!.id })] },
    )
    const second = await whoIs((await signIn(acmeId)).session)
    expect(second.user.id).not.toBe(first.user.id)
    expect(second.memberships).toMatchObject([{ roleKey: 'member' }])
  })

  async function nameOf(id: string): Promise<string | undefined> {
    const answer = await acme.admin.organization.send(
      'query ($id: ID!) { node(id: $id) { ... on SsoProvider { name } } }',
      {
        id,
      },
    )
    return answer.data.node.name as string
  }
})
