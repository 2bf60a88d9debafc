import { Operation } from '../../src/access'
import { endAccountSession } from '../../src/modules/sessions'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { RACES } from '../support/soak'
import { found, openSession, type Person, signUp } from '../support/world'

const SESSIONS = '{ viewer { sessions { id scope isCurrent } } }'
const REVOKE = 'mutation ($id: ID!) { revokeSession(id: $id) { revoked userErrors { code } } }'
const REVOKE_ALL = 'mutation { revokeAllSessions { revoked userErrors { code } } }'
const WHO = '{ viewer { user { id } activeOrganization { id } } }'
const SWITCH = 'mutation ($id: ID!) { switchOrganization(organizationId: $id) { token userErrors { code } } }'

describe('own sessions', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  /** Signs an existing person in once more. */
  const anotherBrowser = async (person: Person): Promise<Person> => {
    const other = await signUp(gatehouse, 'Other')
    await gatehouse.superuser.rows('UPDATE account_sessions SET user_id = $1 WHERE user_id = $2', [
      person.userId,
      other.userId,
    ])
    return { ...person, accountToken: other.accountToken, account: other.account }
  }
  const idOfOther = async (person: Person): Promise<string> => {
    const { data } = await person.account.send(SESSIONS)
    return data.viewer.sessions.find((session: { isCurrent: boolean }) => !session.isCurrent).id
  }
  const isAlive = async (token: string) => (await gatehouse.client(token).send(WHO)).data.viewer !== null
  const signOut = async (token: string) => {
    const request = { id: 'req_test', ip: null, userAgent: null }
    const caller = {
      accountToken: token,
      organizationToken: null,
      apiKey: null,
      setupToken: null,
      operatorKey: null,
      serviceKey: null,
      directory: null,
      operatorOrganizationId: null,
    }
    const operation = new Operation(gatehouse.app.spine, { ...caller, request })
    try {
      return await operation.execute(endAccountSession, {})
    } finally {
      await operation.close()
    }
  }

  it('ends a browser together with the organization sessions opened from it, and no other', async () => {
    const acme = await found(gatehouse, 'Acme')
    const phone = await anotherBrowser(acme.admin)
    const { data } = await phone.account.send(SWITCH, { id: acme.id })
    const phoneInside: string = data.switchOrganization.token
    const answer = await acme.admin.account.send(REVOKE, { id: await idOfOther(acme.admin) })
    expect(answer.data.revokeSession).toEqual({ revoked: 2, userErrors: [] })
    expect([await isAlive(phone.accountToken), await isAlive(phoneInside)]).toEqual([false, false])
    expect([await isAlive(acme.admin.accountToken), await isAlive(acme.admin.organizationToken)]).toEqual([true, true])
  })

  it('answers NOT_FOUND for the session of another person, and leaves it alone', async () => {
    const ada = await signUp(gatehouse)
    await anotherBrowser(ada)
    const stranger = await signUp(gatehouse, 'Stranger')
    const { data } = await stranger.account.send(REVOKE, { id: await idOfOther(ada) })
    expect(data.revokeSession).toEqual({ revoked: null, userErrors: [{ code: 'NOT_FOUND' }] })
    expect((await ada.account.send(SESSIONS)).data.viewer.sessions).toHaveLength(2)
  })

  it('ends everything but the browser that asks and what was opened from it', async () => {
    const acme = await found(gatehouse, 'Acme')
    const phone = await anotherBrowser(acme.admin)
    const { data } = await phone.account.send(SWITCH, { id: acme.id })
    expect((await acme.admin.account.send(REVOKE_ALL)).data.revokeAllSessions).toEqual({ revoked: 2, userErrors: [] })
    expect([await isAlive(phone.accountToken), await isAlive(data.switchOrganization.token)]).toEqual([false, false])
    expect([await isAlive(acme.admin.accountToken), await isAlive(acme.admin.organizationToken)]).toEqual([true, true])
    expect((await acme.admin.account.send(REVOKE_ALL)).data.revokeAllSessions.revoked).toBe(0)
  })

  it('is for people: nobody and the operator answer 401', async () => {
    for (const client of [gatehouse.client(), gatehouse.operator])
      expect((await client.send(REVOKE_ALL)).status).toBe(401)
  })

  it('signs out of the organizations with the account', async () => {
    const acme = await found(gatehouse, 'Acme')
    expect(await signOut(acme.admin.accountToken)).toEqual({
      accountSessions: 1,
      organizationSessions: 1,
      refreshTokens: 0,
    })
    expect([await isAlive(acme.admin.accountToken), await isAlive(acme.admin.organizationToken)]).toEqual([
      false,
      false,
    ])
    await expect(signOut(acme.admin.accountToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it(`leaves no organization session behind when signing out races with switching, in ${RACES} races`, async () => {
    const acme = await found(gatehouse, 'Acme')
    for (let round = 0; round < RACES; round += 1) {
      const browser = await anotherBrowser(acme.admin)
      const [switched] = await Promise.all([
        browser.account.send(SWITCH, { id: acme.id }),
        signOut(browser.accountToken),
      ])
      const token: string | undefined = switched.data?.switchOrganization?.token
      if (token) expect(await isAlive(token)).toBe(false)
    }
  })

  it('marks a session active at most once an hour, after the request', async () => {
    const acme = await found(gatehouse, 'Acme')
    const token = await openSession(gatehouse, acme.uuid, acme.admin.memberId)
    const seen = async () =>
      (
        await gatehouse.superuser.rows<{ n: number }>(
          `SELECT count(*)::int AS n FROM organization_sessions WHERE organization_id = $1 AND last_active_at < now() - interval '1 hour'`,
          [acme.uuid],
        )
      )[0]!.n
    await gatehouse.superuser.rows(
      `UPDATE organization_sessions SET last_active_at = now() - interval '2 hours' WHERE organization_id = $1`,
      [acme.uuid],
    )
    expect(await seen()).toBe(2)
    await Promise.all([1, 2, 3].map(() => gatehouse.client(token).send(WHO)))
    for (let wait = 0; wait < 50 && (await seen()) !== 1; wait += 1) await new Promise((done) => setTimeout(done, 20))
    expect(await seen()).toBe(1)
  })
})
