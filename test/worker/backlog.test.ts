import { measureBacklog } from '../../src/modules/outbox'
import { planOf, settle } from '../support/explain'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { enqueueCode } from '../support/outbox'

describe('the backlog of the outbox in /metrics', () => {
  let gatehouse: Gatehouse

  beforeEach(async () => {
    // Without a worker: what is due stays due.
    gatehouse = await startGatehouse()
  })
  afterEach(() => gatehouse.close())

  const update = (id: string, change: string) =>
    gatehouse.superuser.rows(`UPDATE outbox_messages SET ${change} WHERE id = $1`, [id])
  const gauge = async (name: string): Promise<number> => {
    const text = await (await fetch(`${gatehouse.url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  }

  it('is nothing while nothing waits', async () => {
    expect(await gauge('outbox_due_messages')).toBe(0)
    expect(await gauge('outbox_oldest_due_seconds')).toBe(0)
  })

  it('says how many messages are due, and for how long the oldest has been', async () => {
    const [old, delivered, failed, later] = await Promise.all(
      ['old', 'delivered', 'failed', 'later'].map((name) => enqueueCode(gatehouse, `${name}@example.com`)),
    )
    await enqueueCode(gatehouse, 'young@example.com')
    await update(old!, `available_at = now() - interval '90 seconds'`)
    await update(delivered!, `available_at = now() - interval '1 hour', delivered_at = now()`)
    await update(failed!, `available_at = now() - interval '1 hour', failed_at = now()`)
    await update(later!, `available_at = now() + interval '1 hour'`)
    expect(await gauge('outbox_due_messages')).toBe(2)
    const seconds = await gauge('outbox_oldest_due_seconds')
    expect([seconds >= 90, seconds < 150]).toEqual([true, true])
  })

  it('leaves the rest of the page readable while the database cannot say', async () => {
    await gatehouse.superuser.rows('ALTER TABLE outbox_messages RENAME TO outbox_messages_away')
    const answer = await fetch(`${gatehouse.url}/metrics`)
    const text = await answer.text()
    expect([answer.status, text.includes('database_connections')]).toEqual([200, true])
    expect(text).not.toMatch(/^outbox_due_messages /m)
  })

  it('is read from the index of due messages, however many were delivered', async () => {
    await gatehouse.superuser.rows(
      `INSERT INTO outbox_messages (organization_id, id, kind, destination, payload, delivered_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'mail.new-admin', 'x@example.com', '{}', now()
       FROM generate_series(1, 5000)`,
    )
    await settle(gatehouse, 'outbox_messages')
    expect(await planOf(gatehouse.database, { kind: 'installation' }, measureBacklog)).toMatch(
      /Index Only Scan using outbox_messages_due/,
    )
  })
})
