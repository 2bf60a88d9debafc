import { newId, toTypeId } from '../../src/kernel/ids'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { countersOf, roleId } from '../support/invitations'
import { switchedToSso } from '../support/membership-mode'
import { RACES } from '../support/soak'
import { found, join, type Person, signUp, type TestOrganization } from '../support/world'

const OWN = `{ viewer { suggestedOrganizations { organizationId name domain }
  joinRequests { id organizationId status message } memberships { organization { id } roleKey } } }`
const ASK = `mutation ($id: ID!, $message: String) { createJoinRequest(organizationId: $id, message: $message) {
  joinRequest { id status organizationName } userErrors { code path } } }`
const CANCEL = `mutation ($id: ID!) { cancelJoinRequest(id: $id) { joinRequest { status } userErrors { code } } }`
const LIST = `query ($id: ID!, $status: [JoinRequestStatus!]) { organization(by: { id: $id }) { joinRequests(first: 10, status: $status) {
  nodes { id name email domain message status decidedByName } } } }`
const DECIDE = `mutation ($id: ID!, $ids: [ID!]!, $approve: Boolean!, $role: ID) {
  decideJoinRequests(organizationId: $id, ids: $ids, approve: $approve, roleId: $role) {
    results { key joinRequest { status } userErrors { code } } userErrors { code } } }`

