import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { eventually } from '../support/eventually'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { type MailServer, startMailServer } from '../support/mail-server'
import { enqueue, enqueueCode, outboxRow } from '../support/outbox'
import { found, type TestOrganization } from '../support/world'

describe('the worker', () => {
  let mailServer: MailServer
  let gatehouse: Gatehouse
  let people = 0

  beforeAll(async () => {
    mailServer = await startMailServer()
    gatehouse = await startGatehouse({ SMTP_URL: mailServer.url, GATEHOUSE_MAIL_FROM: 'Gate <gate@example.com>' })
    gatehouse.app.startWorker()
  })
  afterAll(async () => {
    // First, so that the mails that hang do not hold up the end.
    await mailServer.close()
    await gatehouse.close()
  })

  const somebody = () => `somebody.${(people += 1)}@example.com`
  const delivered = (id: string) =>
    eventually('delivery', async () => {
      const row = await outboxRow(gatehouse, id)
      return row.delivered_at && row
    })
  const failedOnce = (id: string) =>
    eventually('a failed attempt', async () => {
      const row = await outboxRow(gatehouse, id)
      return row.last_error === null ? null : row
    })
  const makeDue = (id: string) =>
    gatehouse.superuser.rows('UPDATE outbox_messages SET available_at = now() WHERE id = $1', [id])

  it('sends a mail with both parts, a stable Message-ID and the secret, and wipes the secret', async () => {
    const to = somebody()
    const id = await enqueueCode(gatehouse, to, '771204')
    const { mail } = await mailServer.waitFor(to)
    expect(mail.from?.text).toBe('"Gate" <gate@example.com>')
    expect(mail.messageId).toBe(`<${id}@localhost>`)
    expect(mail.text).toContain('771204')
    expect(mail.html).toContain('771204')
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
    expect(await delivered(id)).toMatchObject({ sealed: null, last_error: null, attempts: 1 })
  })

  it('tells an Admin of a deletion with its date and the page where to cancel it', async () => {
    const to = somebody()
    const payload = { organizationName: 'Acme', requestedByName: 'Ada', cancelUntil: '2026-03-10T14:05:00.000Z' }
    await enqueue(gatehouse, { kind: 'mail.deletion-scheduled', to, payload })
    const { mail } = await mailServer.waitFor(to)
    expect(mail.subject).toBe('Acme will be deleted')
    for (const words of ['Ada deleted the organization Acme', '10 March 2026, 14:05 UTC', 'http://localhost:4000/'])
      expect(mail.text).toContain(words)
  })

  it('sends an invitation whose link carries the token', async () => {
    const { organization, invitationId, email, token } = await invite()
    const id = await enqueueInvitation(organization, invitationId, email, token)
    const { mail } = await mailServer.waitFor(email)
    const link = `http://localhost:4000/invitations/${token}`
    expect(mail.subject).toBe('Ada invites you to Acme')
    expect(mail.text).toContain(link)
    expect(mail.html).toContain(`href="${link}"`)
    await delivered(id)
    expect(gatehouse.logs.join()).not.toContain(token)
  })

  it('shows on the invitation that its address does not exist, and does not try again', async () => {
    const { organization, invitationId, email, token } = await invite()
    mailServer.refuse(email, 550)
    const id = await enqueueInvitation(organization, invitationId, email, token)
    const row = await failedOnce(id)
    expect(row).toMatchObject({ failed_at: expect.any(Date), sealed: null, attempts: 1 })
    expect(await deliveryErrorOf(invitationId)).toBe(`550 ${email} answers 550`)
    await makeDue(id)
    await sleep(700)
    expect((await outboxRow(gatehouse, id)).attempts).toBe(1)
  })

  it('tries again after a refusal for the moment, and clears the error once the mail is taken', async () => {
    const { organization, invitationId, email, token } = await invite()
    mailServer.failNext(1, 451)
    const id = await enqueueInvitation(organization, invitationId, email, token)
    expect((await failedOnce(id)).failed_at).toBeNull()
    expect(await deliveryErrorOf(invitationId)).toContain('451')
    expect(await delivered(id)).toMatchObject({ attempts: 2, last_error: null })
    expect(await deliveryErrorOf(invitationId)).toBeNull()
  })

  it.each([
    ['replaced', `token_hash = 'another'`],
    ['revoked', `status = 'REVOKED', organization_mode = NULL`],
    ['accepted meanwhile', `status = 'ACCEPTED', organization_mode = NULL`],
  ])('puts a letter whose link was %s aside: it neither leaves nor counts as failed', async (_what, change) => {
    const { organization, invitationId, email, token } = await invite()
    await gatehouse.superuser.rows(`UPDATE invitations SET ${change} WHERE id = $1`, [invitationId])
    const id = await enqueueInvitation(organization, invitationId, email, token)
    expect(await delivered(id)).toMatchObject({ last_error: 'superseded', failed_at: null, sealed: null })
    expect(mailServer.mails.filter((mail) => mail.to === email)).toEqual([])
    const [invitation] = await gatehouse.superuser.rows(
      'SELECT delivery_error, send_count, last_sent_at FROM invitations WHERE id = $1',
      [invitationId],
    )
    expect(invitation).toEqual({ delivery_error: null, send_count: 0, last_sent_at: null })
  })

  it('puts a letter aside that waited for its second attempt when its link was replaced', async () => {
    const { organization, invitationId, email, token } = await invite()
    mailServer.failNext(1, 451)
    const id = await enqueueInvitation(organization, invitationId, email, token)
    await failedOnce(id)
    await gatehouse.superuser.rows(`UPDATE invitations SET token_hash = 'another' WHERE id = $1`, [invitationId])
    expect(await delivered(id)).toMatchObject({ last_error: 'superseded', attempts: 2 })
    expect(mailServer.mails.filter((mail) => mail.to === email)).toEqual([])
  })

  it('gives up after a day of failures', async () => {
    const to = somebody()
    mailServer.refuse(to, 451)
    const id = await enqueue(gatehouse, { kind: 'mail.new-admin', to, payload: NEW_ADMIN })
    expect((await failedOnce(id)).failed_at).toBeNull()
    await gatehouse.superuser.rows(
      `UPDATE outbox_messages SET created_at = now() - interval '25 hours', available_at = now() WHERE id = $1`,
      [id],
    )
    await eventually('giving up', async () => (await outboxRow(gatehouse, id)).failed_at)
  })

  it('never lets a mailbox that hangs delay the others', async () => {
    const dead = somebody()
    mailServer.hang(dead)
    for (let n = 0; n < 20; n += 1) await enqueue(gatehouse, { kind: 'mail.new-admin', to: dead, payload: NEW_ADMIN })
    const others = Array.from({ length: 20 }, somebody)
    const started = performance.now()
    for (const to of others) await enqueue(gatehouse, { kind: 'mail.new-admin', to, payload: NEW_ADMIN })
    await Promise.all(others.map((to) => mailServer.waitFor(to)))
    expect(performance.now() - started).toBeLessThan(8_000)
  })

  it('does not send a code that has expired on its way', async () => {
    const to = somebody()
    const id = newId()
    await gatehouse.superuser.rows(
      `INSERT INTO outbox_messages (organization_id, id, kind, destination, payload, created_at)
       VALUES ('00000000-0000-0000-0000-000000000000', $1, 'mail.sign-in-code', $2, '{"minutes": 10}', now() - interval '11 minutes')`,
      [id, to],
    )
    expect(await failedOnce(id)).toMatchObject({ failed_at: expect.any(Date), last_error: 'The code is too old.' })
    expect(mailServer.mails.filter((mail) => mail.to === to)).toEqual([])
  })

  it('leaves messages of a kind it does not know to others', async () => {
    const id = await enqueue(gatehouse, { kind: 'mail.of-tomorrow', to: somebody(), payload: {} })
    await sleep(700)
    expect(await outboxRow(gatehouse, id)).toMatchObject({ attempts: 0, delivered_at: null, failed_at: null })
  })

  it('delivers again what a process that died had on its way: its lease ends', async () => {
    const to = somebody()
    const id = newId()
    const { sealer } = gatehouse.app.spine
    const context = `outbox_messages/00000000-0000-0000-0000-000000000000/${id}`
    // As a process leaves it that was killed between sending and noting it.
    await gatehouse.superuser.rows(
      `INSERT INTO outbox_messages (organization_id, id, kind, destination, payload, sealed, attempts, available_at)
       VALUES ('00000000-0000-0000-0000-000000000000', $1, 'mail.sign-in-code', $2, '{"minutes": 10}', $3, 1, now() + interval '2 seconds')`,
      [id, to, sealer.seal('111111', context)],
    )
    const { mail } = await mailServer.waitFor(to)
    expect(mail.messageId).toBe(`<${id}@localhost>`)
    expect(await delivered(id)).toMatchObject({ attempts: 2 })
  })

  const NEW_ADMIN = { organizationName: 'Acme', adminName: 'Bo', adminEmail: 'bo@example.com', changedByName: 'Ada' }

  async function invite() {
    const organization = await found(gatehouse, 'Acme')
    const [memberId, invitationId, email] = [newId(), newId(), somebody()]
    const { token, hash } = makeToken('invitation', organization.uuid)
    await gatehouse.superuser.rows(
      `INSERT INTO members (organization_id, id, email, status, source, role_id)
       SELECT $1, $2, $3, 'INVITED', 'INVITATION', id FROM roles WHERE organization_id = $1 AND key = 'member'`,
      [organization.uuid, memberId, email],
    )
    await gatehouse.superuser.rows(
      `INSERT INTO invitations (organization_id, id, member_id, email, organization_mode, token_hash, invited_by_name, expires_at)
       VALUES ($1, $2, $3, $4, 'INVITATION', $5, 'Ada', now() + interval '7 days')`,
      [organization.uuid, invitationId, memberId, email, hash],
    )
    return { organization, invitationId, email, token }
  }

  const enqueueInvitation = (organization: TestOrganization, invitationId: string, to: string, secret: string) =>
    enqueue(gatehouse, {
      kind: 'mail.invitation',
      to,
      secret,
      organizationId: organization.uuid,
      payload: {
        invitationId,
        organizationName: 'Acme',
        invitedByName: 'Ada',
        roleName: 'Member',
        message: null,
        expiresAt: new Date(Date.now() + 7 * 86_400_000),
      },
    })

  async function deliveryErrorOf(invitationId: string): Promise<string | null> {
    const [row] = await gatehouse.superuser.rows<{ delivery_error: string | null }>(
      'SELECT delivery_error FROM invitations WHERE id = $1',
      [invitationId],
    )
    return row!.delivery_error
  }
})
