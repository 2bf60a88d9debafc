import { toTypeId } from '../../src/kernel/ids'
import { watchKeys } from '../../src/modules/api-keys'
import { AccessFixtures } from '../support/access-fixtures'
import { eventually } from '../support/eventually'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { type MailServer, startMailServer } from '../support/mail-server'
import { found, join, type TestOrganization } from '../support/world'

const UPDATE = `mutation ($id: ID!, $end: DateTime) { updateApiKey(id: $id, input: { expiresAt: $end }) { userErrors { code } } }`

describe('the watch over API keys', () => {
  let mailServer: MailServer
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let fixtures: AccessFixtures

  beforeAll(async () => {
    mailServer = await startMailServer()
    gatehouse = await startGatehouse({ SMTP_URL: mailServer.url })
    acme = await found(gatehouse, 'Acme')
    fixtures = new AccessFixtures(gatehouse, acme.uuid)
    await join(gatehouse, acme)
  })
  afterAll(async () => {
    await gatehouse.close()
    await mailServer.close()
  })

  const days = (number: number) => `${Math.round(number * 86_400)} seconds`
  /** Moves the life of a key, so that it was made so many days ago and ends in so many. */
  const live = (keyId: string, since: number, left: number) =>
    gatehouse.superuser.rows(
      'UPDATE api_keys SET created_at = now() - $2::interval, expires_at = now() + $3::interval WHERE id = $1',
      [keyId, days(since), days(left)],
    )
  const warned = async (keyId: string): Promise<string[]> => {
    const rows = await gatehouse.superuser.rows<{ destination: string }>(
      `SELECT destination FROM outbox_messages WHERE kind = 'mail.api-key-expiring' AND payload->>'apiKeyId' = $1 ORDER BY destination`,
      [keyId],
    )
    return rows.map(({ destination }) => destination)
  }
  const watch = () => watchKeys(gatehouse.app.spine)

  it('warns the member of a personal key once at 7 days and once at 1 day, and says so in the audit log', async () => {
    const member = await join(gatehouse, acme)
    const { id } = await fixtures.key({ member: member.memberId })
    const seen: number[] = []
    for (const left of [30, 7.1, 6.9, 5, 1.1, 0.9, 0.1, -0.1]) {
      await live(id, 60, left)
      await Promise.all([watch(), watch(), watch()])
      seen.push((await warned(id)).length)
    }
    expect(seen).toEqual([0, 0, 1, 1, 1, 2, 2, 2])
    expect(new Set(await warned(id))).toEqual(new Set([member.email]))
    const audit = await gatehouse.superuser.rows(
      `SELECT actor_kind FROM audit_events WHERE action = 'api_key.expiring' AND $1 = ANY (target_ids)`,
      [toTypeId('ApiKey', id)],
    )
    expect(audit).toEqual([{ actor_kind: 'system' }, { actor_kind: 'system' }])
  })

  it.each([
    ['lives no more than two weeks', 5, 6, 0],
    ['lives no more than two weeks, a day before its end', 10, 0.5, 1],
    ['lives no more than two days', 1, 0.5, 0],
  ])('warns of a key that %s so often as makes sense', async (_what, since, left, times) => {
    const { id } = await fixtures.key({ member: acme.admin.memberId })
    await live(id, since, left)
    await watch()
    expect(await warned(id)).toHaveLength(times)
  })

  it('warns of no key that was revoked or replaced, or whose organization is being deleted', async () => {
    const revoked = await fixtures.key({ member: acme.admin.memberId }, { revoked: true })
    const [replaced, successor] = [
      await fixtures.key({ member: acme.admin.memberId }),
      await fixtures.key({ member: acme.admin.memberId }),
    ]
    await gatehouse.superuser.rows('UPDATE api_keys SET rotated_from_id = $2 WHERE id = $1', [
      successor.id,
      replaced.id,
    ])
    const doomed = await found(gatehouse, 'Doomed')
    const left = await new AccessFixtures(gatehouse, doomed.uuid).key({ member: doomed.admin.memberId })
    await gatehouse.superuser.rows(
      `UPDATE organizations SET status = 'PENDING_DELETION', deletion_scheduled_for = now() + interval '30 days' WHERE organization_id = $1`,
      [doomed.uuid],
    )
    for (const { id } of [revoked, replaced, left]) await live(id, 60, 3)
    await watch()
    for (const { id } of [revoked, replaced, left]) expect(await warned(id)).toEqual([])
  })

  it('warns of the key of a project or service account its maker and who makes keys there, by teams too; nobody else', async () => {
    const [byGrant, byTeam, reader, gone] = [
      await join(gatehouse, acme),
      await join(gatehouse, acme),
      await join(gatehouse, acme),
      await join(gatehouse, acme),
    ]
    const project = await fixtures.project()
    const maker = await fixtures.role('PROJECT', ['api_key.create'], 'Maker')
    const above = await fixtures.team('Above', [])
    await fixtures.team('Below', [byTeam.memberId], [above])
    await fixtures.grant(project, { member: byGrant.memberId }, maker)
    await fixtures.grant(project, { team: above }, await fixtures.builtInRole('PROJECT', 'project_admin'))
    await fixtures.grant(project, { member: reader.memberId }, await fixtures.builtInRole('PROJECT', 'project_member'))
    await fixtures.grant(project, { member: gone.memberId }, maker, -1)
    const serviceAccount = await fixtures.serviceAccount(project, maker)
    for (const owner of [{ project }, { serviceAccount, project }]) {
      const { id } = await fixtures.key(owner)
      await live(id, 60, 3)
      await gatehouse.superuser.rows('UPDATE api_keys SET created_by_id = $2 WHERE id = $1', [id, acme.admin.userId])
      await watch()
      expect(await warned(id)).toEqual([acme.admin.email, byGrant.email, byTeam.email].sort())
    }
  })

  it('warns the Admins where nobody looks after it any more', async () => {
    const { id } = await fixtures.key({ project: await fixtures.project() })
    await live(id, 60, 3)
    await watch()
    expect(await warned(id)).toEqual([acme.admin.email])
  })

  it('warns anew of another end', async () => {
    const { id } = await fixtures.key({ member: acme.admin.memberId })
    await live(id, 60, 3)
    await watch()
    const end = new Date(Date.now() + 4 * 86_400_000).toISOString()
    const { data } = await acme.admin.organization.send(UPDATE, { id: toTypeId('ApiKey', id), end })
    expect(data.updateApiKey.userErrors).toEqual([])
    await watch()
    expect(await warned(id)).toHaveLength(2)
  })

  it('goes through more than one batch in a run', async () => {
    const members = [await join(gatehouse, acme), await join(gatehouse, acme)]
    const ids: string[] = []
    for (const { memberId } of members)
      for (let n = 0; n < 60; n += 1) ids.push((await fixtures.key({ member: memberId })).id)
    for (const id of ids) await live(id, 60, 3)
    expect(await watch()).toBeGreaterThanOrEqual(120)
    expect(await watch()).toBe(0)
  })

  it('sends mails that say which key, until when and when it was used; none of a key that was replaced meanwhile', async () => {
    const [member, late] = [await join(gatehouse, acme), await join(gatehouse, acme)]
    const key = await fixtures.key({ member: member.memberId })
    const replaced = await fixtures.key({ member: late.memberId })
    for (const { id } of [key, replaced]) await live(id, 60, 3)
    await gatehouse.superuser.rows(`UPDATE api_keys SET last_used_at = '2026-03-10T14:00:00Z' WHERE id = $1`, [key.id])
    await watch()
    await gatehouse.superuser.rows(
      `UPDATE api_keys SET revoked_at = now(), revocation_reason = 'REVOKED' WHERE id = $1`,
      [replaced.id],
    )
    gatehouse.app.startWorker()
    const { mail } = await mailServer.waitFor(member.email)
    expect(mail.subject).toMatch(/^The API key Key of MEMBER expires on \d{4}-\d\d-\d\d$/)
    for (const words of ['Key of MEMBER (gak_…) of', 'in Acme works until', 'last used on 2026-03-10', 'Rotate it'])
      expect(mail.text).toContain(words)
    expect(mail.text).not.toContain(key.token)
    await eventually('the other to be put aside', async () => {
      const [row] = await gatehouse.superuser.rows<{ last_error: string | null }>(
        'SELECT last_error FROM outbox_messages WHERE destination = $1',
        [late.email],
      )
      return row?.last_error === 'superseded' ? true : null
    })
    expect(mailServer.mails.filter(({ to }) => to === late.email)).toEqual([])
  })
})
