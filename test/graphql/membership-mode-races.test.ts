import { Operation, systemCaller, writeUseCase } from '../../src/access'
import { toTypeId } from '../../src/kernel/ids'
import { provisionMember } from '../../src/modules/members'
import { findRoles } from '../../src/modules/roles'

import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { invite, invited, roleId } from '../support/invitations'
import { forbiddenStates, switchedToSso, switcher } from '../support/membership-mode'
import { ACCESS_RACES, inLanes } from '../support/soak'
import { arrangeProvider } from '../support/sso'
import { found, join, signUp, type TestOrganization } from '../support/world'

const ROUNDS = ACCESS_RACES
const SWITCH_TO = `mutation ($id: ID!, $code: String) { switchOrganization(organizationId: $id, recoveryCode: $code) {
  token userErrors { code } } }`

/** What a just-in-time sign-in writes. */
const comeIn = writeUseCase({
  name: 'comeInByTest',
  requires: 'operator',
  organization: (input: { organizationId: string; email: string }) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, email }) {
    const roles = await findRoles(context.tx, organizationId, 'ORGANIZATION')
    const role = roles.find(({ key }) => key === 'member')!
    return provisionMember(context, organizationId, { name: 'Emma', email, role, source: 'SSO' })
  },
})

describe('a switch of the membership mode at the same time as', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  const codes = (payload: Answer): string[] => payload.userErrors.map(({ code }: Answer) => code)

  /** Runs a race in organizations of its own, and looks for what must not be. @returns how often the rival got through */
  async function race(
    count: number,
    arrange: (acme: TestOrganization, round: number) => Promise<() => Promise<boolean>>,
  ): Promise<{ rival: number; switched: number }> {
    const won = { rival: 0, switched: 0 }
    await inLanes(count, async (round) => {
      const acme = await found(gatehouse, 'Acme')
      await arrangeProvider(gatehouse, acme, { status: 'TESTED' })
      const rival = await arrange(acme, round)
      const { preview, switchBy } = switcher(acme)
      const { token } = await preview('SSO')
      // Now one has a head start, now the other.
      const pause = () => new Promise((resolve) => setTimeout(resolve, (round % 5) * 3))
      const [switched, through] = await Promise.all([
        (round % 2 === 0 ? pause() : Promise.resolve()).then(() => switchBy(token, 'SSO')),
        (round % 2 === 0 ? Promise.resolve() : pause()).then(rival),
      ])
      expect([[], ['CONFLICT']]).toContainEqual(codes(switched))
      if (codes(switched).length === 0) won.switched += 1
      if (through) won.rival += 1
      expect([round, await forbiddenStates(gatehouse, acme)]).toEqual([round, []])
    })
    return won
  }

  it('invitations leaves no invitation pending in SSO mode', async () => {
    const won = await race(ROUNDS, async (acme, round) => async () => {
      const payload = await invite(acme, { emails: [`guest.${round}@example.com`] })
      return payload.results?.[0]?.outcome === 'SENT'
    })
    expect(won.switched).toBeGreaterThan(0)
    expect(won.switched).toBeLessThanOrEqual(ROUNDS)
  })

  it('acceptances lets nobody join the old way afterwards', async () => {
    await race(ROUNDS, async (acme) => {
      const guest = await signUp(gatehouse, 'Guest')
      const { token } = await invited(gatehouse, acme, guest.email)
      return async () => {
        const { data } = await guest.account.send(
          'mutation ($token: String!) { acceptInvitation(input: { token: $token }) { userErrors { code } } }',
          { token },
        )
        return codes(data.acceptInvitation).length === 0
      }
    })
  })

  it('direct adds lets nobody in the old way afterwards', async () => {
    await race(ROUNDS, async (acme) => {
      const [person, role] = [await signUp(gatehouse, 'Grace'), await roleId(gatehouse, acme, 'member')]
      return async () => {
        const { data } = await acme.admin.organization.send(
          'mutation ($id: ID!, $user: ID!, $role: ID!) { addMember(organizationId: $id, userId: $user, roleId: $role) { userErrors { code } } }',
          { id: acme.id, user: toTypeId('User', person.userId), role },
        )
        return codes(data.addMember).length === 0
      }
    })
  })

  it('sessions from the account side leaves none of them alive', async () => {
    await race(ROUNDS, async (acme) => {
      const member = await join(gatehouse, acme)
      return async () => {
        const { data } = await member.account.send(SWITCH_TO, { id: acme.id })
        return codes(data.switchOrganization).length === 0
      }
    })
  })

  it('activations and just-in-time members admits neither before it', async () => {
    const won = await race(ROUNDS, async (acme, round) => {
      const other = await arrangeProvider(gatehouse, acme, { status: 'TESTED' })
      return async () => {
        const activated = acme.admin.organization.send(
          'mutation ($id: ID!) { activateSsoProvider(id: $id) { userErrors { code } } }',
          { id: other.id },
        )
        const joined = new Operation(gatehouse.app.spine, systemCaller('test', acme.uuid))
          .execute(comeIn, { organizationId: acme.uuid, email: `emma.${round}@example.com` })
          .then(
            () => true,
            (error: { code: string }) => (expect(error.code).toBe('MEMBERSHIP_MODE'), false),
          )
        const outcome = codes((await activated).data.activateSsoProvider)
        expect([[], ['MEMBERSHIP_MODE']]).toContainEqual(outcome)
        return joined
      }
    })
    expect(won.switched).toBeGreaterThan(0)
  })

  it('another one lets exactly one through', async () => {
    await inLanes(ROUNDS, async () => {
      const acme = await found(gatehouse, 'Acme')
      await arrangeProvider(gatehouse, acme, { status: 'TESTED' })
      const { preview, switchBy } = switcher(acme)
      const { token } = await preview('SSO')
      const all = await Promise.all([1, 2, 3].map(() => switchBy(token, 'SSO')))
      expect(all.flatMap(codes)).toEqual(['WRONG_STATE', 'WRONG_STATE'])
      expect(await forbiddenStates(gatehouse, acme)).toEqual([])
      const switches = await gatehouse.superuser.rows(
        'SELECT FROM membership_mode_switches WHERE organization_id = $1',
        [acme.uuid],
      )
      expect(switches).toHaveLength(1)
    })
  })
})

