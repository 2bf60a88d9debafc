import { makeToken } from '../../src/platform/crypto'
import { idOf } from '../support/access-fixtures'
import { type AnotherInstance, startAnotherInstance } from '../support/another-instance'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { ServiceClient } from '../support/service-client'
import { RACES } from '../support/soak'
import { claimsOf, mint, postForm, refresh } from '../support/tokens'
import { found, join, openSession, type TestOrganization } from '../support/world'

let gatehouse: Gatehouse
let second: AnotherInstance
let service: ServiceClient
let acme: TestOrganization

beforeAll(async () => {
  gatehouse = await startGatehouse()
  second = await startAnotherInstance(gatehouse.testDatabase.appUrl)
  service = new ServiceClient(gatehouse.url)
  acme = await found(gatehouse, 'Acme')
})
afterAll(async () => {
  await second.close()
  await gatehouse.close()
})

const WHO = '{ viewer { user { id } } }'
const isSessionAlive = async (token: string) => (await gatehouse.client(token).send(WHO)).data?.viewer != null
const INVALID_GRANT = { error: 'invalid_grant', error_description: expect.stringContaining('sign in again') }
const audits = async (action: string, memberId: string) =>
  gatehouse.superuser.rows(`SELECT e.id FROM audit_events e WHERE e.action = $1 AND e.target_ids @> ARRAY[$2]`, [
    action,
    idOf.member(memberId),
  ])

