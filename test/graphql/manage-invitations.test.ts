import { SYSTEM_ROLES } from '../../src/access'
import { newId } from '../../src/kernel/ids'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { countersOf, expire, invited, lettersTo, roleId, standing } from '../support/invitations'
import { Targets } from '../support/operations'
import { RACES } from '../support/soak'
import { found, join, type OrganizationMember, signUp, type TestOrganization } from '../support/world'

const bulk = (name: string) => `mutation ($id: ID!, $ids: [ID!]!) { ${name}(organizationId: $id, ids: $ids) {
  results { id outcome invitation { status } } userErrors { code } } }`
const RESEND = bulk('resendInvitations')
const REVOKE = bulk('revokeInvitations')
const LINK = `mutation ($id: ID!) { createInvitationLink(id: $id) { invitation { status } url userErrors { code } } }`
const UPDATE = `mutation ($id: ID!, $input: UpdateInvitationInput!) { updateInvitation(id: $id, input: $input) {
  invitation { id } userErrors { code path } } }`
const PREVIEW = 'query ($token: String!) { invitationByToken(token: $token) { status roleName } }'
const LIST = `query ($id: ID!, $first: Int, $after: String, $filter: InvitationFilter) { organization(by: { id: $id }) {
  invitations(first: $first, after: $after, filter: $filter) {
    nodes { email status resend: viewerCan(action: RESEND) { allowed reason } } pageInfo { hasNextPage endCursor }
    totalCount { value relation } } } }`

