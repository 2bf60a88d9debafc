import { toTypeId } from '../../src/kernel/ids'
import { settleSwitches } from '../../src/modules/membership-mode'
import { arrangeAccess } from '../support/access'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { invite, invited, roleId, standing } from '../support/invitations'
import { forbiddenStates, joinMany, switchedToSso, switcher } from '../support/membership-mode'
import { joinAs, makeRole } from '../support/roles'
import { RACES, rounds } from '../support/soak'
import { arrangeIdentity, arrangeProvider, comeThrough } from '../support/sso'
import {
  found,
  join,
  memberTypeId,
  type OrganizationMember,
  openSession,
  signUp,
  type TestOrganization,
} from '../support/world'

const SEE = 'query ($id: ID!) { organization(by: { id: $id }) { membershipMode } }'
const LATEST = `query ($id: ID!) { organization(by: { id: $id }) { membershipModeSwitch { id status waiting suspended isRevertible } } }`
const LOCKED_OUT = `query ($id: ID!) { node(id: $id) { ... on MembershipModeSwitch {
  lockedOut(first: 50) { nodes { outcome member { email } } } } } }`
const ACCEPT = `mutation ($token: String!) { acceptInvitation(input: { token: $token }) { userErrors { code } } }`
const SWITCH_TO = `mutation ($id: ID!, $code: String) { switchOrganization(organizationId: $id, recoveryCode: $code) {
  token userErrors { code message } } }`

