import pino from 'pino'
import { createOutside } from '../../src/platform/outside'
import { startWorker, type Worker } from '../../src/worker/worker'
import { eventually } from '../support/eventually'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { type MailServer, startMailServer } from '../support/mail-server'
import { enqueue, enqueueCode, outboxRow } from '../support/outbox'
import { rounds } from '../support/soak'

const NEW_ADMIN = { organizationName: 'Acme', adminName: 'Bo', adminEmail: 'bo@example.com', changedByName: 'Ada' }

describe('delivery', () => {
  let gatehouse: Gatehouse
  let workers: Worker[] = []
  let mailServers: MailServer[] = []
  let people = 0

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()))
    await Promise.all(mailServers.map((server) => server.close()))
    workers = []
    mailServers = []
  })
  afterAll(() => gatehouse.close())

  const somebody = () => `somebody.${(people += 1)}@example.com`
  const mailServer = async (port?: number) => {
    const server = await startMailServer(port)
    mailServers.push(server)
    return server
  }
  const work = (smtpUrl?: string) => {
    const config = { smtpUrl, mailFrom: 'gate@example.com', publicUrl: 'https://gate.example.com' }
    const outside = createOutside({ allowsLoopback: true })
    const worker = startWorker({ spine: gatehouse.app.spine, outside, config, logger: pino({ level: 'silent' }) })
    workers.push(worker)
    return worker
  }
  const undelivered = async () =>
    (
      await gatehouse.superuser.rows<{ n: number }>(
        'SELECT count(*)::int AS n FROM outbox_messages WHERE delivered_at IS NULL',
      )
    )[0]!.n

  it('waits for a mail server that is down, and sends everything once it is up', async () => {
    const gone = await startMailServer()
    await gone.close()
    const worker = work(gone.url)
    const addresses = Array.from({ length: 5 }, somebody)
    const ids: string[] = []
    for (const to of addresses) ids.push(await enqueueCode(gatehouse, to))
    worker.wake()
    await eventually('a failed attempt', async () => (await outboxRow(gatehouse, ids[4]!)).last_error)
    const back = await mailServer(gone.port)
    await Promise.all(addresses.map((to) => back.waitFor(to)))
    await eventually('everything noted', async () => ((await undelivered()) === 0 ? true : null))
  })

  it('keeps messages where there is no mail server at all', async () => {
    work(undefined)
    const id = await enqueueCode(gatehouse, somebody())
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(await outboxRow(gatehouse, id)).toMatchObject({
      attempts: 0,
      delivered_at: null,
      sealed: expect.any(Buffer),
    })
    await gatehouse.superuser.rows('DELETE FROM outbox_messages WHERE id = $1', [id])
  })

  const mails = rounds(200, 5_000)

  it(`sends each of ${mails} mails once, though three workers compete for them`, async () => {
    const server = await mailServer()
    const addresses = Array.from({ length: mails }, somebody)
    for (const to of addresses) await enqueue(gatehouse, { kind: 'mail.new-admin', to, payload: NEW_ADMIN })
    for (let n = 0; n < 3; n += 1) work(server.url)
    await eventually('everything noted', async () => ((await undelivered()) === 0 ? true : null), rounds(25, 600))
    expect(server.mails.map(({ to }) => to).sort()).toEqual(addresses.sort())
  })

  it('finishes the mails on their way when it is told to stop', async () => {
    const server = await mailServer()
    const worker = work(server.url)
    const ids: string[] = []
    for (let n = 0; n < 30; n += 1) ids.push(await enqueueCode(gatehouse, somebody()))
    worker.wake()
    await eventually('a first mail', async () => server.mails[0])
    await worker.stop()
    const rows = await Promise.all(ids.map((id) => outboxRow(gatehouse, id)))
    expect(rows.filter((row) => row.delivered_at !== null)).toHaveLength(server.mails.length)
    expect(rows.filter((row) => row.delivered_at === null && row.attempts > 0)).toEqual([])
    work(server.url)
    await eventually('the rest', async () => ((await undelivered()) === 0 ? true : null))
  })
})
