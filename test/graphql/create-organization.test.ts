import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { RACES } from '../support/soak'
import { found, join, signUp } from '../support/world'

const CREATE = `
  mutation ($input: CreateOrganizationInput!) {
    createOrganization(input: $input) {
      organization { id slug name status membershipMode version }
      token
      userErrors { code message path }
    }
  }`

describe('createOrganization', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  const create = async (input: object, token?: string) => gatehouse.client(token).send(CREATE, { input })
  const organizationsInDatabase = async () =>
    (await gatehouse.superuser.rows<{ n: number }>('SELECT count(*)::int AS n FROM organizations'))[0]!.n

  it('makes the caller the first Admin of a new organization with its default project', async () => {
    const ada = await signUp(gatehouse)
    const { data } = await create({ name: 'Ada & Sons', billingEmail: ' Bills@Example.com ' }, ada.accountToken)
    expect(data.createOrganization.userErrors).toEqual([])
    expect(data.createOrganization.organization).toMatchObject({
      id: expect.stringMatching(/^org_[0-7][0-9a-z]{25}$/),
      slug: 'ada-sons',
      name: 'Ada & Sons',
      status: 'ACTIVE',
      membershipMode: 'INVITATION',
      version: 1,
    })
    const [state] = await gatehouse.superuser.rows(
      `SELECT o.billing_email, m.user_id, m.status, r.key AS role, c.joined, c.admins, c.projects, p.slug AS project, p.is_default
       FROM organizations o JOIN organization_counters c USING (organization_id) JOIN projects p USING (organization_id)
       JOIN members m USING (organization_id) JOIN roles r ON r.id = m.role_id WHERE o.slug = 'ada-sons'`,
    )
    expect(state).toEqual({
      billing_email: 'bills@example.com',
      user_id: ada.userId,
      status: 'JOINED',
      role: 'admin',
      joined: 1,
      admins: 1,
      projects: 1,
      project: 'default',
      is_default: true,
    })
  })

  it('invites the first people in the same transaction', async () => {
    const ada = await signUp(gatehouse)
    const send = (inviteEmails: string[], name: string) =>
      ada.account.send(
        `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) {
           invitations { email outcome invitation { status } } userErrors { code path } } }`,
        { input: { name, billingEmail: ada.email, inviteEmails } },
      )
    const { data } = await send([`bo@example.com, nonsense; ${ada.email}`], 'First People')
    expect(data.createOrganization).toEqual({
      invitations: [
        { email: 'bo@example.com', outcome: 'SENT', invitation: { status: 'PENDING' } },
        { email: null, outcome: 'INVALID', invitation: null },
        { email: ada.email, outcome: 'ALREADY_MEMBER', invitation: null },
      ],
      userErrors: [],
    })
    const [state] = await gatehouse.superuser.rows(
      `SELECT c.joined, c.invited, x.payload->>'organizationName' AS letter FROM organizations o
       JOIN organization_counters c USING (organization_id) JOIN outbox_messages x USING (organization_id) WHERE o.slug = 'first-people'`,
    )
    expect(state).toEqual({ joined: 1, invited: 1, letter: 'First People' })
    const before = await organizationsInDatabase()
    const many = Array.from({ length: 1_001 }, (_, index) => `many.${index}@example.org`)
    expect((await send(many, 'Too Many')).data.createOrganization.userErrors).toEqual([
      { code: 'TOO_MANY', path: ['input', 'inviteEmails'] },
    ])
    expect(await organizationsInDatabase()).toBe(before)
  })

  it('opens a session of the new organization', async () => {
    const ada = await signUp(gatehouse)
    const { data } = await create({ name: 'Opened', billingEmail: ada.email }, ada.accountToken)
    const { token, organization } = data.createOrganization
    const inside = await gatehouse.client(token).send('query ($id: ID!) { organization(by: { id: $id }) { slug } }', {
      id: organization.id,
    })
    expect(inside.data.organization).toEqual({ slug: 'opened' })
  })

  it('writes one audit row that names the actor and carries no address in its hashed part', async () => {
    const ada = await signUp(gatehouse)
    await create({ name: 'Audited', billingEmail: ada.email }, ada.accountToken)
    const rows = await gatehouse.superuser.rows(
      `SELECT action, actor_kind, actor_id, target_ids, details->>'actor' AS actor FROM audit_events a
       JOIN organizations o USING (organization_id) WHERE o.slug = 'audited'`,
    )
    expect(rows).toEqual([
      {
        action: 'organization.created',
        actor_kind: 'account',
        actor_id: ada.userId,
        target_ids: [expect.stringMatching(/^org_/)],
        actor: ada.name,
      },
    ])
  })

  it('reports every wrong value at once, with its path, and changes nothing', async () => {
    const ada = await signUp(gatehouse)
    const before = await organizationsInDatabase()
    const { data } = await create({ name: 'x'.repeat(101), slug: '-no-', billingEmail: 'nobody' }, ada.accountToken)
    expect(data.createOrganization.organization).toBeNull()
    expect(data.createOrganization.userErrors).toEqual([
      { code: 'TOO_LONG', message: expect.any(String), path: ['input', 'name'] },
      { code: 'INVALID', message: expect.any(String), path: ['input', 'slug'] },
      { code: 'INVALID', message: expect.any(String), path: ['input', 'billingEmail'] },
    ])
    expect(await organizationsInDatabase()).toBe(before)
  })

  it('refuses a slug that is taken and leaves no trace', async () => {
    const { slug } = await found(gatehouse, 'Taken')
    const ada = await signUp(gatehouse)
    const before = await organizationsInDatabase()
    const { data } = await create({ name: 'Other', slug, billingEmail: ada.email }, ada.accountToken)
    expect(data.createOrganization.userErrors).toMatchObject([{ code: 'NOT_UNIQUE', path: ['input', 'slug'] }])
    expect(await organizationsInDatabase()).toBe(before)
    expect(await gatehouse.superuser.rows('SELECT 1 FROM user_memberships WHERE user_id = $1', [ada.userId])).toEqual(
      [],
    )
  })

  it(`lets exactly one of many founders have a slug, in ${RACES} races`, async () => {
    const people = await Promise.all([signUp(gatehouse), signUp(gatehouse), signUp(gatehouse)])
    for (let round = 0; round < RACES; round += 1) {
      const input = { name: 'Race', slug: `race-${round}`, billingEmail: 'race@example.com' }
      const answers = await Promise.all(people.map((person) => create(input, person.accountToken)))
      const winners = answers.filter(({ data }) => data.createOrganization.organization !== null)
      const losers = answers.flatMap(({ data }) => data.createOrganization.userErrors)
      expect(winners).toHaveLength(1)
      expect(losers.map((error: { code: string }) => error.code)).toEqual(['NOT_UNIQUE', 'NOT_UNIQUE'])
    }
  })

  it('is for signed-in people only: nobody else gets past 401', async () => {
    const organization = await found(gatehouse, 'Closed')
    const member = await join(gatehouse, organization)
    const input = { name: 'No', billingEmail: 'no@example.com' }
    for (const token of [undefined, 'gas_forged', member.organizationToken, gatehouse.operator.token]) {
      const answer = await create(input, token)
      expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED'])
    }
  })

  it('never shows a stranger the new organization', async () => {
    const organization = await found(gatehouse, 'Hidden')
    const stranger = await found(gatehouse, 'Stranger')
    for (const client of [stranger.admin.organization, stranger.admin.account, gatehouse.client()]) {
      const { data } = await client.send(
        'query ($id: ID!) { node(id: $id) { id } organization(by: { id: $id }) { name } }',
        {
          id: organization.id,
        },
      )
      expect(data).toEqual({ node: null, organization: null })
    }
  })
})