describe('the membership mode', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  beforeEach(async () => {
    acme = await found(gatehouse, 'Acme')
  })
  afterEach(async () => {
    expect(await forbiddenStates(gatehouse, acme)).toEqual([])
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const getsIn = async (member: Pick<OrganizationMember, 'organization'>) =>
    (await member.organization.send(SEE, { id: acme.id })).data?.organization != null
  const outcomes = (preview: Answer) =>
    Object.fromEntries(
      preview.outcomes.filter(({ count }: Answer) => count > 0).map(({ outcome, count }: Answer) => [outcome, count]),
    )
  const codes = (payload: Answer) => payload.userErrors.map(({ code }: Answer) => code)
  const statusOf = async (member: { memberId: string }) =>
    (
      await gatehouse.superuser.rows<{ status: string }>('SELECT status FROM members WHERE id = $1', [member.memberId])
    )[0]!.status
  const mails = (kind: string): Promise<{ destination: string; payload: Answer }[]> =>
    gatehouse.superuser.rows(
      'SELECT destination, payload FROM outbox_messages WHERE organization_id = $1 AND kind = $2 ORDER BY destination',
      [acme.uuid, kind],
    )
  const pass = (sql: string) =>
    gatehouse.superuser.rows(`UPDATE membership_mode_switches SET ${sql} WHERE organization_id = $1`, [acme.uuid])

  describe('previewed', () => {
    it('says who keeps access and who must act, which invitations end and what starts', async () => {
      const okta = await arrangeProvider(gatehouse, acme, { status: 'TESTED', name: 'Okta' })
      const [linked, unlinked] = [await join(gatehouse, acme), await join(gatehouse, acme)]
      const suspended = await join(gatehouse, acme)
      await arrangeIdentity(gatehouse, acme, okta, linked)
      await invite(acme, { emails: ['guest@example.com'] })
      await admin().send(
        'mutation ($id: ID!, $m: [ID!]!) { suspendMembers(organizationId: $id, members: { ids: $m }) { userErrors { code } } }',
        { id: acme.id, m: [memberTypeId(suspended)] },
      )
      const preview = await switcher(acme).preview('SSO')
      expect(preview).toMatchObject({
        from: 'INVITATION',
        to: 'SSO',
        blockers: [],
        starts: [{ name: 'Okta' }],
        stops: [],
        revertibleForDays: 90,
      })
      expect(outcomes(preview)).toEqual({
        KEEP: 1,
        MUST_LINK_IDENTITY: 1,
        BREAK_GLASS: 1,
        INVITATION_REVOKED: 1,
        UNAFFECTED: 1,
      })
      const who = Object.fromEntries(
        preview.members.nodes.map(({ outcome, member }: Answer) => [member.email, outcome]),
      )
      expect(who).toEqual({
        [acme.admin.email]: 'BREAK_GLASS',
        [linked.email]: 'KEEP',
        [unlinked.email]: 'MUST_LINK_IDENTITY',
        [suspended.email]: 'UNAFFECTED',
        'guest@example.com': 'INVITATION_REVOKED',
      })
    })

    it('names what has to be solved first, and the switch refuses it with the same words', async () => {
      const weak = await join(gatehouse, acme)
      const draft = await arrangeProvider(gatehouse, acme)
      const foreign = await arrangeProvider(gatehouse, await found(gatehouse, 'Rival'), { status: 'TESTED' })
      const { preview, switchBy } = switcher(acme)
      for (const [options, expected] of [
        [{ glass: [] }, ['REQUIRED', 'REQUIRED']],
        [{ providers: [draft] }, ['WRONG_STATE']],
        [{ providers: [foreign] }, ['NOT_FOUND']],
        [{ providers: [draft], glass: [weak] }, ['WRONG_STATE', 'INVALID']],
      ] as const) {
        const previewed = await preview('SSO', options)
        expect(previewed.blockers.map(({ code }: Answer) => code)).toEqual(expected)
        expect((await switchBy(previewed.token, 'SSO', options)).userErrors).toEqual(
          previewed.blockers.map((blocker: Answer) => blocker),
        )
      }
      expect((await preview('INVITATION')).blockers).toEqual([
        { code: 'WRONG_STATE', message: expect.stringContaining('already'), path: ['to'] },
      ])
      expect((await admin().send(SEE, { id: acme.id })).data.organization.membershipMode).toBe('INVITATION')
    })

    it('shows a weak member and a stranger nothing, and lets neither switch', async () => {
      await arrangeProvider(gatehouse, acme, { status: 'TESTED' })
      const { preview, switchBy } = switcher(acme)
      const { token } = await preview('SSO')
      const weak = (await join(gatehouse, acme)).organization
      const stranger = (await found(gatehouse, 'Rival')).admin.organization
      expect(await preview('SSO', { client: weak })).toBeNull()
      expect(await preview('SSO', { client: stranger })).toBeUndefined()
      expect(codes(await switchBy(token, 'SSO', { client: weak }))).toEqual(['FORBIDDEN'])
      expect(codes(await switchBy(token, 'SSO', { client: stranger }))).toEqual(['NOT_FOUND'])
    })

    it('counts for what it showed and nothing else: whatever changes makes it stale', async () => {
      const okta = await arrangeProvider(gatehouse, acme, { status: 'TESTED' })
      const { preview, switchBy } = switcher(acme)
      const { token } = await preview('SSO')
      const second = await join(gatehouse, acme, 'admin')
      expect(codes(await switchBy(token, 'SSO'))).toEqual(['CONFLICT'])
      const fresh = (await preview('SSO')).token
      expect(codes(await switchBy(fresh, 'SSO', { glass: [acme.admin, second] }))).toEqual(['CONFLICT'])
      for (const forged of [`zzzzzz.${fresh.split('.')[1]}`, `${fresh}x`, 'nonsense', ''])
        expect(codes(await switchBy(forged, 'SSO'))).toEqual(['CONFLICT'])
      expect(codes(await switchBy(fresh, 'SSO', { providers: [okta] }))).toEqual([])
    })
  })

  describe('switched to SSO', () => {
    it('ends the old ways in at once and opens the new one', async () => {
      const member = await join(gatehouse, acme)
      const letter = await invited(gatehouse, acme, 'guest@example.com')
      const { provider, codes: recoveryCodes } = await switchedToSso(gatehouse, acme)
      expect(new Set(recoveryCodes).size).toBe(10)
      expect(recoveryCodes[0]).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/)
      expect([await getsIn(member), await getsIn(acme.admin)]).toEqual([false, true])
      expect(await standing(gatehouse, acme, 'guest@example.com')).toEqual([
        { member: 'REMOVED', invitation: 'REVOKED', role: 'member' },
      ])
      const rows = await gatehouse.superuser.rows('SELECT status, organization_mode FROM sso_providers WHERE id = $1', [
        provider.uuid,
      ])
      expect(rows).toEqual([{ status: 'ACTIVE', organization_mode: 'SSO' }])

      const guest = await signUp(gatehouse, 'Guest')
      const { data } = await guest.account.send(
        'mutation ($token: String!) { acceptInvitation(input: { token: $token }) { userErrors { code } } }',
        { token: letter.token },
      )
      expect(data.acceptInvitation.userErrors).toEqual([{ code: 'MEMBERSHIP_MODE' }])
      expect((await invite(acme, { emails: ['late@example.com'] })).userErrors).toMatchObject([
        { code: 'MEMBERSHIP_MODE' },
      ])
      const [added, resent, link] = await Promise.all([
        admin().send(
          'mutation ($id: ID!, $user: ID!, $role: ID!) { addMember(organizationId: $id, userId: $user, roleId: $role) { userErrors { code } } }',
          { id: acme.id, user: toTypeId('User', guest.userId), role: await roleId(gatehouse, acme, 'member') },
        ),
        admin().send(
          'mutation ($id: ID!, $ids: [ID!]!) { resendInvitations(organizationId: $id, ids: $ids) { userErrors { code } } }',
          { id: acme.id, ids: [letter.id] },
        ),
        admin().send('mutation ($id: ID!) { createInvitationLink(id: $id) { userErrors { code } } }', {
          id: letter.id,
        }),
      ])
      const refusals = [added.data.addMember, resent.data.resendInvitations, link.data.createInvitationLink]
      expect(refusals.flatMap(codes)).toEqual(['MEMBERSHIP_MODE', 'MEMBERSHIP_MODE', 'MEMBERSHIP_MODE'])
      const opened = await member.account.send(SWITCH_TO, { id: acme.id })
      expect(codes(opened.data.switchOrganization)).toEqual(['MEMBERSHIP_MODE'])
    })

    it('writes to the Admins and to those who have to act, and to nobody else', async () => {
      const okta = await arrangeProvider(gatehouse, acme, { status: 'TESTED' })
      const [linked, unlinked] = [await join(gatehouse, acme), await join(gatehouse, acme)]
      await arrangeIdentity(gatehouse, acme, okta, linked)
      const { codes: recoveryCodes } = await switchedToSso(gatehouse, acme, { providers: [okta] })
      expect((await mails('mail.link-sign-in')).map(({ destination }) => destination)).toEqual([unlinked.email])
      expect(await mails('mail.membership-mode')).toMatchObject([
        { destination: acme.admin.email, payload: { to: 'SSO', isRevert: false } },
      ])
      const everything = JSON.stringify([
        await gatehouse.superuser.rows('SELECT details FROM audit_events WHERE organization_id = $1', [acme.uuid]),
        await gatehouse.superuser.rows('SELECT payload FROM outbox_messages WHERE organization_id = $1', [acme.uuid]),
        gatehouse.logs,
      ])
      expect(recoveryCodes.some((code) => everything.includes(code))).toBe(false)
      expect(everything).toContain('organization.membership_mode.switched'.slice(0, 5))
    })

    it('suspends at the deadline whoever has not linked a sign-in; others stay, and so does the last Admin', async () => {
      const { provider } = await switchedToSso(gatehouse, acme)
      const [linked, unlinked] = [await comeThrough(gatehouse, acme, provider), await join(gatehouse, acme)]
      const careless = await join(gatehouse, acme, 'admin')
      await gatehouse.superuser.rows(
        `UPDATE members SET joined_at = now() - interval '1 day' WHERE organization_id = $1`,
        [acme.uuid],
      )
      await gatehouse.superuser.rows(
        `UPDATE organization_sessions SET revoked_at = now() WHERE member_id = ANY ($1::uuid[])`,
        [[unlinked.memberId, careless.memberId]],
      )
      expect(await settleSwitches(gatehouse.app.spine)).toBe(0)
      const latest = async () => (await admin().send(LATEST, { id: acme.id })).data.organization.membershipModeSwitch
      expect(await latest()).toMatchObject({ status: 'GRACE', waiting: 2, suspended: 0 })
      await pass(`grace_ends_at = now() - interval '1 minute'`)
      expect(await settleSwitches(gatehouse.app.spine)).toBe(2)
      expect(await settleSwitches(gatehouse.app.spine)).toBe(0)
      expect(await Promise.all([acme.admin, linked, unlinked, careless].map(statusOf))).toEqual([
        'JOINED',
        'JOINED',
        'SUSPENDED',
        'SUSPENDED',
      ])
      expect(await latest()).toMatchObject({ status: 'COMPLETED', waiting: 0, suspended: 2, isRevertible: true })
    })

    it('is reverted with status, role, teams, projects and links; sessions stay dead', async () => {
      const access = arrangeAccess(gatehouse, acme)
      const [project, team] = [await access.project(), await access.team()]
      const letter = await invited(gatehouse, acme, 'guest@example.com', {
        roleId: await roleId(gatehouse, acme, 'admin'),
        projectGrants: [{ projectId: project.id, roleId: (await access.role('PROJECT', 'project_member')).id }],
        teamIds: [team.id],
      })
      const member = await join(gatehouse, acme)
      await access.grant(project, { member })
      await access.putIn(team, member, 'MANAGER')
      const { switchId } = await switchedToSso(gatehouse, acme)
      await pass(`grace_ends_at = now() - interval '1 minute'`)
      expect(await settleSwitches(gatehouse.app.spine)).toBe(1)
      expect(await statusOf(member)).toBe('SUSPENDED')

      const reverted = await switcher(acme).revert(switchId)
      expect(reverted).toMatchObject({
        membershipModeSwitch: { to: 'INVITATION', status: 'COMPLETED', isRevertible: false },
        organization: { membershipMode: 'INVITATION' },
        userErrors: [],
      })
      expect(await statusOf(member)).toBe('JOINED')
      expect(await standing(gatehouse, acme, 'guest@example.com')).toEqual([
        { member: 'INVITED', invitation: 'PENDING', role: 'admin' },
      ])
      const kept = await gatehouse.superuser.rows(
        `SELECT (SELECT count(*)::int FROM project_grants WHERE organization_id = $1) AS grants,
           (SELECT count(*)::int FROM team_members WHERE organization_id = $1) AS places,
           (SELECT member_count FROM teams WHERE id = $2) AS counted`,
        [acme.uuid, team.uuid],
      )
      expect(kept).toEqual([{ grants: 2, places: 2, counted: 2 }])
      const old = await gatehouse
        .client()
        .send('query ($token: String!) { invitationByToken(token: $token) { status } }', { token: letter.token })
      expect(old.data.invitationByToken).toEqual({ status: 'PENDING' })
      expect(await getsIn(member)).toBe(false)
      const { data } = await member.account.send(SWITCH_TO, { id: acme.id })
      expect(codes(data.switchOrganization)).toEqual([])
      expect(codes(await switcher(acme).revert(switchId))).toEqual(['WRONG_STATE'])
      expect(codes(await switcher(acme).revert(reverted.membershipModeSwitch.id))).toEqual(['WRONG_STATE'])
    })

    it('is reverted for 90 days, by Admins only', async () => {
      const weak = await join(gatehouse, acme)
      const { switchId, provider } = await switchedToSso(gatehouse, acme)
      const { organization } = await comeThrough(gatehouse, acme, provider)
      const stranger = (await found(gatehouse, 'Rival')).admin.organization
      expect(codes(await switcher(acme).revert(switchId, organization))).toEqual(['FORBIDDEN'])
      expect(codes(await switcher(acme).revert(switchId, stranger))).toEqual(['NOT_FOUND'])
      await pass(`revertible_until = now() - interval '1 minute'`)
      expect(codes(await switcher(acme).revert(switchId))).toEqual(['WRONG_STATE'])
      expect(await getsIn(weak)).toBe(false)
    })

    it('leaves alone whom somebody has decided about since', async () => {
      const [gone, blocked] = [await join(gatehouse, acme), await join(gatehouse, acme)]
      await invite(acme, { emails: ['twice@example.com'] })
      const { switchId, provider } = await switchedToSso(gatehouse, acme)
      await pass(`grace_ends_at = now() - interval '1 minute'`)
      expect(await settleSwitches(gatehouse.app.spine)).toBe(2)
      await admin().send(
        'mutation ($id: ID!, $m: [ID!]!) { removeMembers(organizationId: $id, members: { ids: $m }) { userErrors { code } } }',
        { id: acme.id, m: [memberTypeId(gone)] },
      )
      await gatehouse.superuser.rows(`UPDATE members SET suspension_reason = 'Stole a stapler' WHERE id = $1`, [
        blocked.memberId,
      ])
      const twin = await comeThrough(gatehouse, acme, provider)
      await gatehouse.superuser.rows(`UPDATE members SET email = 'twice@example.com' WHERE id = $1`, [twin.memberId])
      await switcher(acme).revert(switchId)
      expect([await statusOf(gone), await statusOf(blocked)]).toEqual(['REMOVED', 'SUSPENDED'])
      expect((await standing(gatehouse, acme, 'twice@example.com')).map(({ member }) => member)).toEqual([
        'REMOVED',
        'SUSPENDED',
      ])
    })
  })

  it('keeps the last Admin with recovery codes while members come by SSO', async () => {
    const second = await join(gatehouse, acme, 'admin')
    const { provider } = await switchedToSso(gatehouse, acme)
    await arrangeIdentity(gatehouse, acme, provider, second)
    const by = gatehouse.client(await openSession(gatehouse, acme.uuid, second.memberId))
    await gatehouse.superuser.rows(
      `UPDATE organization_sessions s SET provider = 'SSO', sso_provider_id = i.sso_provider_id, sso_identity_id = i.id,
         account_session_id = NULL, authenticated_at = now()
       FROM sso_identities i WHERE i.member_id = s.member_id AND s.member_id = $1 AND s.revoked_at IS NULL`,
      [second.memberId],
    )
    const role = await roleId(gatehouse, acme, 'member')
    const ask = async (field: string, more = '') => {
      const { data } = await by.send(
        `mutation ($id: ID!, $ids: [ID!]!) { done: ${field}(organizationId: $id, members: { ids: $ids }${more}) { results { userErrors { code } } } }`,
        { id: acme.id, ids: [memberTypeId(acme.admin)] },
      )
      return data.done.results[0].userErrors[0]?.code ?? null
    }
    for (const [field, more] of [
      ['removeMembers', ''],
      ['suspendMembers', ''],
      ['setMembersRole', `, roleId: "${role}"`],
    ] as const)
      expect([field, await ask(field, more)]).toEqual([field, 'LAST_WAY_IN'])
    const leaving = await acme.admin.organization.send(
      'mutation ($id: ID!) { leaveOrganization(id: $id) { userErrors { code } } }',
      { id: acme.id },
    )
    expect(leaving.data.leaveOrganization.userErrors).toEqual([{ code: 'LAST_WAY_IN' }])
    const { data } = await by.send(
      'query ($id: ID!) { node(id: $id) { ... on Member { viewerCan(action: REMOVE) { allowed reason } } } }',
      { id: memberTypeId(acme.admin) },
    )
    expect(data.node.viewerCan).toEqual({ allowed: false, reason: 'LAST_WAY_IN' })
    const codes = await by.send('mutation ($id: ID!) { replaceRecoveryCodes(memberId: $id) { userErrors { code } } }', {
      id: memberTypeId(second),
    })
    expect(codes.data.replaceRecoveryCodes.userErrors).toEqual([])
    expect(await ask('setMembersRole', `, roleId: "${role}"`)).toBeNull()
  })

  describe('switched to invitations', () => {
    it('stops connections and directories, ends their sessions and suspends who has no account', async () => {
      const { provider } = await switchedToSso(gatehouse, acme)
      const employee = await comeThrough(gatehouse, acme, provider)
      const [directory] = await gatehouse.superuser.rows<{ id: string }>(
        `INSERT INTO directories (organization_id, id, organization_mode, name, vendor, status, default_role_id)
         SELECT $1, gen_random_uuid(), 'SSO', 'Okta', 'OKTA', 'ACTIVE', id FROM roles WHERE organization_id = $1 AND key = 'member' RETURNING id`,
        [acme.uuid],
      )
      const preview = await switcher(acme).preview('INVITATION')
      expect(outcomes(preview)).toEqual({ KEEP: 1, LOSES_ACCESS: 1 })
      expect(preview).toMatchObject({ blockers: [], stops: [{}], stopsDirectories: [{ name: 'Okta' }] })
      const switched = await switcher(acme).switchBy(preview.token, 'INVITATION')
      expect(switched).toMatchObject({
        membershipModeSwitch: { status: 'COMPLETED', graceEndsAt: null, suspended: 1 },
        organization: { membershipMode: 'INVITATION' },
        recoveryCodes: [],
      })
      expect([await getsIn(employee), await statusOf(employee)]).toEqual([false, 'SUSPENDED'])
      const stopped = () =>
        gatehouse.superuser.rows(
          `SELECT p.status AS provider, d.status AS directory, d.organization_mode AS mode FROM sso_providers p, directories d WHERE p.id = $1 AND d.id = $2`,
          [provider.uuid, directory!.id],
        )
      expect(await stopped()).toEqual([{ provider: 'DISABLED', directory: 'PAUSED', mode: null }])

      const reverted = await switcher(acme).revert(switched.membershipModeSwitch.id)
      expect(reverted).toMatchObject({ organization: { membershipMode: 'SSO' }, userErrors: [] })
      expect(await stopped()).toEqual([{ provider: 'ACTIVE', directory: 'ACTIVE', mode: 'SSO' }])
      expect(await statusOf(employee)).toBe('JOINED')
    })

    it('shows whom it has locked out, who are invited back with teams and grants', async () => {
      const access = arrangeAccess(gatehouse, acme)
      const [project, team] = [await access.project(), await access.team()]
      const { provider } = await switchedToSso(gatehouse, acme)
      const [emma, other] = [await comeThrough(gatehouse, acme, provider), await comeThrough(gatehouse, acme, provider)]
      await access.grant(project, { member: emma })
      await access.putIn(team, emma, 'MANAGER')
      const { membershipModeSwitch } = await switcher(acme).switchTo('INVITATION')
      const lockedOut = async () => {
        const { data } = await admin().send(LOCKED_OUT, { id: membershipModeSwitch.id })
        return data.node.lockedOut.nodes.map(({ member, outcome }: Answer) => [member.email, outcome])
      }
      expect(await lockedOut()).toEqual([
        [emma.email, 'LOSES_ACCESS'],
        [other.email, 'LOSES_ACCESS'],
      ])
      const letter = await invited(gatehouse, acme, emma.email, { roleId: await roleId(gatehouse, acme, 'admin') })
      expect(await lockedOut()).toEqual([[other.email, 'LOSES_ACCESS']])
      expect(await statusOf(emma)).toBe('INVITED')

      const own = await signUp(gatehouse, 'Emma')
      const accept = async () =>
        (await own.account.send(ACCEPT, { token: letter.token })).data.acceptInvitation.userErrors as Answer[]
      expect((await accept()).map(({ code }) => code)).toEqual(['EMAIL_MISMATCH'])
      await gatehouse.superuser.rows(`UPDATE identities SET verified_emails = ARRAY[$2] WHERE user_id = $1`, [
        own.userId,
        emma.email,
      ])
      expect(await accept()).toEqual([])
      const [back] = await gatehouse.superuser.rows(
        `SELECT m.status, m.user_id AS "userId", r.key AS role,
           (SELECT count(*)::int FROM project_grants g WHERE g.member_id = m.id) AS grants,
           (SELECT t.role FROM team_members t WHERE t.member_id = m.id) AS team,
           (SELECT count(*)::int FROM sso_identities i WHERE i.member_id = m.id) AS subjects,
           (SELECT count(*)::int FROM user_memberships u WHERE u.member_id = m.id) AS memberships
         FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id WHERE m.id = $1`,
        [emma.memberId],
      )
      expect(back).toEqual({
        status: 'JOINED',
        userId: own.userId,
        role: 'admin',
        grants: 1,
        team: 'MANAGER',
        subjects: 0,
        memberships: 1,
      })
    })

    it('lets nobody invite back whom an Admin has suspended, or without the right to give access back', async () => {
      const { provider } = await switchedToSso(gatehouse, acme)
      const [emma, blocked] = [
        await comeThrough(gatehouse, acme, provider),
        await comeThrough(gatehouse, acme, provider),
      ]
      await gatehouse.superuser.rows(
        `UPDATE organization_sessions SET revoked_at = now() WHERE member_id = ANY ($1::uuid[])`,
        [[emma.memberId, blocked.memberId]],
      )
      await admin().send(
        'mutation ($id: ID!, $m: [ID!]!) { suspendMembers(organizationId: $id, members: { ids: $m }) { userErrors { code } } }',
        { id: acme.id, m: [memberTypeId(blocked)] },
      )
      await switcher(acme).switchTo('INVITATION')
      const inviting = ['organization.read', 'member.read', 'team.read', 'invitation.create']
      const recruiter = await joinAs(gatehouse, acme, await makeRole(acme, 'Recruiter', inviting))
      const outcomesOf = async (client = admin()) =>
        (await invite(acme, { emails: [emma.email, blocked.email] }, client)).results.map(
          ({ outcome }: Answer) => outcome,
        )
      expect(await outcomesOf(recruiter.organization)).toEqual(['ALREADY_MEMBER', 'ALREADY_MEMBER'])
      expect(await outcomesOf()).toEqual(['SENT', 'ALREADY_MEMBER'])
      expect(await outcomesOf()).toEqual(['ALREADY_INVITED', 'ALREADY_MEMBER'])
    })

    it('invites back once, however many ask at the same time', async () => {
      const { provider } = await switchedToSso(gatehouse, acme)
      const locked: string[] = []
      for (let each = 0; each < RACES; each += 1) locked.push((await comeThrough(gatehouse, acme, provider)).email)
      await switcher(acme).switchTo('INVITATION')
      for (const email of locked) {
        const answers = await Promise.all([1, 2, 3].map(() => invite(acme, { emails: [email] })))
        const outcomes = answers.map(({ results }) => String(results[0].outcome)).sort()
        expect(outcomes).toEqual(['ALREADY_INVITED', 'ALREADY_INVITED', 'SENT'])
      }
      expect(await forbiddenStates(gatehouse, acme)).toEqual([])
    })

    it('is refused while no Admin could sign in without the company', async () => {
      const { provider } = await switchedToSso(gatehouse, acme)
      const employee = await comeThrough(gatehouse, acme, provider)
      const [adminRole] = await gatehouse.superuser.rows<{ id: string }>(
        `SELECT id FROM roles WHERE organization_id = $1 AND key = 'admin'`,
        [acme.uuid],
      )
      await gatehouse.superuser.rows('UPDATE members SET role_id = $2 WHERE id = $1', [
        employee.memberId,
        adminRole!.id,
      ])
      await gatehouse.superuser.rows('DELETE FROM identities WHERE user_id = $1', [acme.admin.userId])
      await gatehouse.superuser.rows('UPDATE organization_counters SET admins = 2 WHERE organization_id = $1', [
        acme.uuid,
      ])
      const client = employee.organization
      const { blockers, token } = await switcher(acme).preview('INVITATION', { client })
      expect(blockers).toMatchObject([{ code: 'LAST_WAY_IN' }])
      expect(codes(await switcher(acme).switchBy(token, 'INVITATION', { client }))).toEqual(['LAST_WAY_IN'])
    })
  })

  describe('of a large organization', () => {
    const MANY = rounds(2_000, 100_000)

    // Statements that look at each member for each other one would not end within the patience of the full count.
    it('is switched there, back and reverted in one answer each', async () => {
      const okta = await arrangeProvider(gatehouse, acme, { status: 'TESTED' })
      await joinMany(gatehouse, acme, okta, MANY)
      const { switchTo, revert } = switcher(acme)
      const there = await switchTo('SSO', { providers: [okta] })
      expect(there.membershipModeSwitch).toMatchObject({ waiting: MANY / 2, suspended: 0 })
      expect(there.recoveryCodes).toHaveLength(1)
      const back = await switchTo('INVITATION')
      expect(back.membershipModeSwitch).toMatchObject({ waiting: 0, suspended: MANY / 2 })
      const reverted = await revert(back.membershipModeSwitch.id)
      expect(reverted.membershipModeSwitch).toMatchObject({ waiting: MANY / 2, suspended: 0 })
      expect(reverted.userErrors).toEqual([])
    })
  })
})
