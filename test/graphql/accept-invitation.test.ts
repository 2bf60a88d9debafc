import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { countersOf, expire, invited, lettersTo, roleId, standing } from '../support/invitations'
import { RACES } from '../support/soak'
import { found, type Person, signUp, type TestOrganization } from '../support/world'

const ACCEPT = `mutation ($input: AnswerInvitationInput!) { acceptInvitation(input: $input) {
  organization { slug } token userErrors { code message } } }`
const DECLINE = `mutation ($input: AnswerInvitationInput!) { declineInvitation(input: $input) {
  declinedId userErrors { code } } }`
const PREVIEW = `query ($token: String!) { invitationByToken(token: $token) {
  id organizationName invitedByName email roleName status } }`

describe('an invitation', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
  })
  afterAll(() => gatehouse.close())

  const accept = async (person: Pick<Person, 'account'>, input: object) =>
    (await person.account.send(ACCEPT, { input })).data.acceptInvitation
  const decline = async (person: Pick<Person, 'account'>, input: object) =>
    (await person.account.send(DECLINE, { input })).data.declineInvitation
  const codes = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map((error) => error.code)
  const preview = async (token: string) => (await gatehouse.client().send(PREVIEW, { token })).data.invitationByToken

  it('makes the person a member with the prepared role, and lets them go on inside', async () => {
    const person = await signUp(gatehouse, 'Grace')
    const before = await countersOf(gatehouse, acme)
    const { token } = await invited(gatehouse, acme, person.email, { roleId: await roleId(gatehouse, acme, 'admin') })
    const answer = await accept(person, { token })
    expect(answer).toEqual({
      organization: { slug: acme.slug },
      token: expect.stringMatching(/^gos_/),
      userErrors: [],
    })
    expect(await standing(gatehouse, acme, person.email)).toEqual([
      { member: 'JOINED', invitation: 'ACCEPTED', role: 'admin' },
    ])
    expect(await countersOf(gatehouse, acme)).toEqual({
      joined: before.joined + 1,
      invited: before.invited,
      admins: before.admins + 1,
    })
    const inside = await gatehouse
      .client(answer.token)
      .send('query ($id: ID!) { organization(by: { id: $id }) { slug } }', { id: acme.id })
    expect(inside.data.organization).toEqual({ slug: acme.slug })
    const told = await gatehouse.superuser.rows(
      `SELECT destination, payload->>'adminName' AS admin, payload->>'changedByName' AS by FROM outbox_messages
       WHERE kind = 'mail.new-admin'`,
    )
    expect(told).toEqual([{ destination: acme.admin.email, admin: 'Grace', by: acme.admin.name }])
  })

  it('can be looked at by anybody with the link, any number of times', async () => {
    const person = await signUp(gatehouse)
    const { id, token } = await invited(gatehouse, acme, person.email)
    for (let look = 0; look < 3; look += 1)
      expect(await preview(token)).toEqual({
        id,
        organizationName: 'Acme',
        invitedByName: acme.admin.name,
        email: person.email,
        roleName: 'Member',
        status: 'PENDING',
      })
    expect(codes(await accept(person, { token }))).toEqual([])
    expect(await preview(token)).toMatchObject({ status: 'ACCEPTED' })
    expect(await preview('giv_forged')).toBeNull()
  })

  it('can be looked at and accepted from a session of another organization, in one operation with reading that one', async () => {
    const { admin, slug } = await found(gatehouse, 'Elsewhere')
    const invitation = await invited(gatehouse, acme, admin.email)
    const both = (first: string, second: string) => `query ($token: String!) { ${first} ${second} }`
    const viewer = 'viewer { activeOrganization { slug roles { key } } }'
    const letter = 'invitationByToken(token: $token) { organizationName status }'
    const headers = {
      'content-type': 'application/json',
      origin: 'http://localhost:4000',
      cookie: `gatehouse_account=${admin.accountToken}; gatehouse_organization=${admin.organizationToken}`,
    }
    const send = async (query: string, variables: object) => {
      const body = JSON.stringify({ query, variables })
      const response = await fetch(`${gatehouse.url}/graphql`, { method: 'POST', headers, body })
      return { cookies: response.headers.getSetCookie(), ...((await response.json()) as Answer) }
    }
    for (const query of [both(viewer, letter), both(letter, viewer)]) {
      const { data, errors } = await send(query, { token: invitation.token })
      expect(errors).toBeUndefined()
      expect(data.invitationByToken).toEqual({ organizationName: 'Acme', status: 'PENDING' })
      expect(data.viewer.activeOrganization).toMatchObject({ slug, roles: expect.arrayContaining([{ key: 'admin' }]) })
    }
    const operator = await gatehouse.operator.send(both('organizations { nodes { id } }', letter), {
      token: invitation.token,
    })
    expect([operator.errors, operator.data.invitationByToken.status]).toEqual([undefined, 'PENDING'])
    const accepted = await send(ACCEPT, { input: { token: invitation.token } })
    expect(accepted.data.acceptInvitation).toEqual({ organization: { slug: acme.slug }, token: null, userErrors: [] })
    expect(accepted.cookies.join()).toContain('gatehouse_organization=gos_')
  })

  it('waits in the list of the person whose address it has, and needs no link there', async () => {
    const person = await signUp(gatehouse)
    const { id } = await invited(gatehouse, acme, person.email)
    const list = async (who: Person) =>
      (await who.account.send('{ viewer { invitations { id organizationName roleName } } }')).data.viewer.invitations
    expect(await list(person)).toEqual([{ id, organizationName: 'Acme', roleName: 'Member' }])
    const other = await signUp(gatehouse)
    expect(await list(other)).toEqual([])
    expect(codes(await accept(other, { invitationId: id }))).toEqual(['NOT_FOUND'])
    expect(codes(await accept(person, { invitationId: id }))).toEqual([])
    expect(await list(person)).toEqual([])
  })

  it('is only for an account with the invited address verified', async () => {
    const [person, thief] = [await signUp(gatehouse), await signUp(gatehouse)]
    const { token } = await invited(gatehouse, acme, person.email)
    expect(codes(await accept(thief, { token }))).toEqual(['EMAIL_MISMATCH'])
    await gatehouse.superuser.rows('UPDATE identities SET email = $2 WHERE user_id = $1', [thief.userId, person.email])
    await gatehouse.superuser.rows('UPDATE users SET email = $2 WHERE id = $1', [thief.userId, person.email])
    expect(codes(await accept(thief, { token }))).toEqual(['EMAIL_MISMATCH'])
    const answer = await gatehouse.client().send(ACCEPT, { input: { token } })
    expect(answer.status).toBe(401)
    expect(await standing(gatehouse, acme, person.email)).toMatchObject([{ member: 'INVITED' }])
  })

  it('cannot be accepted too late, after a new link, or where an identity provider decides', async () => {
    const person = await signUp(gatehouse)
    const { id, token } = await invited(gatehouse, acme, person.email)
    await expire(gatehouse, person.email)
    expect(codes(await accept(person, { token }))).toEqual(['EXPIRED'])
    expect(await preview(token)).toMatchObject({ status: 'EXPIRED' })
    await acme.admin.organization.send(
      'mutation ($id: ID!, $ids: [ID!]!) { resendInvitations(organizationId: $id, ids: $ids) { userErrors { code } } }',
      { id: acme.id, ids: [id] },
    )
    expect(codes(await accept(person, { token }))).toEqual(['NOT_FOUND'])
    const fresh = (await lettersTo(gatehouse, person.email)).at(-1)!.token
    expect(codes(await accept(person, { token: fresh }))).toEqual([])

    const sso = await found(gatehouse, 'Sso')
    const late = await invited(gatehouse, sso, person.email)
    await gatehouse.superuser.rows(
      `UPDATE invitations SET status = 'REVOKED', organization_mode = NULL WHERE organization_id = $1`,
      [sso.uuid],
    )
    await gatehouse.superuser.rows(`UPDATE organizations SET membership_mode = 'SSO' WHERE organization_id = $1`, [
      sso.uuid,
    ])
    expect(codes(await accept(person, { token: late.token }))).toEqual(['MEMBERSHIP_MODE'])
  })

  it('is refused by whoever has the link, without an account', async () => {
    const person = await signUp(gatehouse)
    const { id, token } = await invited(gatehouse, acme, person.email)
    expect(await decline({ account: gatehouse.client() }, { token })).toEqual({ declinedId: id, userErrors: [] })
    expect(codes(await decline({ account: gatehouse.client() }, { token }))).toEqual(['WRONG_STATE'])
    expect(codes(await accept(person, { token }))).toEqual(['WRONG_STATE'])
    expect(await standing(gatehouse, acme, person.email)).toEqual([
      { member: 'REMOVED', invitation: 'DECLINED', role: 'member' },
    ])
    const again = await invited(gatehouse, acme, person.email)
    expect(await decline(await signUp(gatehouse), { invitationId: again.id })).toMatchObject({ declinedId: null })
    expect(await decline(person, { invitationId: again.id })).toMatchObject({ declinedId: again.id })
  })

  it('answers whoever asks again as the first time, and changes nothing more', async () => {
    const person = await signUp(gatehouse)
    const { token } = await invited(gatehouse, acme, person.email)
    await accept(person, { token })
    const before = await countersOf(gatehouse, acme)
    expect(await accept(person, { token })).toEqual({
      organization: { slug: acme.slug },
      token: expect.stringMatching(/^gos_/),
      userErrors: [],
    })
    expect(await countersOf(gatehouse, acme)).toEqual(before)
    const accepted = await gatehouse.superuser.rows(
      `SELECT 1 FROM audit_events WHERE action = 'invitation.accepted' AND details->'targets'->0->>'label' = $1`,
      [person.email],
    )
    expect(accepted).toHaveLength(1)
  })

  it('is used for everybody else, and for whoever was removed since', async () => {
    const [person, other] = [await signUp(gatehouse), await signUp(gatehouse)]
    const { token } = await invited(gatehouse, acme, person.email)
    await accept(person, { token })
    expect(codes(await accept(other, { token }))).toEqual(['EXPIRED'])
    expect(codes(await accept(acme.admin, { token }))).toEqual(['EXPIRED'])
    await gatehouse.superuser.rows(
      `UPDATE members SET status = 'REMOVED', removed_at = now() WHERE organization_id = $1 AND user_id = $2`,
      [acme.uuid, person.userId],
    )
    expect(codes(await accept(person, { token }))).toEqual(['EXPIRED'])
    await gatehouse.superuser.rows('UPDATE organization_counters SET joined = joined - 1 WHERE organization_id = $1', [
      acme.uuid,
    ])
  })

  it('makes one member of 100 acceptances by one person, and answers all of them', async () => {
    const person = await signUp(gatehouse)
    const before = await countersOf(gatehouse, acme)
    const { token } = await invited(gatehouse, acme, person.email)
    const answers = await Promise.all(Array.from({ length: 100 }, () => accept(person, { token })))
    expect(answers.flatMap(codes)).toEqual([])
    expect(await standing(gatehouse, acme, person.email)).toHaveLength(1)
    expect(await countersOf(gatehouse, acme)).toEqual({ ...before, joined: before.joined + 1 })
  })

  it(`makes one member of two people who have proven the same address, in ${RACES} races`, async () => {
    for (let round = 0; round < RACES; round += 1) {
      const [one, two] = [await signUp(gatehouse), await signUp(gatehouse)]
      await gatehouse.superuser.rows('UPDATE identities SET verified_emails = ARRAY[$2] WHERE user_id = $1', [
        two.userId,
        one.email,
      ])
      const before = await countersOf(gatehouse, acme)
      const { token } = await invited(gatehouse, acme, one.email)
      const answers = await Promise.all([one, two, one, two].map((person) => accept(person, { token })))
      const [first, second] = answers.map((answer) => answer.userErrors[0]?.code ?? 'OK')
      expect(new Set([first, second])).toEqual(new Set(['OK', 'EXPIRED']))
      expect(answers.map((answer) => answer.userErrors[0]?.code ?? 'OK')).toEqual([first, second, first, second])
      expect(await countersOf(gatehouse, acme)).toEqual({ ...before, joined: before.joined + 1 })
    }
  })

  it(`joins a person once who was invited under two addresses, in ${RACES} races`, async () => {
    for (let round = 0; round < RACES; round += 1) {
      const person = await signUp(gatehouse)
      const second = `second.${round}@example.org`
      await gatehouse.superuser.rows('UPDATE identities SET verified_emails = ARRAY[$2, $3] WHERE user_id = $1', [
        person.userId,
        person.email,
        second,
      ])
      const tokens = [await invited(gatehouse, acme, person.email), await invited(gatehouse, acme, second)]
      const answers = await Promise.all(tokens.map(({ token }) => accept(person, { token })))
      expect(answers.flatMap(codes)).toEqual(['ALREADY_MEMBER'])
    }
  })
})
