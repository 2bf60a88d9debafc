import { watchScimTokens } from '../../src/modules/directories'
import { type ArrangedDirectory, arrangeDirectory } from '../support/directories'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { enterSsoMode } from '../support/sso'
import { found, join, type TestOrganization } from '../support/world'

describe('the watch over tokens of directories', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    await enterSsoMode(gatehouse, acme)
    await join(gatehouse, acme, 'admin')
    await join(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const mails = async () => {
    const [row] = await gatehouse.superuser.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM outbox_messages WHERE organization_id = $1 AND kind = 'mail.scim-token-expiring'`,
      [acme.uuid],
    )
    return row!.n
  }
  const expireIn = ({ uuid }: ArrangedDirectory, days: number) =>
    gatehouse.superuser.rows(
      'UPDATE scim_tokens SET expires_at = now() + make_interval(days => $2) WHERE directory_id = $1',
      [uuid, days],
    )
  const watch = () => watchScimTokens(gatehouse.app.spine)

  it('warns every Admin once at 60, 30 and 7 days, and nobody else', async () => {
    const directory = await arrangeDirectory(gatehouse, acme, { name: 'Okta of Acme' })
    const seen: number[] = []
    for (const days of [100, 59, 45, 29, 20, 6, 1, -1]) {
      await expireIn(directory, days)
      await watch()
      await watch()
      seen.push(await mails())
    }
    expect(seen).toEqual([0, 2, 2, 4, 4, 6, 6, 6])
    const [message] = await gatehouse.superuser.rows<{ payload: object }>(
      `SELECT payload FROM outbox_messages WHERE organization_id = $1 AND kind = 'mail.scim-token-expiring' LIMIT 1`,
      [acme.uuid],
    )
    expect(message!.payload).toMatchObject({ directoryName: 'Okta of Acme', preview: 'scim_abcd…wxyz' })
  })

  it('warns once, however many processes watch', async () => {
    const before = await mails()
    await expireIn(await arrangeDirectory(gatehouse, acme), 3)
    await Promise.all([watch(), watch(), watch()])
    expect(await mails()).toBe(before + 2)
  })

  it('warns nobody of a paused directory, of a revoked token, or where a successor is in use', async () => {
    const before = await mails()
    const [paused, revoked, replaced] = [
      await arrangeDirectory(gatehouse, acme, { status: 'PAUSED' }),
      await arrangeDirectory(gatehouse, acme),
      await arrangeDirectory(gatehouse, acme),
    ]
    for (const directory of [paused, revoked, replaced]) await expireIn(directory, 3)
    await gatehouse.superuser.rows('UPDATE scim_tokens SET revoked_at = now() WHERE directory_id = $1', [revoked.uuid])
    await gatehouse.superuser.rows(
      `INSERT INTO scim_tokens (organization_id, id, directory_id, token_hash, preview, place, created_by_name, expires_at, last_used_at)
       SELECT organization_id, gen_random_uuid(), directory_id, '\\x01', 'scim_new', 2, 'Ada', now() + interval '1 year', now()
       FROM scim_tokens WHERE directory_id = $1`,
      [replaced.uuid],
    )
    await watch()
    expect(await mails()).toBe(before)
  })
})
