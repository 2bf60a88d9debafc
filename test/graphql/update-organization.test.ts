import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { RACES } from '../support/soak'
import { found, join } from '../support/world'

const UPDATE = `
  mutation ($id: ID!, $input: UpdateOrganizationInput!, $expectedVersion: Int) {
    updateOrganization(id: $id, input: $input, expectedVersion: $expectedVersion) {
      organization {
        slug name description logoUrl billingEmail version settings { invitationLifetimeDays invitationDomains }
      }
      userErrors { code path }
    }
  }`
const READ = `query ($slug: String!) {
  organization(by: { slug: $slug }) {
    id billingEmail viewerPermissions
    update: viewerCan(action: UPDATE) { allowed reason }
    leave: viewerCan(action: LEAVE) { allowed reason }
    invite: viewerCan(action: INVITE) { allowed reason }
  }
}`

describe('updateOrganization', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  it('changes what is given, keeps the rest, and keeps the card in step', async () => {
    const acme = await found(gatehouse, 'Acme')
    const input = {
      name: ' Acme Works ',
      slug: `${acme.slug}-works`,
      logoUrl: 'https://example.com/logo.png',
      settings: { invitationLifetimeDays: 14, invitationDomains: ['@Example.com', 'example.com', 'acme.test'] },
    }
    const { data } = await acme.admin.organization.send(UPDATE, { id: acme.id, input, expectedVersion: 1 })
    expect(data.updateOrganization).toEqual({
      organization: {
        slug: `${acme.slug}-works`,
        name: 'Acme Works',
        description: null,
        logoUrl: 'https://example.com/logo.png',
        billingEmail: acme.admin.email,
        version: 2,
        settings: { invitationLifetimeDays: 14, invitationDomains: ['acme.test', 'example.com'] },
      },
      userErrors: [],
    })
    const viewer = await acme.admin.account.send('{ viewer { memberships { organization { slug name logoUrl } } } }')
    expect(viewer.data.viewer.memberships).toEqual([
      { organization: { slug: `${acme.slug}-works`, name: 'Acme Works', logoUrl: 'https://example.com/logo.png' } },
    ])
    const audited = await gatehouse.superuser.rows(
      `SELECT details->'changes'->0 AS first FROM audit_events WHERE organization_id = $1 AND action = 'organization.updated'`,
      [acme.uuid],
    )
    expect(audited).toEqual([{ first: { field: 'name', before: 'Acme', after: 'Acme Works' } }])
  })

  it('frees the old slug and claims the new one', async () => {
    const acme = await found(gatehouse, 'Acme')
    const other = await found(gatehouse, 'Other')
    const taken = await other.admin.organization.send(UPDATE, { id: other.id, input: { slug: acme.slug } })
    expect(taken.data.updateOrganization.userErrors).toEqual([{ code: 'NOT_UNIQUE', path: ['input', 'slug'] }])
    await acme.admin.organization.send(UPDATE, { id: acme.id, input: { slug: `${acme.slug}-new` } })
    const free = await other.admin.organization.send(UPDATE, { id: other.id, input: { slug: acme.slug } })
    expect(free.data.updateOrganization.userErrors).toEqual([])
  })

  it(`refuses an outdated version, and lets one of two writers with the same version win, in ${RACES} races`, async () => {
    const acme = await found(gatehouse, 'Acme')
    for (let version = 1; version <= RACES; version += 1) {
      const answers = await Promise.all(
        ['a', 'b'].map((letter) =>
          acme.admin.organization.send(UPDATE, {
            id: acme.id,
            input: { name: `${letter}${version}` },
            expectedVersion: version,
          }),
        ),
      )
      const codes = answers.flatMap(({ data }) => data.updateOrganization.userErrors)
      expect(codes).toEqual([{ code: 'VERSION_MISMATCH', path: ['expectedVersion'] }])
    }
  })

  it('reports every wrong value at once and changes nothing', async () => {
    const acme = await found(gatehouse, 'Acme')
    const input = {
      name: ' ',
      slug: 'No Slug',
      logoUrl: 'http://example.com/logo.png',
      billingEmail: 'nobody',
      settings: { invitationLifetimeDays: 31, invitationDomains: ['no domain'] },
    }
    const { data } = await acme.admin.organization.send(UPDATE, { id: acme.id, input })
    expect(data.updateOrganization.userErrors).toEqual([
      { code: 'REQUIRED', path: ['input', 'name'] },
      { code: 'INVALID', path: ['input', 'slug'] },
      { code: 'INVALID', path: ['input', 'logoUrl'] },
      { code: 'INVALID', path: ['input', 'billingEmail'] },
      { code: 'INVALID', path: ['input', 'settings', 'invitationLifetimeDays'] },
      { code: 'INVALID', path: ['input', 'settings', 'invitationDomains', '0'] },
    ])
    const [row] = await gatehouse.superuser.rows('SELECT version FROM organizations WHERE organization_id = $1', [
      acme.uuid,
    ])
    expect(row).toEqual({ version: 1 })
  })

  it('answers FORBIDDEN to members and NOT_FOUND to strangers', async () => {
    const acme = await found(gatehouse, 'Acme')
    const member = await join(gatehouse, acme)
    const stranger = await found(gatehouse, 'Stranger')
    const input = { name: 'Mine' }
    for (const [client, code] of [
      [member.organization, 'FORBIDDEN'],
      [stranger.admin.organization, 'NOT_FOUND'],
      [stranger.admin.account, 'NOT_FOUND'],
    ] as const) {
      const { data } = await client.send(UPDATE, { id: acme.id, input })
      expect(data.updateOrganization.userErrors).toMatchObject([{ code }])
    }
    expect((await gatehouse.client().send(UPDATE, { id: acme.id, input })).status).toBe(401)
  })

  it('shows the billing address to those who may change it, and what each may do', async () => {
    const acme = await found(gatehouse, 'Acme')
    const member = await join(gatehouse, acme)
    const asAdmin = await acme.admin.organization.send(READ, { slug: acme.slug })
    expect(asAdmin.data.organization).toMatchObject({
      billingEmail: acme.admin.email,
      update: { allowed: true, reason: null },
      leave: { allowed: false, reason: 'LAST_ADMIN' },
      invite: { allowed: true },
    })
    expect(asAdmin.data.organization.viewerPermissions).toContain('organization.delete')
    const asMember = await member.organization.send(READ, { slug: acme.slug })
    expect(asMember.data.organization).toEqual({
      id: acme.id,
      billingEmail: null,
      viewerPermissions: ['member.read', 'organization.read', 'team.read'],
      update: { allowed: false, reason: 'MISSING_PERMISSION' },
      leave: { allowed: true, reason: null },
      invite: { allowed: false, reason: 'MISSING_PERMISSION' },
    })
    expect(asMember.extensions.denied).toEqual([
      { path: ['organization', 'billingEmail'], permission: 'organization.update' },
    ])
    const asOperator = await gatehouse.operator.send(READ, { slug: acme.slug })
    expect(asOperator.data.organization).toMatchObject({
      billingEmail: acme.admin.email,
      update: { allowed: true },
      leave: { allowed: false, reason: 'WRONG_STATE' },
    })
  })

  it('tells a stranger the same about a slug that is taken and one that is free', async () => {
    const acme = await found(gatehouse, 'Acme')
    const stranger = await found(gatehouse, 'Stranger')
    for (const client of [stranger.admin.organization, stranger.admin.account]) {
      const taken = await client.send(READ, { slug: acme.slug })
      const free = await client.send(READ, { slug: 'free-slug' })
      expect([taken.data, taken.errors]).toEqual([{ organization: null }, undefined])
      expect([free.data, free.errors]).toEqual([{ organization: null }, undefined])
    }
    const nobody = await Promise.all([acme.slug, 'free-slug'].map((slug) => gatehouse.client().send(READ, { slug })))
    expect(nobody.map(({ status, data }) => [status, data])).toEqual([
      [nobody[0]!.status, nobody[0]!.data],
      [nobody[0]!.status, nobody[0]!.data],
    ])
  })
})