describe('a recovery code', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let codes: string[]

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    codes = (await switchedToSso(gatehouse, acme)).codes
  })
  afterAll(() => gatehouse.close())

  const enter = async (code: string, person = acme.admin): Promise<Answer> =>
    (await person.account.send(SWITCH_TO, { id: acme.id, code })).data.switchOrganization
  const fresh = async (): Promise<string[]> => {
    const { data } = await acme.admin.organization.send(
      'mutation ($id: ID!) { replaceRecoveryCodes(memberId: $id) { recoveryCodes { codes } userErrors { code } } }',
      { id: toTypeId('Member', acme.admin.memberId) },
    )
    return data.replaceRecoveryCodes.recoveryCodes.codes
  }

  it('lets its Admin in for an hour, once, however it is typed, and every Admin is told', async () => {
    const second = await join(gatehouse, acme, 'admin')
    const entered = await enter(` ${codes[0]!.toLowerCase().replaceAll('-', ' ')} `)
    expect(entered).toEqual({ token: expect.stringMatching(/^gos_/), userErrors: [] })
    const { data } = await gatehouse
      .client(entered.token)
      .send('{ viewer { sessions { authenticatedBy expiresAt isCurrent } } }')
    const session = data.viewer.sessions.find(({ isCurrent, authenticatedBy }: Answer) => isCurrent && authenticatedBy)
    expect(session.authenticatedBy).toBe('RECOVERY_CODE')
    expect(new Date(session.expiresAt).getTime()).toBeLessThan(Date.now() + 3_700_000)
    expect((await enter(codes[0]!)).userErrors).toEqual([{ code: 'INVALID' }])
    const mails = await gatehouse.superuser.rows<{ destination: string }>(
      `SELECT destination FROM outbox_messages WHERE kind = 'mail.break-glass' AND payload ->> 'event' = 'USED' ORDER BY 1`,
    )
    expect(mails.map(({ destination }) => destination)).toEqual([acme.admin.email, second.email].sort())
    const actions = await gatehouse.superuser.rows<{ action: string }>(
      `SELECT action FROM audit_events WHERE organization_id = $1 AND action LIKE 'recovery_code.%' ORDER BY id`,
      [acme.uuid],
    )
    expect(actions.map(({ action }) => action)).toEqual(['recovery_code.used', 'recovery_code.refused'])
  })

  it('counts for its Admin alone, signed in to their account', async () => {
    const other = await join(gatehouse, acme, 'admin')
    expect((await enter(codes[1]!, other)).userErrors).toEqual([{ code: 'INVALID' }])
    const stranger = await found(gatehouse, 'Rival')
    expect((await enter(codes[1]!, stranger.admin)).userErrors).toEqual([{ code: 'NOT_FOUND' }])
    const { errors } = await gatehouse.client().send(SWITCH_TO, { id: acme.id, code: codes[1] })
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    expect((await enter(codes[1]!)).userErrors).toEqual([])
  })

  it('is worth nothing once it was replaced, or its Admin is none any more', async () => {
    const [old] = await fresh()
    const [next] = await fresh()
    expect((await enter(old!)).userErrors).toEqual([{ code: 'INVALID' }])
    await gatehouse.superuser.rows(
      `UPDATE members SET role_id = (SELECT id FROM roles WHERE organization_id = $1 AND key = 'member') WHERE id = $2`,
      [acme.uuid, acme.admin.memberId],
    )
    expect((await enter(next!)).userErrors).toEqual([{ code: 'INVALID' }])
    await gatehouse.superuser.rows(
      `UPDATE members SET role_id = (SELECT id FROM roles WHERE organization_id = $1 AND key = 'admin') WHERE id = $2`,
      [acme.uuid, acme.admin.memberId],
    )
    expect((await enter(next!)).userErrors).toEqual([])
  })

  it('is not guessed: after five wrong ones a right one has to wait', async () => {
    const [right] = await fresh()
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect((await enter('00000-00000-00000-00000-00000')).userErrors).toEqual([{ code: 'INVALID' }])
    const { errors } = await acme.admin.account.send(SWITCH_TO, { id: acme.id, code: right })
    expect(errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
    await gatehouse.superuser.rows(`UPDATE break_glass_admins SET failing_since = now() - interval '16 minutes'`)
    expect((await enter(right!)).userErrors).toEqual([])
  })

  it('opens one session, however many ask with it at once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [code] = await fresh()
      const all = await Promise.all([1, 2, 3, 4].map(() => enter(code!)))
      expect(all.filter(({ token }) => token !== null)).toHaveLength(1)
      await gatehouse.superuser.rows('UPDATE break_glass_admins SET failures = 0, failing_since = NULL')
    }
  })

  it('is given to Admins with an account only', async () => {
    const weak = await join(gatehouse, acme)
    const replace = async (memberId: string, client = acme.admin.organization): Promise<Answer> =>
      (
        await client.send('mutation ($id: ID!) { replaceRecoveryCodes(memberId: $id) { userErrors { code } } }', {
          id: toTypeId('Member', memberId),
        })
      ).data.replaceRecoveryCodes.userErrors
    expect(await replace(weak.memberId)).toEqual([{ code: 'INVALID' }])
    expect(await replace(acme.admin.memberId, weak.organization)).toEqual([{ code: 'FORBIDDEN' }])
    const rival = await found(gatehouse, 'Rival')
    expect(await replace(rival.admin.memberId)).toEqual([{ code: 'NOT_FOUND' }])
    expect(await replace(acme.admin.memberId, rival.admin.organization)).toEqual([{ code: 'NOT_FOUND' }])
  })
})
