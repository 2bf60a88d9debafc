import { toTypeId } from '../../src/kernel/ids'
import { recheckAccess } from '../../src/modules/sso-sign-in'
import { createOutside } from '../../src/platform/outside'
import { type AnotherInstance, startAnotherInstance } from '../support/another-instance'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { startHostileOpenidProvider } from '../support/hostile-openid-provider'
import { arrangeCompany, authorize, connect, VictimBrowser } from '../support/hostile-sign-in'
import { type ArrangedProvider, arrangeProvider, comeThrough, enterSsoMode, OIDC_SETTINGS } from '../support/sso'
import { pathOf } from '../support/sso-company'
import { startTokenServer, type TokenServer } from '../support/token-server'
import { found, type TestOrganization } from '../support/world'

const outside = createOutside({ allowsLoopback: true })
const WHO = '{ viewer { user { id } } }'

let gatehouse: Gatehouse
let second: AnotherInstance
let idp: TokenServer
let acme: TestOrganization
let provider: ArrangedProvider

beforeAll(async () => {
  gatehouse = await startGatehouse()
  second = await startAnotherInstance(gatehouse.testDatabase.appUrl)
  idp = await startTokenServer()
  acme = await found(gatehouse, 'Acme')
  await enterSsoMode(gatehouse, acme)
  provider = await connection()
})
beforeEach(() => {
  idp.requests.length = 0
  idp.answer = { status: 200, body: '{"access_token":"a","token_type":"Bearer"}' }
})
afterEach(() => gatehouse.superuser.rows('UPDATE sso_identities SET sealed_refresh = NULL'))
afterAll(async () => {
  await idp.close()
  await second.close()
  await gatehouse.close()
})

async function connection(changes: object = {}, rechecks = true): Promise<ArrangedProvider> {
  if (OIDC_SETTINGS.protocol !== 'OIDC') throw new Error('not OIDC')
  const settings = { ...OIDC_SETTINGS, metadata: { ...OIDC_SETTINGS.metadata, token_endpoint: idp.url }, ...changes }
  const made = await arrangeProvider(gatehouse, acme, { status: 'ACTIVE', settings, secret: 'sec/ret: of ours' })
  await gatehouse.superuser.rows('UPDATE sso_providers SET rechecks_access = $2 WHERE id = $1', [made.uuid, rechecks])
  return made
}

const sealContext = (identityId: string) => `sso_identities/${acme.uuid}/${identityId}/refresh_token`

/** Somebody in a session, with a refresh token of the provider that was last used an hour ago. */
async function employee(through = provider, refreshToken = 'refresh-1') {
  const person = await comeThrough(gatehouse, acme, through)
  const sealed = gatehouse.app.spine.sealer.seal(refreshToken, sealContext(person.identityId))
  await gatehouse.superuser.rows(
    `UPDATE sso_identities SET sealed_refresh = $2, last_used_at = now() - interval '1 hour' WHERE id = $1`,
    [person.identityId, sealed],
  )
  return person
}
type Employee = Awaited<ReturnType<typeof employee>>

const run = () => recheckAccess(gatehouse.app.spine, outside)
const isAlive = async ({ token }: Employee) => (await gatehouse.client(token).send(WHO)).data?.viewer != null
async function keptOf({ identityId }: Employee): Promise<string | null> {
  const [row] = await gatehouse.superuser.rows<{ sealed: Buffer | null }>(
    'SELECT sealed_refresh AS sealed FROM sso_identities WHERE id = $1',
    [identityId],
  )
  return row!.sealed && gatehouse.app.spine.sealer.open(row!.sealed, sealContext(identityId))
}
const wait = () =>
  gatehouse.superuser.rows(`UPDATE sso_identities SET rechecked_at = rechecked_at - interval '16 minutes'`)

