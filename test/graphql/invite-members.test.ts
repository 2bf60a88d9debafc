import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { countersOf, expire, invite, invited, lettersTo, roleId, standing } from '../support/invitations'
import { RACES } from '../support/soak'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

const codes = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map((error) => error.code)
const outcomes = (payload: { results: { outcome: string }[] }) => payload.results.map((result) => result.outcome)

describe('inviteMembers', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let member: OrganizationMember
  let addresses = 0

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    member = await join(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const somebody = () => `guest.${(addresses += 1)}@example.org`
  const change = (sql: string) => gatehouse.superuser.rows(`UPDATE ${sql} WHERE organization_id = $1`, [acme.uuid])

  it('places an invited member, an invitation and a sealed letter', async () => {
    const email = somebody()
    const { invited: before } = await countersOf(gatehouse, acme)
    const { results, userErrors } = await invite(acme, { emails: [`Guest <${email.toUpperCase()}>`], message: 'Hello' })
    expect(userErrors).toEqual([])
    expect(results).toEqual([
      {
        index: 0,
        input: email.toUpperCase(),
        email,
        outcome: 'SENT',
        message: expect.any(String),
        invitation: { id: expect.stringMatching(/^inv_/), email, status: 'PENDING', message: 'Hello' },
      },
    ])
    expect(await standing(gatehouse, acme, email)).toEqual([
      { member: 'INVITED', invitation: 'PENDING', role: 'member' },
    ])
    expect(await countersOf(gatehouse, acme)).toMatchObject({ invited: before + 1 })
    const [letter] = await lettersTo(gatehouse, email)
    expect(letter).toMatchObject({
      token: expect.stringMatching(/^giv_/),
      payload: { organizationName: 'Acme', invitedByName: acme.admin.name, roleName: 'Member', message: 'Hello' },
    })
    const kept = JSON.stringify(await gatehouse.superuser.rows('SELECT * FROM invitations WHERE email = $1', [email]))
    expect(kept + gatehouse.logs.join()).not.toContain(letter!.token)
  })

  it('says for each address of a pasted list what became of it', async () => {
    const [one, two, known] = [somebody(), somebody(), somebody()]
    await invite(acme, { emails: [known] })
    const list = `${one}; "Two, T." <${two}>\nnonsense, ${member.email} ${one.toUpperCase()}`
    const payload = await invite(acme, { emails: [list, known] })
    expect(payload.results.map((r: { email: string; outcome: string }) => [r.email, r.outcome])).toEqual([
      [one, 'SENT'],
      [two, 'SENT'],
      [null, 'INVALID'],
      [member.email, 'ALREADY_MEMBER'],
      [known, 'ALREADY_INVITED'],
    ])
    expect(payload.results[4].invitation.email).toBe(known)
    expect(await lettersTo(gatehouse, known)).toHaveLength(1)
  })

  it('renews an expired invitation with a new link and what this call offers', async () => {
    const email = somebody()
    const first = await invited(gatehouse, acme, email)
    await expire(gatehouse, email)
    const payload = await invite(acme, { emails: [email], roleId: await roleId(gatehouse, acme, 'admin') })
    expect(payload.results).toMatchObject([{ outcome: 'RENEWED', invitation: { id: first.id, status: 'PENDING' } }])
    const letters = await lettersTo(gatehouse, email)
    expect(new Set(letters.map((letter) => letter.token)).size).toBe(2)
    expect(await standing(gatehouse, acme, email)).toEqual([
      { member: 'INVITED', invitation: 'PENDING', role: 'admin' },
    ])
  })

  it('prepares projects, and none that do not exist', async () => {
    const email = somebody()
    const { data } = await acme.admin.organization.send(
      `mutation ($id: ID!) { createProject(organizationId: $id, input: { name: "Rockets" }) { project { id } } }`,
      { id: acme.id },
    )
    const grant = { projectId: data.createProject.project.id, roleId: await roleId(gatehouse, acme, 'project_member') }
    expect(outcomes(await invite(acme, { emails: [email], projectGrants: [grant] }))).toEqual(['SENT'])
    const grants = await gatehouse.superuser.rows(
      'SELECT 1 FROM project_grants g JOIN members m ON m.id = g.member_id WHERE m.email = $1',
      [email],
    )
    expect(grants).toHaveLength(1)
    const wrong = { projectId: grant.projectId, roleId: await roleId(gatehouse, acme, 'member') }
    expect(await invite(acme, { emails: [somebody()], projectGrants: [wrong] })).toMatchObject({
      results: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['input', 'projectGrants', '0', 'roleId'] }],
    })
  })

  it('sends no mail when asked not to', async () => {
    const email = somebody()
    expect(outcomes(await invite(acme, { emails: [email], sendEmail: false }))).toEqual(['SENT'])
    expect(await lettersTo(gatehouse, email)).toEqual([])
  })

  it('invites only the domains that the organization allows', async () => {
    await change(`organizations SET invitation_domains = '{example.net}'`)
    expect(outcomes(await invite(acme, { emails: [somebody(), 'net@example.net'] }))).toEqual([
      'DOMAIN_NOT_ALLOWED',
      'SENT',
    ])
    await change(`organizations SET invitation_domains = '{}'`)
  })

  it('refuses wrong values with their paths', async () => {
    const roles = { admin: await roleId(gatehouse, acme, 'project_admin') }
    const many = Array.from({ length: 1_001 }, (_, index) => `many.${index}@example.org`)
    for (const [input, code, path] of [
      [{ emails: [] }, 'REQUIRED', 'emails'],
      [{ emails: many }, 'TOO_MANY', 'emails'],
      [{ emails: [somebody()], message: 'x'.repeat(501) }, 'TOO_LONG', 'message'],
      [{ emails: [somebody()], expiresInDays: 31 }, 'INVALID', 'expiresInDays'],
      [{ emails: [somebody()], roleId: roles.admin }, 'NOT_FOUND', 'roleId'],
      [{ emails: [somebody()], roleId: 'rol_x' }, 'NOT_FOUND', 'roleId'],
    ] as const)
      expect((await invite(acme, { ...input, emails: [...input.emails] })).userErrors).toMatchObject([
        { code, path: ['input', path] },
      ])
  })

  it('invites nobody when the quota is too small for all', async () => {
    const emails = [somebody(), somebody()]
    await change('organization_counters SET invitation_quota = invited + 1')
    expect(codes(await invite(acme, { emails }))).toEqual(['LIMIT_EXCEEDED'])
    expect(await standing(gatehouse, acme, emails[0]!)).toEqual([])
    expect(await lettersTo(gatehouse, emails[0]!)).toEqual([])
    await change('organization_counters SET invitation_quota = 1000')
  })

  it('is not possible where an identity provider decides', async () => {
    const sso = await found(gatehouse, 'Sso')
    await gatehouse.superuser.rows(`UPDATE organizations SET membership_mode = 'SSO' WHERE organization_id = $1`, [
      sso.uuid,
    ])
    expect(codes(await invite(sso, { emails: [somebody()] }))).toEqual(['MEMBERSHIP_MODE'])
  })

  it('is refused to members, and unknown to strangers and to nobody', async () => {
    const emails = [somebody()]
    expect(codes(await invite(acme, { emails }, member.organization))).toEqual(['FORBIDDEN'])
    const rival = await found(gatehouse, 'Rival')
    expect(codes(await invite(acme, { emails }, rival.admin.organization))).toEqual(['NOT_FOUND'])
    const nobody = await gatehouse
      .client()
      .send(
        `mutation ($id: ID!) { inviteMembers(organizationId: $id, input: { emails: ["a@b.org"] }) { userErrors { code } } }`,
        { id: acme.id },
      )
    expect(nobody.status).toBe(401)
    expect(await standing(gatehouse, acme, emails[0]!)).toEqual([])
  })

  it(`sends one letter when two invite the same address at once, in ${RACES} races`, async () => {
    const other = await join(gatehouse, acme, 'admin')
    for (let round = 0; round < RACES; round += 1) {
      const email = somebody()
      const isRenewal = round % 2 === 1
      if (isRenewal) {
        await invite(acme, { emails: [email], sendEmail: false })
        await expire(gatehouse, email)
      }
      const answers = await Promise.all(
        [acme.admin, other, acme.admin].map((admin) => invite(acme, { emails: [email] }, admin.organization)),
      )
      expect(answers.flatMap(outcomes).sort()).toEqual([
        'ALREADY_INVITED',
        'ALREADY_INVITED',
        isRenewal ? 'RENEWED' : 'SENT',
      ])
      expect(await lettersTo(gatehouse, email)).toHaveLength(1)
      expect(await standing(gatehouse, acme, email)).toHaveLength(1)
    }
  })
})
