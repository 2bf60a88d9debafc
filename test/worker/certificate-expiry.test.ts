import { newId } from '../../src/kernel/ids'
import { watchConnections } from '../../src/modules/sso'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { arrangeProvider, SAML_SETTINGS } from '../support/sso'
import { found, join, type TestOrganization } from '../support/world'

describe('the watch over connections', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    await join(gatehouse, acme, 'admin')
    await join(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const mails = async () => {
    const [row] = await gatehouse.superuser.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM outbox_messages WHERE organization_id = $1 AND kind = 'mail.certificate-expiring'`,
      [acme.uuid],
    )
    return row!.n
  }
  const certificate = async (status: string, days: number): Promise<string> => {
    const { uuid } = await arrangeProvider(gatehouse, acme, { settings: SAML_SETTINGS, status })
    const id = newId()
    await gatehouse.superuser.rows(
      `INSERT INTO sso_certificates (organization_id, id, sso_provider_id, fingerprint, certificate, subject, not_before, not_after)
       VALUES ($1, $2, $3, 'aa', 'AAAA', 'CN=idp', now(), now() + make_interval(days => $4))`,
      [acme.uuid, id, uuid, days],
    )
    return id
  }
  const expireIn = (id: string, days: number) =>
    gatehouse.superuser.rows(
      'UPDATE sso_certificates SET not_after = now() + make_interval(days => $2) WHERE id = $1',
      [id, days],
    )

  it('warns every Admin once at 60, 30 and 7 days, and nobody else', async () => {
    const id = await certificate('DRAFT', 100)
    const seen: number[] = []
    for (const days of [100, 59, 45, 29, 20, 6, 1, -1]) {
      await expireIn(id, days)
      await watchConnections(gatehouse.app.spine)
      await watchConnections(gatehouse.app.spine)
      seen.push(await mails())
    }
    expect(seen).toEqual([0, 2, 2, 4, 4, 6, 6, 6])
  })

  it('warns once of one that is found late, and of none of a disabled connection', async () => {
    const before = await mails()
    await certificate('DISABLED', 3)
    await watchConnections(gatehouse.app.spine)
    expect(await mails()).toBe(before)
    await certificate('DRAFT', 3)
    const runs = await Promise.all([1, 2, 3].map(() => watchConnections(gatehouse.app.spine)))
    expect(runs.length).toBe(3)
    expect(await mails()).toBe(before + 2)
  })

  it('forgets what tests found after a day', async () => {
    const { uuid } = await arrangeProvider(gatehouse, acme)
    for (const age of ['2 days', '1 hour'])
      await gatehouse.superuser.rows(
        `INSERT INTO sso_test_runs (organization_id, id, sso_provider_id, settings_digest, status, findings, started_by_name, started_at)
         VALUES ($1, $2, $3, '\\x00', 'PASSED', '{"received": {}}', $4::text, now() - $4::text::interval)`,
        [acme.uuid, newId(), uuid, age],
      )
    await watchConnections(gatehouse.app.spine)
    const rows = await gatehouse.superuser.rows<{ age: string; kept: boolean }>(
      'SELECT started_by_name AS age, findings IS NOT NULL AS kept FROM sso_test_runs WHERE sso_provider_id = $1 ORDER BY id',
      [uuid],
    )
    expect(rows).toEqual([
      { age: '2 days', kept: false },
      { age: '1 hour', kept: true },
    ])
  })
})