describe('managing invitations', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let member: OrganizationMember
  let stranger: OrganizationMember
  let addresses = 0

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    member = await join(gatehouse, acme)
    stranger = (await found(gatehouse, 'Rival')).admin
  })
  afterAll(() => gatehouse.close())

  const somebody = () => `guest.${(addresses += 1)}@example.org`
  const run = async (who: OrganizationMember, document: string, variables: object) =>
    Object.values((await who.organization.send(document, { id: acme.id, ...variables })).data)[0] as never as {
      results: { id: string; outcome: string }[]
      userErrors: { code: string }[]
      url: string | null
    }
  const preview = async (token: string) => (await gatehouse.client().send(PREVIEW, { token })).data.invitationByToken
  const outcomes = (payload: { results: { outcome: string }[] }) => payload.results.map((result) => result.outcome)

  it('resends with a new link and a whole new lifetime, also what has expired', async () => {
    const email = somebody()
    const { id, token } = await invited(gatehouse, acme, email)
    await expire(gatehouse, email)
    const payload = await run(acme.admin, RESEND, { ids: [id] })
    expect(payload).toEqual({ results: [{ id, outcome: 'DONE', invitation: { status: 'PENDING' } }], userErrors: [] })
    expect(await preview(token)).toBeNull()
    const letters = await lettersTo(gatehouse, email)
    expect(letters).toHaveLength(2)
    expect(await preview(letters[1]!.token)).toMatchObject({ status: 'PENDING' })
  })

  it('revokes: the link is dead and the place is free again', async () => {
    const email = somebody()
    const before = await countersOf(gatehouse, acme)
    const { id, token } = await invited(gatehouse, acme, email)
    expect(outcomes(await run(acme.admin, REVOKE, { ids: [id, id] }))).toEqual(['DONE'])
    expect(await preview(token)).toMatchObject({ status: 'REVOKED' })
    expect(await standing(gatehouse, acme, email)).toEqual([
      { member: 'REMOVED', invitation: 'REVOKED', role: 'member' },
    ])
    expect(await countersOf(gatehouse, acme)).toEqual(before)
    expect(outcomes(await run(acme.admin, REVOKE, { ids: [id] }))).toEqual(['WRONG_STATE'])
    expect(outcomes(await run(acme.admin, RESEND, { ids: [id] }))).toEqual(['WRONG_STATE'])
    expect((await invited(gatehouse, acme, email)).id).not.toBe(id)
  })

  it('does not know the invitations of others', async () => {
    const { id } = await invited(gatehouse, acme, somebody())
    for (const document of [RESEND, REVOKE]) {
      expect((await run(stranger, document, { ids: [id] })).userErrors).toEqual([{ code: 'NOT_FOUND' }])
      expect((await run(member, document, { ids: [id] })).userErrors).toEqual([{ code: 'FORBIDDEN' }])
    }
    for (const document of [LINK, UPDATE]) {
      expect((await run(stranger, document, { id, input: {} })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
      expect((await run(member, document, { id, input: {} })).userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
    }
    expect((await run(acme.admin, RESEND, { ids: [] })).userErrors).toEqual([{ code: 'REQUIRED' }])
  })

  it('makes a link to hand out, once, and keeps it out of database and log', async () => {
    const email = somebody()
    const { id, token } = await invited(gatehouse, acme, email)
    const { url } = await run(acme.admin, LINK, { id })
    const [, fresh] = /^http:\/\/localhost:4000\/invitations\/(giv_\w+)$/.exec(url!)!
    expect(await preview(token)).toBeNull()
    expect(await preview(fresh!)).toMatchObject({ status: 'PENDING' })
    const audits = await gatehouse.superuser.rows('SELECT * FROM audit_events')
    expect(JSON.stringify(audits) + gatehouse.logs.join()).not.toContain(fresh)
    expect(await lettersTo(gatehouse, email)).toHaveLength(1)
  })

  it('lets nobody refresh what offers more than they hold: their link stays, and the others are resent', async () => {
    const [weaker, role] = [await join(gatehouse, acme), newId()]
    await gatehouse.superuser.rows(
      `INSERT INTO roles (organization_id, id, scope, key, name, permissions)
       VALUES ($1, $2, 'ORGANIZATION', 'inviter', 'Inviter', $3)`,
      [acme.uuid, role, [...SYSTEM_ROLES.MEMBER.permissions, 'invitation.read', 'invitation.create']],
    )
    await gatehouse.superuser.rows('UPDATE members SET role_id = $1 WHERE id = $2', [role, weaker.memberId])
    const admins = await invited(gatehouse, acme, somebody(), { roleId: await roleId(gatehouse, acme, 'admin') })
    const granting = await invited(gatehouse, acme, somebody(), {
      projectGrants: [
        {
          projectId: (await new Targets(gatehouse, acme, 'x').project()).id,
          roleId: await roleId(gatehouse, acme, 'project_admin'),
        },
      ],
    })
    const plain = await invited(gatehouse, acme, somebody())
    const ids = [admins.id, granting.id, plain.id]
    expect(outcomes(await run(weaker, RESEND, { ids }))).toEqual(['FORBIDDEN', 'FORBIDDEN', 'DONE'])
    for (const { id, token } of [admins, granting]) {
      expect((await run(weaker, LINK, { id })).userErrors).toEqual([{ code: 'FORBIDDEN' }])
      expect(await preview(token)).toMatchObject({ status: 'PENDING' })
    }
    expect(await preview(plain.token)).toBeNull()
    const seen = await weaker.organization.send(LIST, { id: acme.id, first: 3 })
    expect(seen.data.organization.invitations.nodes.map((node: { resend: unknown }) => node.resend)).toEqual([
      { allowed: true, reason: null },
      { allowed: true, reason: null },
      { allowed: false, reason: 'MISSING_PERMISSION' },
    ])
    expect(outcomes(await run(acme.admin, RESEND, { ids }))).toEqual(['DONE', 'DONE', 'DONE'])
  })

  it('changes the role that waits for the person', async () => {
    const email = somebody()
    const { id, token } = await invited(gatehouse, acme, email)
    const input = { roleId: await roleId(gatehouse, acme, 'admin') }
    expect(await run(acme.admin, UPDATE, { id, input })).toEqual({ invitation: { id }, userErrors: [] })
    expect(await preview(token)).toMatchObject({ roleName: 'Admin' })
    const wrong = { roleId: await roleId(gatehouse, acme, 'project_admin') }
    expect((await run(acme.admin, UPDATE, { id, input: wrong })).userErrors).toEqual([
      { code: 'NOT_FOUND', path: ['input', 'roleId'] },
    ])
    await run(acme.admin, REVOKE, { ids: [id] })
    expect((await run(acme.admin, UPDATE, { id, input })).userErrors).toMatchObject([{ code: 'WRONG_STATE' }])
    expect((await run(acme.admin, LINK, { id })).userErrors).toEqual([{ code: 'WRONG_STATE' }])
  })

  it(`either accepts or revokes when both happen at once, in ${RACES} races`, async () => {
    for (let round = 0; round < RACES; round += 1) {
      const person = await signUp(gatehouse)
      const before = await countersOf(gatehouse, acme)
      const { id, token } = await invited(gatehouse, acme, person.email)
      const [accepted, revoked] = await Promise.all([
        person.account.send(
          'mutation ($input: AnswerInvitationInput!) { acceptInvitation(input: $input) { token userErrors { code } } }',
          { input: { token } },
        ),
        run(acme.admin, REVOKE, { ids: [id] }),
      ])
      const hasJoined = accepted.data.acceptInvitation.token !== null
      expect(outcomes(revoked)).toEqual([hasJoined ? 'WRONG_STATE' : 'DONE'])
      const joined = before.joined + Number(hasJoined)
      expect(await countersOf(gatehouse, acme)).toEqual({ ...before, joined })
    }
  })

  it('lists open ones newest first, in pages, with search and status', async () => {
    const beta = await found(gatehouse, 'Beta')
    const emails = ['one@list.org', 'two@list.org', 'three@list.org', 'o_e@list.org']
    for (const email of emails) await invited(gatehouse, beta, email)
    await expire(gatehouse, 'two@list.org')
    const list = async (variables: object) =>
      (await beta.admin.organization.send(LIST, { id: beta.id, ...variables })).data.organization.invitations
    const first = await list({ first: 3 })
    expect(first).toMatchObject({
      nodes: [
        { email: 'o_e@list.org', status: 'PENDING', resend: { allowed: true, reason: null } },
        { email: 'three@list.org', status: 'PENDING' },
        { email: 'two@list.org', status: 'EXPIRED' },
      ],
      pageInfo: { hasNextPage: true },
      totalCount: { value: 4, relation: 'EXACT' },
    })
    const second = await list({ first: 3, after: first.pageInfo.endCursor })
    expect(second.nodes.map((node: { email: string }) => node.email)).toEqual(['one@list.org'])
    const found3 = await list({ filter: { search: 'O_E' } })
    expect(found3.nodes.map((node: { email: string }) => node.email)).toEqual(['o_e@list.org'])
    const expired = await list({ filter: { status: ['EXPIRED'] } })
    expect(expired.nodes.map((node: { email: string }) => node.email)).toEqual(['two@list.org'])
  })

  it('leads to the role and the member, and from the member back', async () => {
    const email = somebody()
    const { id } = await invited(gatehouse, acme, email)
    const { data } = await acme.admin.organization.send(
      `query ($id: ID!) { node(id: $id) { ... on Invitation { email role { key } member { status invitation { id } } } } }`,
      { id },
    )
    expect(data.node).toEqual({ email, role: { key: 'member' }, member: { status: 'INVITED', invitation: { id } } })
    expect((await stranger.organization.send('query ($id: ID!) { node(id: $id) { id } }', { id })).data.node).toBeNull()
  })

  it('shows the list to nobody without the permission, and says so', async () => {
    const answer = await member.organization.send(LIST, { id: acme.id })
    expect(answer.data.organization.invitations).toBeNull()
    expect(answer.extensions.denied).toEqual([{ path: ['organization', 'invitations'], permission: 'invitation.read' }])
  })
})
