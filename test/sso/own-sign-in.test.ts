import { inflateRawSync } from 'node:zlib'
import { anonymousCaller, Operation } from '../../src/access'
import { newId, toTypeId } from '../../src/kernel/ids'
import { connectOwnSignIn } from '../../src/modules/own-sign-in'
import { forbiddenStates, switchedToSso, switcher } from '../support/membership-mode'
import { pickPerson } from '../support/sign-in-at-identity-provider'
import { inLanes, RACES } from '../support/soak'
import { comeThrough } from '../support/sso'
import {
  arrangeSsoOrganization,
  CompanyBrowser,
  connect,
  pathOf,
  providerUuid,
  type SsoOrganization,
  startWorld,
  type World,
} from '../support/sso-company'
import { found, join, signUp } from '../support/world'

const VIEWER = '{ viewer { user { email } memberships { organization { name } } identities { kind email } } }'

describe('a way to sign in of ones own, for members who come through a company', () => {
  let world: World
  let globex: SsoOrganization
  let globexId: string
  let people = 0

  beforeAll(async () => {
    world = await startWorld({}, { withAccounts: true })
    globex = await arrangeSsoOrganization(world.gatehouse)
    globexId = await connect(world, globex, 'OIDC')
  })
  afterAll(() => world.close())

  const rows = <Row extends object>(sql: string, values: unknown[] = []) =>
    world.gatehouse.superuser.rows<Row>(sql, values)
  const pathIn = ({ slug }: SsoOrganization) => `/organizations/${slug}/own-sign-in`
  const page = () => pathIn(globex)

  /** An employee who has signed in through the company a moment ago. */
  const arrive = async (organization = globex, providerId = globexId) => {
    people += 1
    const email = `employee-${people}@${organization.domain}`
    const browser = new CompanyBrowser(world.gatehouse.url)
    await browser.signIn(providerId, 'OIDC', email, { name: 'Emma Employee' })
    const [member] = await rows<{ id: string; userId: string }>(
      `SELECT id, user_id AS "userId" FROM members WHERE email = $1`,
      [email],
    )
    return { browser, email, memberId: member!.id, userId: member!.userId }
  }
  /** Where the page leads to prove a way to sign in; null when it offers none. */
  const wayOn = async (browser: CompanyBrowser, path = page(), label = 'local') => {
    const { html } = await browser.get(path)
    const [, start] = new RegExp(`href="(/login/${label}[^"]*connect=1[^"]*)"`).exec(html) ?? []
    return start?.replaceAll('&amp;', '&') ?? null
  }
  /** Goes to the local identity provider as somebody. @returns the way back, not yet followed */
  const prove = async (browser: CompanyBrowser, own: string, path = page()) => {
    const { location } = await browser.get((await wayOn(browser, path))!)
    return pathOf(await pickPerson(location!, own, 'Emma Own'))
  }
  const identitiesOf = (userId: string) =>
    rows('SELECT provider, email, connected_in AS "connectedIn" FROM identities WHERE user_id = $1', [userId])
  const signInTo = async (own: string) => {
    const browser = new CompanyBrowser(world.gatehouse.url)
    const { location } = await browser.get('/login/local/start')
    await browser.get(pathOf(await pickPerson(location!, own, 'Emma Own')))
    return browser
  }
  const age = (sql: string, memberId: string) =>
    rows(`UPDATE organization_sessions SET ${sql} WHERE member_id = $1`, [memberId])

  it('is connected by proving both in one browser, recorded, and told to the member', async () => {
    const { browser, email, memberId, userId } = await arrive()
    const home = await browser.get(`/organizations/${globex.slug}`)
    expect(home.html).toContain(`href="${page()}"`)
    const done = await browser.get(await prove(browser, 'emma@own.example'))
    expect([done.status, done.location]).toEqual([303, world.gatehouse.url + page()])
    expect((await browser.get(page())).html).toContain('You have one.')
    expect(await identitiesOf(userId)).toEqual([
      { provider: 'LOCAL', email: 'emma@own.example', connectedIn: globex.uuid },
    ])
    expect(await rows('SELECT email, name FROM users WHERE id = $1', [userId])).toEqual([
      { email: 'emma@own.example', name: 'Emma Employee' },
    ])
    const [audited] = await rows(
      `SELECT action FROM audit_events WHERE action = 'member.own_sign_in.connected' AND $2 = ANY (target_ids)
         AND organization_id = $1`,
      [globex.uuid, toTypeId('Member', memberId)],
    )
    expect(audited).toBeDefined()
    const mail = await rows(
      `SELECT payload FROM outbox_messages WHERE kind = 'mail.own-sign-in' AND destination = $1`,
      [email],
    )
    expect(mail).toEqual([{ payload: { organizationName: 'Globex', ip: '127.0.0.1' } }])
  })

  it('opens an account that lists the organization, which is still entered through the company', async () => {
    const { browser } = await arrive()
    await browser.get(await prove(browser, 'lists@own.example'))
    const account = await signInTo('lists@own.example')
    expect(account.session).toBeNull()
    expect((await account.get('/')).html).toContain('Globex')
    const opened = await account.submit(`/organizations/${globex.slug}/open`)
    expect(opened.html).toContain(`/sso/${globexId}/start`)
    expect(account.session).toBeNull()
  })

  it('is connected by a code, too', async () => {
    const { browser, userId } = await arrive()
    await browser.get((await wayOn(browser, page(), 'email'))!)
    await browser.submit('/login/email', { email: 'by-code@own.example' })
    const [row] = await rows<{ organization_id: string; id: string; sealed: Buffer }>(
      `SELECT * FROM outbox_messages WHERE kind = 'mail.sign-in-code' AND destination = 'by-code@own.example'`,
    )
    const code = world.gatehouse.app.spine.sealer.open(
      row!.sealed,
      `outbox_messages/${row!.organization_id}/${row!.id}`,
    )
    expect((await browser.submit('/login/email/verify', { code })).location).toBe(world.gatehouse.url + page())
    expect(await identitiesOf(userId)).toMatchObject([{ provider: 'EMAIL', email: 'by-code@own.example' }])
  })

  it('is offered to whoever has signed in through the company a moment ago, and else asks for that anew', async () => {
    const { browser, email, memberId } = await arrive()
    for (const [stale, fresh] of [
      [`authenticated_at = now() - interval '16 minutes'`, 'authenticated_at = now()'],
      [`created_at = now() - interval '16 minutes'`, 'created_at = now()'],
    ] as const) {
      await age(stale, memberId)
      expect(await wayOn(browser)).toBeNull()
      await age(fresh, memberId)
      expect(await wayOn(browser)).not.toBeNull()
    }
    await age(`authenticated_at = now() - interval '16 minutes'`, memberId)
    const [, again] = /href="(\/sso\/[^"]*fresh=1[^"]*)"/.exec((await browser.get(page())).html)!
    const path = again!.replaceAll('&amp;', '&')
    expect(new URL((await browser.get(path)).location!).searchParams.get('prompt')).toBe('login')
    await browser.signInFrom(path, 'OIDC', email)
    expect(await wayOn(browser)).not.toBeNull()
  })

  it('asks a SAML provider anew as well', async () => {
    const other = await arrangeSsoOrganization(world.gatehouse, 'Initech')
    const id = await connect(world, other, 'SAML')
    const request = async (query: string) => {
      const { location } = await new CompanyBrowser(world.gatehouse.url).get(`/sso/${id}/start${query}`)
      const deflated = Buffer.from(new URL(location!).searchParams.get('SAMLRequest')!, 'base64')
      return inflateRawSync(deflated).toString()
    }
    expect(await request('?fresh=1')).toContain(' ForceAuthn="true"')
    expect(await request('')).not.toContain('ForceAuthn')
  })

  describe('is not connected', () => {
    it('at the word of another page, or without a session of the company', async () => {
      const { browser, userId } = await arrive()
      const attempts = () => rows('SELECT id FROM sign_in_attempts WHERE link_user_id = $1', [userId])
      for (const query of ['?connect=1', '?connect=1&token=forged'])
        expect((await browser.get(`/login/local/start${query}`)).status).toBe(403)
      const stranger = new CompanyBrowser(world.gatehouse.url)
      const start = (await wayOn(browser))!
      expect((await stranger.get(start)).status).toBe(403)
      expect(await attempts()).toEqual([])
      expect((await stranger.get(page())).location).toContain('/login?returnTo=')
    })

    it('from the session of an account, which links at home', async () => {
      const member = await join(world.gatehouse, globex)
      const browser = new CompanyBrowser(world.gatehouse.url)
      browser.cookies.set('gatehouse_account', member.accountToken)
      browser.cookies.set('gatehouse_organization', member.organizationToken)
      expect((await browser.get(page())).location).toBe(`${world.gatehouse.url}/`)
      const { html } = await browser.get('/')
      const token = /name="csrfToken" value="([^"]*)"/.exec(html)![1]!
      expect((await browser.get(`/login/local/start?connect=1&token=${token}`)).status).toBe(403)
    })

    it('when somebody else is signed in by the time it is proven', async () => {
      const [victim, attacker] = [await arrive(), await arrive()]
      const back = await prove(attacker.browser, 'attacker@own.example')
      attacker.browser.cookies.set('gatehouse_organization', victim.browser.session!)
      const answer = await attacker.browser.get(back)
      expect([answer.status, answer.html]).toEqual([401, expect.stringContaining('Nothing was connected')])
      expect([await identitiesOf(victim.userId), await identitiesOf(attacker.userId)]).toEqual([[], []])
    })

    it('in a browser that has not begun it, twice, too late, or after the session has ended', async () => {
      const { browser, memberId, userId } = await arrive()
      const back = await prove(browser, 'late@own.example')
      const other = await arrive()
      expect((await other.browser.get(back)).status).toBe(410)
      await age(`created_at = now() - interval '16 minutes'`, memberId)
      expect((await browser.get(back)).status).toBe(401)
      await age('created_at = now()', memberId)
      expect((await browser.get(back)).status).toBe(410)
      const second = await prove(browser, 'late@own.example')
      await age('revoked_at = now()', memberId)
      expect((await browser.get(second)).status).toBe(401)
      expect([await identitiesOf(userId), await identitiesOf(other.userId)]).toEqual([[], []])
    })

    it('when it opens the account of somebody, who keeps it', async () => {
      const owner = await signInTo('taken@own.example')
      const { browser, userId } = await arrive()
      const answer = await browser.get(await prove(browser, 'taken@own.example'))
      expect([answer.status, answer.html]).toEqual([409, expect.stringContaining('belongs to another account')])
      expect(await identitiesOf(userId)).toEqual([])
      expect((await owner.get('/')).html).toContain('taken@own.example')
    })

    it('a second time: a company lets nobody into what a person has made of their account', async () => {
      const { browser, email, userId } = await arrive()
      await browser.get(await prove(browser, 'first@own.example'))
      const account = await signInTo('first@own.example')
      const rival = await found(world.gatehouse, 'Rival')
      await join(world.gatehouse, rival, 'member', {
        ...(await signUp(world.gatehouse)),
        userId,
        email: 'first@own.example',
      })
      // The company can sign in as its employee whenever it likes.
      const hostile = new CompanyBrowser(world.gatehouse.url)
      await hostile.signIn(globexId, 'OIDC', email)
      expect(await wayOn(hostile)).toBeNull()
      const { html } = await hostile.get(`/organizations/${globex.slug}`)
      const token = /name="csrfToken" value="([^"]*)"/.exec(html)![1]!
      const { location } = await hostile.get(`/login/local/start?connect=1&token=${token}`)
      const refused = await hostile.get(pathOf(await pickPerson(location!, 'hostile@own.example')))
      expect([refused.status, refused.html]).toEqual([409, expect.stringContaining('Nothing was connected')])
      const { data } = await world.gatehouse.client(hostile.session!).send(VIEWER)
      expect(JSON.stringify(data)).not.toMatch(/first@own|rival|LOCAL/i)
      expect((await account.get('/')).html).toContain('Rival')
      expect(await identitiesOf(userId)).toHaveLength(1)
    })
  })

  it('is one, however many are connected at once', async () => {
    const uuid = providerUuid(globexId)
    const { spine } = world.gatehouse.app
    await inLanes(RACES, async () => {
      const { userId, token } = await comeThrough(world.gatehouse, globex, { uuid, id: globexId })
      const caller = { ...anonymousCaller({ id: 'req_race', ip: null, userAgent: null }), organizationToken: token }
      const connecting = { userId, organizationId: globex.uuid }
      const connectAs = (subject: string) => {
        const identity = { provider: 'LOCAL', subject, name: '', verifiedEmails: [`${subject}@own.example`] } as const
        return new Operation(spine, caller).execute(connectOwnSignIn, { identity, connecting }).then(
          () => 'ok',
          ({ code }: { code: string }) => code,
        )
      }
      const outcomes = await Promise.all([newId(), newId(), newId()].map(connectAs))
      expect(outcomes.sort()).toEqual(['WRONG_STATE', 'WRONG_STATE', 'ok'])
      expect(await identitiesOf(userId)).toHaveLength(1)
    })
  })

  it('is one by the constraint', async () => {
    const { userId } = await arrive()
    const insert = () =>
      rows(
        `INSERT INTO identities (id, user_id, provider, subject, connected_in) VALUES (gen_random_uuid(), $2, 'LOCAL', $1, $3)`,
        [newId(), userId, globex.uuid],
      )
    await insert()
    await expect(insert()).rejects.toThrow('identities_one_connected')
  })

  it('belongs to one of two members who connect it at once', async () => {
    const uuid = providerUuid(globexId)
    const { spine } = world.gatehouse.app
    await inLanes(RACES, async () => {
      const subject = newId()
      const identity = { provider: 'LOCAL', subject, name: '', verifiedEmails: [`${subject}@own.example`] } as const
      const connectAs = async () => {
        const { userId, token } = await comeThrough(world.gatehouse, globex, { uuid, id: globexId })
        const caller = { ...anonymousCaller({ id: 'req_race', ip: null, userAgent: null }), organizationToken: token }
        const connecting = { userId, organizationId: globex.uuid }
        return () => new Operation(spine, caller).execute(connectOwnSignIn, { identity, connecting })
      }
      const both = [await connectAs(), await connectAs()]
      const outcomes = await Promise.allSettled(both.map((run) => run()))
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    })
  })

  it('and a switch to invitations at once: one of them, and nobody with a way in is suspended', async () => {
    const { spine } = world.gatehouse.app
    const won = { switched: 0, connected: 0 }
    await inLanes(RACES, async (round) => {
      const acme = await found(world.gatehouse, 'Acme')
      const { provider } = await switchedToSso(world.gatehouse, acme)
      const { userId, memberId, token } = await comeThrough(world.gatehouse, acme, provider)
      const { preview, switchBy } = switcher(acme)
      const previewed = await preview('INVITATION')
      const caller = { ...anonymousCaller({ id: 'req_race', ip: null, userAgent: null }), organizationToken: token }
      const identity = {
        provider: 'LOCAL',
        subject: userId,
        name: '',
        verifiedEmails: [`${userId}@own.example`],
      } as const
      const connecting = { userId, organizationId: acme.uuid }
      const pause = () => new Promise((resolve) => setTimeout(resolve, (round % 5) * 10))
      const [switched, connected] = await Promise.all([
        (round % 2 === 0 ? pause() : Promise.resolve()).then(() => switchBy(previewed.token, 'INVITATION')),
        (round % 2 === 0 ? Promise.resolve() : pause()).then(() =>
          new Operation(spine, caller).execute(connectOwnSignIn, { identity, connecting }).then(
            () => true,
            () => false,
          ),
        ),
      ])
      const codes = switched.userErrors.map(({ code }: { code: string }) => code)
      expect([round, codes, await identitiesOf(userId)]).toEqual([
        round,
        connected ? ['CONFLICT'] : [],
        connected ? [expect.anything()] : [],
      ])
      const [member] = await rows('SELECT status FROM members WHERE id = $1', [memberId])
      expect(member).toEqual({ status: connected ? 'JOINED' : 'SUSPENDED' })
      won[connected ? 'connected' : 'switched'] += 1
      expect(await forbiddenStates(world.gatehouse, acme)).toEqual([])
    })
    expect(Math.min(won.switched, won.connected)).toBeGreaterThan(0)
  })

  it('lets an organization that was born in SSO mode leave it', async () => {
    const born = await arrangeSsoOrganization(world.gatehouse, 'Hooli')
    const bornId = await connect(world, born, 'OIDC')
    const [boss, colleague] = [await arrive(born, bornId), await arrive(born, bornId)]
    // Nobody has ever been there but through the company.
    await rows(`DELETE FROM identities WHERE user_id = $1`, [born.admin.userId])
    await rows(
      `UPDATE members SET role_id = (SELECT role_id FROM members WHERE id = $1) WHERE organization_id = $2 AND id = $3`,
      [born.admin.memberId, born.uuid, boss.memberId],
    )
    await rows(`UPDATE user_memberships SET role_key = 'admin' WHERE member_id = $1`, [boss.memberId])
    await rows('UPDATE organization_counters SET admins = admins + 1 WHERE organization_id = $1', [born.uuid])
    const client = () => world.gatehouse.client(boss.browser.session!)
    const { preview, switchBy } = switcher(born)
    const before = await preview('INVITATION', { client: client() })
    expect(before.blockers).toMatchObject([{ code: 'LAST_WAY_IN', message: expect.stringContaining('of their own') }])

    await boss.browser.get(await prove(boss.browser, 'boss@own.example', pathIn(born)))
    const after = await preview('INVITATION', { client: client() })
    expect(after.blockers).toEqual([])
    const outcomes = Object.fromEntries(
      after.members.nodes.map((node: { outcome: string; member: { email: string } }) => [
        node.member.email,
        node.outcome,
      ]),
    )
    expect(outcomes).toMatchObject({ [boss.email]: 'KEEP', [colleague.email]: 'LOSES_ACCESS' })
    const switched = await switchBy(after.token, 'INVITATION', { client: client() })
    expect(switched.userErrors).toEqual([])

    const own = await signInTo('boss@own.example')
    const { data } = await world.gatehouse
      .client(own.session!)
      .send(
        'query ($id: ID!) { organization(by: { id: $id }) { membershipMode } viewer { memberships { roleKey } } }',
        {
          id: born.id,
        },
      )
    expect(data).toEqual({
      organization: { membershipMode: 'INVITATION' },
      viewer: { memberships: [{ roleKey: 'admin' }] },
    })
    expect((await colleague.browser.get(`/organizations/${born.slug}`)).html).toContain('Your access is suspended')
  })
})