describe('a refresh token', () => {
  it('is exchanged for an access token and the next refresh token', async () => {
    const member = await join(gatehouse, acme)
    const first = await mint(member.organization)
    const { status, headers, body } = await postForm(gatehouse.url, '/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: first.refreshToken,
    })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: expect.stringMatching(/^grt_[0-9A-Za-z]{71}$/),
    })
    expect(body.refresh_token).not.toBe(first.refreshToken)
    expect(claimsOf(body.access_token)).toMatchObject({ org_id: acme.id, sid: claimsOf(first.accessToken).sid })
    expect((await refresh(second.url, body.refresh_token)).status).toBe(200)
  })

  it('is kept as a hash', async () => {
    const { refreshToken } = await mint((await join(gatehouse, acme)).organization)
    const rows = await gatehouse.superuser.rows('SELECT t::text AS row FROM refresh_tokens t')
    expect(JSON.stringify(rows)).not.toContain(refreshToken)
  })

  it('reads role and permissions anew', async () => {
    const member = await join(gatehouse, acme)
    const { refreshToken } = await mint(member.organization)
    await gatehouse.superuser.rows(
      `UPDATE members SET role_id = (SELECT id FROM roles WHERE organization_id = $1 AND key = 'admin') WHERE id = $2`,
      [acme.uuid, member.memberId],
    )
    const { body } = await refresh(gatehouse.url, refreshToken)
    expect(claimsOf(body.access_token).roles).toEqual(['admin'])
  })

  it('never outlives its session, however often it is used', async () => {
    const member = await join(gatehouse, acme)
    const { refreshToken, refreshExpiresAt } = await mint(member.organization)
    const { body } = await refresh(gatehouse.url, refreshToken)
    const rows = await gatehouse.superuser.rows<{ same: boolean }>(
      `SELECT t.expires_at = s.expires_at AS same FROM refresh_tokens t JOIN organization_sessions s ON s.id = t.session_id
       WHERE s.member_id = $1`,
      [member.memberId],
    )
    expect(rows).toEqual([{ same: true }, { same: true }])
    expect(Date.parse(refreshExpiresAt)).toBeGreaterThan(Date.now())
    await gatehouse.superuser.rows(
      `UPDATE refresh_tokens SET expires_at = now() WHERE session_id IN (SELECT id FROM organization_sessions WHERE member_id = $1)`,
      [member.memberId],
    )
    expect(await refresh(gatehouse.url, body.refresh_token)).toMatchObject({ status: 400, body: INVALID_GRANT })
  })

  it('that is used a second time ends its family, its session and their tokens, and stands in the audit log', async () => {
    const member = await join(gatehouse, acme)
    const otherSession = await openSession(gatehouse, acme.uuid, member.memberId)
    const sibling = await mint(member.organization)
    const first = await mint(member.organization)
    const next = (await refresh(gatehouse.url, first.refreshToken)).body
    expect(await refresh(second.url, first.refreshToken)).toMatchObject({ status: 400, body: INVALID_GRANT })
    for (const token of [next.refresh_token, sibling.refreshToken, first.refreshToken])
      expect((await refresh(gatehouse.url, token)).status).toBe(400)
    for (const token of [next.access_token, first.accessToken, member.organizationToken])
      expect((await service.introspect(token)).body).toEqual({ active: false })
    expect(await isSessionAlive(member.organizationToken)).toBe(false)
    expect(await isSessionAlive(otherSession)).toBe(true)
    expect(await audits('refresh_token.reused', member.memberId)).toHaveLength(1)
  })

  it('works for one of 20 uses at once on two instances, and the family ends', async () => {
    const member = await join(gatehouse, acme)
    for (let round = 0; round < RACES; round += 1) {
      const session = await openSession(gatehouse, acme.uuid, member.memberId)
      const { refreshToken } = await mint(gatehouse.client(session))
      // Twenty at once are dear; what matters happens between any two.
      const callers = round % 10 === 0 ? 20 : 4
      const answers = await Promise.all(
        Array.from({ length: callers }, (_, n) => refresh(n % 2 ? gatehouse.url : second.url, refreshToken)),
      )
      const [won, ...others] = answers.filter(({ status }) => status === 200)
      expect([won?.status, others.length]).toEqual([200, 0])
      expect((await refresh(gatehouse.url, won!.body.refresh_token)).status).toBe(400)
      expect((await service.introspect(won!.body.access_token)).body.active).toBe(false)
    }
    expect(await audits('refresh_token.reused', member.memberId)).toHaveLength(RACES)
  })

  it('is revoked by whoever holds it, with its family and nothing else', async () => {
    const member = await join(gatehouse, acme)
    const [kept, ended] = [await mint(member.organization), await mint(member.organization)]
    const next = (await refresh(gatehouse.url, ended.refreshToken)).body.refresh_token
    expect((await postForm(gatehouse.url, '/oauth/revoke', { token: ended.refreshToken })).status).toBe(200)
    expect((await postForm(gatehouse.url, '/oauth/revoke', { token: next })).status).toBe(200)
    expect((await refresh(gatehouse.url, next)).status).toBe(400)
    expect((await refresh(gatehouse.url, ended.refreshToken)).status).toBe(400)
    expect(await isSessionAlive(member.organizationToken)).toBe(true)
    expect((await refresh(gatehouse.url, kept.refreshToken)).status).toBe(200)
  })

  it('that never was is answered like any that does not work', async () => {
    const unknown = makeToken('refreshToken', acme.uuid).token
    const elsewhere = makeToken('refreshToken', '018f0000-0000-7000-8000-000000000000').token
    for (const token of [unknown, elsewhere, `${unknown.slice(0, -1)}!`, 'x', acme.admin.organizationToken]) {
      expect(await refresh(gatehouse.url, token)).toMatchObject({ status: 400, body: INVALID_GRANT })
      expect((await postForm(gatehouse.url, '/oauth/revoke', { token })).status).toBe(200)
    }
  })

  it('is asked for in a form, and what is wrong with one is said in the words of OAuth', async () => {
    const token = makeToken('refreshToken', acme.uuid).token
    for (const [form, error] of [
      ['', 'invalid_request'],
      [`refresh_token=${token}`, 'invalid_request'],
      ['grant_type=refresh_token', 'invalid_request'],
      [`grant_type=refresh_token&refresh_token=${token}&refresh_token=${token}`, 'invalid_request'],
      [`grant_type=password&username=a&password=b`, 'unsupported_grant_type'],
      [`grant_type=authorization_code&code=x`, 'unsupported_grant_type'],
    ] as const) {
      const { status, body } = await postForm(gatehouse.url, '/oauth/token', form)
      expect([status, body.error]).toEqual([400, error])
    }
    const { accessToken } = await mint(acme.admin.organization, {})
    expect((await postForm(gatehouse.url, '/oauth/revoke', { token: accessToken })).body.error).toBe(
      'unsupported_token_type',
    )
    const json = await fetch(`${gatehouse.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'refresh_token', refresh_token: token }),
    })
    expect([json.status, ((await json.json()) as { error: string }).error]).toEqual([415, 'invalid_request'])
  })

  it('stands in no log line', async () => {
    const { refreshToken } = await mint(acme.admin.organization)
    await refresh(gatehouse.url, refreshToken)
    expect(gatehouse.logs.join('')).not.toContain(refreshToken)
  })
})