describe('asking to be let in', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let domains = 0
  let domain: string

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  beforeEach(async () => {
    acme = await found(gatehouse, 'Acme')
    domains += 1
    domain = `acme${domains}.example`
    await prove(acme, domain)
  })
  afterAll(() => gatehouse.close())

  /** A proven domain of which people may ask. */
  async function prove(organization: TestOrganization, name: string): Promise<void> {
    const id = newId()
    await gatehouse.superuser.rows(
      `INSERT INTO domains (organization_id, id, name, challenge, status, verified_at) VALUES ($1, $2, $3, 'x', 'VERIFIED', now())`,
      [organization.uuid, id, name],
    )
    await gatehouse.superuser.rows('INSERT INTO verified_domains (domain, organization_id) VALUES ($1, $2)', [
      name,
      organization.uuid,
    ])
    const { data } = await organization.admin.organization.send(
      'mutation ($id: ID!) { updateDomain(id: $id, joinPolicy: REQUEST) { userErrors { code } } }',
      { id: toTypeId('Domain', id) },
    )
    expect(data.updateDomain.userErrors).toEqual([])
  }
  async function employee(at = domain): Promise<Person> {
    const person = await signUp(gatehouse, 'Grace')
    const email = `${newId()}@${at}`
    await gatehouse.superuser.rows(
      'UPDATE identities SET verified_emails = verified_emails || $2::text WHERE user_id = $1',
      [person.userId, email],
    )
    return { ...person, email }
  }
  const own = async ({ account }: Person): Promise<Answer> => (await account.send(OWN)).data.viewer
  const ask = async (person: Person, message: string | null = null): Promise<Answer> =>
    (await person.account.send(ASK, { id: acme.id, message })).data.createJoinRequest
  const cancel = async ({ account }: Person, id: string): Promise<Answer> =>
    (await account.send(CANCEL, { id })).data.cancelJoinRequest
  const list = async (status?: string[]): Promise<Answer> =>
    (await acme.admin.organization.send(LIST, { id: acme.id, status })).data.organization.joinRequests.nodes
  const decide = async (
    ids: string[],
    approve: boolean,
    role?: string,
    client = acme.admin.organization,
  ): Promise<Answer> => (await client.send(DECIDE, { id: acme.id, ids, approve, role })).data.decideJoinRequests
  const mails = (kind: string): Promise<{ destination: string }[]> =>
    gatehouse.superuser.rows('SELECT destination FROM outbox_messages WHERE organization_id = $1 AND kind = $2', [
      acme.uuid,
      kind,
    ])

  it('is suggested by a verified address of a proven domain that lets people ask, and joins nobody by itself', async () => {
    const grace = await employee()
    expect(await own(grace)).toEqual({
      suggestedOrganizations: [{ organizationId: acme.id, name: 'Acme', domain }],
      joinRequests: [],
      memberships: [],
    })
    const outsider = await employee('elsewhere.example')
    expect((await own(outsider)).suggestedOrganizations).toEqual([])
    expect((await ask(outsider)).userErrors).toEqual([{ code: 'NOT_FOUND', path: null }])
    const unverified = await signUp(gatehouse, 'Eve')
    await gatehouse.superuser.rows('UPDATE users SET email = $2 WHERE id = $1', [unverified.userId, `eve@${domain}`])
    expect((await own(unverified)).suggestedOrganizations).toEqual([])
    const sub = await employee(`sub.${domain}`)
    expect((await own(sub)).suggestedOrganizations).toEqual([])
    await gatehouse.superuser.rows(`UPDATE verified_domains SET may_ask = false WHERE domain = $1`, [domain])
    expect((await own(grace)).suggestedOrganizations).toEqual([])
    expect(await countersOf(gatehouse, acme)).toMatchObject({ joined: 1 })
  })

  it('answers alike for an organization that may not be asked and for none', async () => {
    const outsider = await employee('elsewhere.example')
    const messageOf = async (id: string, document: string) => {
      const { data } = await outsider.account.send(document, { id })
      return Object.values(data as Record<string, Answer>)[0].userErrors[0]
    }
    const none = toTypeId('Organization', newId())
    const fields = [
      'createJoinRequest(organizationId: $id)',
      'switchOrganization(organizationId: $id)',
      'cancelOrganizationDeletion(id: $id)',
      'leaveOrganization(id: $id)',
    ]
    for (const field of fields) {
      const document = `mutation ($id: ID!) { ${field} { userErrors { code message } } }`
      expect([field, await messageOf(acme.id, document)]).toEqual([field, await messageOf(none, document)])
    }
  })

  it('is decided by an Admin, with a role; both sides are told', async () => {
    const [grace, linus] = [await employee(), await employee()]
    const asked = await ask(grace, '  I am the new one.  ')
    expect(asked).toEqual({
      joinRequest: { id: expect.stringMatching(/^jrq_/), status: 'PENDING', organizationName: 'Acme' },
      userErrors: [],
    })
    expect((await ask(grace)).joinRequest.id).toBe(asked.joinRequest.id)
    const { joinRequest } = await ask(linus)
    expect((await mails('mail.join-request')).map(({ destination }) => destination)).toEqual([
      acme.admin.email,
      acme.admin.email,
    ])
    expect(await list()).toMatchObject([
      { email: linus.email, message: null },
      { email: grace.email, domain, message: 'I am the new one.', status: 'PENDING' },
    ])
    const approved = await decide([asked.joinRequest.id], true, await roleId(gatehouse, acme, 'admin'))
    expect(approved.results).toEqual([
      { key: asked.joinRequest.id, joinRequest: { status: 'APPROVED' }, userErrors: [] },
    ])
    expect((await decide([joinRequest.id, 'jrq_nonsense'], false)).results).toMatchObject([
      { joinRequest: { status: 'DECLINED' }, userErrors: [] },
      { joinRequest: null, userErrors: [{ code: 'NOT_FOUND' }] },
    ])
    expect(await own(grace)).toMatchObject({
      suggestedOrganizations: [],
      joinRequests: [{ status: 'APPROVED' }],
      memberships: [{ organization: { id: acme.id }, roleKey: 'admin' }],
    })
    expect(await own(linus)).toMatchObject({ joinRequests: [{ status: 'DECLINED' }], memberships: [] })
    expect((await ask(linus)).userErrors).toMatchObject([{ code: 'WRONG_STATE' }])
    expect((await mails('mail.join-request-decided')).map(({ destination }) => destination).sort()).toEqual(
      [grace.email, linus.email].sort(),
    )
    expect(await countersOf(gatehouse, acme)).toMatchObject({ joined: 2, admins: 2 })
    expect((await list(['APPROVED'])).map(({ decidedByName }: Answer) => decidedByName)).toEqual([acme.admin.name])
  })

  it('is for the person alone to take back, and for those with the permission to see and decide', async () => {
    const [grace, weak] = [await employee(), await join(gatehouse, acme)]
    const rival = await found(gatehouse, 'Rival')
    const { id } = (await ask(grace)).joinRequest
    expect((await cancel(rival.admin, id)).userErrors).toEqual([{ code: 'NOT_FOUND' }])
    const denied = await weak.organization.send(LIST, { id: acme.id })
    expect(denied.data.organization.joinRequests).toBeNull()
    expect((await decide([id], true, undefined, weak.organization)).userErrors).toEqual([{ code: 'FORBIDDEN' }])
    expect((await decide([id], true, undefined, rival.admin.organization)).userErrors).toEqual([{ code: 'NOT_FOUND' }])
    const { errors } = await gatehouse.client().send(ASK, { id: acme.id })
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    expect((await ask(grace, 'x'.repeat(501))).userErrors).toEqual([{ code: 'TOO_LONG', path: ['message'] }])
    expect(await cancel(grace, id)).toEqual({ joinRequest: { status: 'CANCELLED' }, userErrors: [] })
    expect((await cancel(grace, id)).userErrors).toEqual([{ code: 'WRONG_STATE' }])
    expect((await decide([id], true)).results).toMatchObject([{ userErrors: [{ code: 'WRONG_STATE' }] }])
    expect((await ask(grace)).joinRequest.status).toBe('PENDING')
  })

  it('fails alone where somebody with the address is there already', async () => {
    const [grace, linus] = [await employee(), await employee()]
    const ids = [(await ask(grace)).joinRequest.id, (await ask(linus)).joinRequest.id]
    const twin = await join(gatehouse, acme)
    await gatehouse.superuser.rows('UPDATE members SET email = $2 WHERE id = $1', [twin.memberId, grace.email])
    const { results } = await decide(ids, true)
    expect(results.map(({ userErrors }: Answer) => userErrors[0]?.code ?? null)).toEqual(['ALREADY_MEMBER', null])
  })

  it('ends with the switch to SSO, where nobody can ask any more', async () => {
    const [grace, late] = [await employee(), await employee()]
    const { id } = (await ask(grace)).joinRequest
    await switchedToSso(gatehouse, acme)
    expect(await own(grace)).toMatchObject({ suggestedOrganizations: [], joinRequests: [{ status: 'DECLINED' }] })
    expect((await ask(late)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    expect((await ask(grace)).userErrors).toMatchObject([{ code: 'MEMBERSHIP_MODE' }])
    expect((await decide([id], true)).userErrors).toEqual([{ code: 'MEMBERSHIP_MODE' }])
  })

  it('ends once, whoever decides and takes back at the same time', async () => {
    for (let round = 0; round < RACES; round += 1) {
      const grace = await employee()
      const { id } = (await ask(grace)).joinRequest
      const [cancelled, approved, declined] = await Promise.all([
        cancel(grace, id),
        decide([id], true),
        decide([id], false),
      ])
      const ended = [
        cancelled.userErrors.length === 0 && 'CANCELLED',
        approved.results[0].userErrors.length === 0 && 'APPROVED',
        declined.results[0].userErrors.length === 0 && 'DECLINED',
      ].filter(Boolean)
      const { joinRequests, memberships } = await own(grace)
      expect([round, ended]).toEqual([round, [joinRequests[0].status]])
      expect(memberships).toHaveLength(ended[0] === 'APPROVED' ? 1 : 0)
    }
  })
})