describe('a provider that is asked again', () => {
  it('ends the sessions of whom it does not know any more, by invalid_grant alone', async () => {
    const person = await employee()
    const other = await person.openSession()
    idp.answer = { status: 400, body: '{"error":"invalid_grant"}' }
    await run()
    expect([await isAlive(person), await isAlive({ ...person, token: other })]).toEqual([false, false])
    expect(await keptOf(person)).toBeNull()
    const audits = await gatehouse.superuser.rows(
      `SELECT e.actor_id AS by, e.details->'changes'->0->>'after' AS reason FROM audit_events e
       WHERE e.action = 'session.ended_by_provider' AND e.target_ids @> ARRAY[$1]`,
      [toTypeId('Member', person.memberId)],
    )
    expect(audits).toEqual([
      { by: 'access check', reason: 'INVALID_GRANT' },
      { by: 'access check', reason: 'INVALID_GRANT' },
    ])
    const [member] = await gatehouse.superuser.rows('SELECT status FROM members WHERE id = $1', [person.memberId])
    expect(member).toEqual({ status: 'JOINED' })
  })

  it.each([
    [400, '{"error":"invalid_client"}'],
    [401, '{"error":"invalid_client"}'],
    [400, '{"error":"invalid_request"}'],
    [403, '{"error":"invalid_grant"}'],
    [500, '{"error":"invalid_grant"}'],
    [200, '{"error":"invalid_grant"}'],
    [200, '<html>'],
    [200, 'null'],
    [302, ''],
  ])('changes nothing by answering %i %s: that says nothing about the person', async (status, body) => {
    const person = await employee()
    idp.answer = { status, body }
    await run()
    expect(idp.requests).toHaveLength(1)
    expect([await isAlive(person), await keptOf(person)]).toEqual([true, 'refresh-1'])
  })

  it('is asked with the refresh token that it gave last, as the connection speaks to it', async () => {
    const person = await employee()
    idp.answer = { status: 200, body: '{"access_token":"a","refresh_token":"refresh-2"}' }
    await run()
    expect(idp.requests).toEqual([
      {
        authorization: undefined,
        form: {
          grant_type: 'refresh_token',
          refresh_token: 'refresh-1',
          client_id: 'gatehouse',
          client_secret: 'sec/ret: of ours',
        },
      },
    ])
    expect(await keptOf(person)).toBe('refresh-2')
    await wait()
    await run()
    expect(idp.requests[1]?.form.refresh_token).toBe('refresh-2')
    expect(await isAlive(person)).toBe(true)
  })

  it('is asked by HTTP Basic where the connection says so', async () => {
    const basic = await connection({ clientAuthentication: 'client_secret_basic' })
    await employee(basic)
    await run()
    const [{ authorization, form } = { authorization: '', form: {} }] = idp.requests
    expect(Buffer.from(String(authorization).slice(6), 'base64').toString()).toBe('gatehouse:sec%2Fret%3A+of+ours')
    expect(form).not.toHaveProperty('client_secret')
  })

  it('is asked once by any number of processes, and not again for 15 minutes', async () => {
    await employee()
    await Promise.all([run(), run(), recheckAccess(second.app.spine, outside)])
    await run()
    expect(idp.requests).toHaveLength(1)
    await wait()
    await run()
    expect(idp.requests).toHaveLength(2)
  })

  it('is not asked where nobody wants it, nobody is signed in, or somebody has just been there', async () => {
    await employee(await connection({}, false))
    const gone = await employee()
    await gatehouse.superuser.rows('UPDATE organization_sessions SET revoked_at = now() WHERE member_id = $1', [
      gone.memberId,
    ])
    const fresh = await employee()
    await gatehouse.superuser.rows('UPDATE sso_identities SET last_used_at = now() WHERE id = $1', [fresh.identityId])
    await run()
    expect(idp.requests).toEqual([])
  })

  it('is not believed about a grant that a newer sign-in has replaced meanwhile', async () => {
    const person = await employee()
    idp.answer = null
    const asking = run()
    while (idp.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const sealed = gatehouse.app.spine.sealer.seal('newer', sealContext(person.identityId))
    await gatehouse.superuser.rows('UPDATE sso_identities SET sealed_refresh = $2 WHERE id = $1', [
      person.identityId,
      sealed,
    ])
    await asking
    expect([await isAlive(person), await keptOf(person)]).toEqual([true, 'newer'])
  }, 15_000)

  it('that does not answer holds nobody up for more than five seconds, others not at all', async () => {
    const silent = await startTokenServer()
    const slow = await connection({ metadata: { ...OIDC_METADATA, token_endpoint: silent.url } })
    for (let n = 0; n < 3; n += 1) await employee(slow)
    const gone = await employee()
    idp.answer = { status: 400, body: '{"error":"invalid_grant"}' }
    const started = performance.now()
    const running = run()
    while (await isAlive(gone)) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(performance.now() - started).toBeLessThan(4_000)
    await running
    expect(performance.now() - started).toBeLessThan(7_500)
    await silent.close()
  }, 20_000)

  it('and one row that cannot be opened do not keep the others from their turn', async () => {
    const broken = await employee()
    await gatehouse.superuser.rows(`UPDATE sso_identities SET sealed_refresh = '\\x00' WHERE id = $1`, [
      broken.identityId,
    ])
    const person = await employee()
    idp.answer = { status: 400, body: '{"error":"invalid_grant"}' }
    await expect(run()).rejects.toThrow('sealed value does not open')
    expect([await isAlive(broken), await isAlive(person)]).toEqual([true, false])
  })

  it('leaves no token in log or audit', async () => {
    await employee(provider, 'very-secret-refresh')
    await run()
    const audits = await gatehouse.superuser.rows('SELECT details FROM audit_events')
    expect(gatehouse.logs.join('') + JSON.stringify(audits)).not.toContain('very-secret-refresh')
  })
})

const OIDC_METADATA = OIDC_SETTINGS.protocol === 'OIDC' ? OIDC_SETTINGS.metadata : null

describe('the test of a connection that is to ask again', () => {
  it('says whether the provider gives what that takes', async () => {
    const hostile = await startHostileOpenidProvider()
    try {
      const company = await arrangeCompany(gatehouse, 'Globex')
      const id = await connect(gatehouse, company, { oidc: hostile }, { rechecksAccess: true })
      const reported = async (refreshToken?: string) => {
        hostile.behaviour = { tokens: { refresh_token: refreshToken } }
        const { data } = await company.admin.organization.send(
          'mutation ($id: ID!) { testSsoProvider(id: $id) { testRun { startUrl } } }',
          { id },
        )
        const browser = new VictimBrowser(gatehouse.url)
        const away = await browser.get(pathOf(data.testSsoProvider.testRun.startUrl))
        const page = await browser.return(await authorize(new URL(away.location!)))
        expect(page.status).toBe(200)
        return page.html
      }
      expect(await reported()).toMatch(/Access cannot be asked again[^]*add the scope offline_access[^]*Passed, but/)
      expect(await reported('refresh-1')).toContain('Access can be asked again')
    } finally {
      await hostile.close()
    }
  })
})
