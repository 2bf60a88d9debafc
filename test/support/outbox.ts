import { INSTALLATION_ID, outboxSealContext } from '../../src/access'
import { newId } from '../../src/kernel/ids'
import type { Gatehouse } from './gatehouse'

/** How a message stands in its row. */
export interface OutboxRow {
  attempts: number
  last_error: string | null
  sealed: Buffer | null
  delivered_at: Date | null
  failed_at: Date | null
  available_at: Date
}

/** Puts a message into the outbox as a committed use case would. @returns its id */
export async function enqueue(
  gatehouse: Gatehouse,
  message: { kind: string; to: string; payload: object; secret?: string; organizationId?: string },
): Promise<string> {
  const id = newId()
  const organizationId = message.organizationId ?? INSTALLATION_ID
  const sealed =
    message.secret && gatehouse.app.spine.sealer.seal(message.secret, outboxSealContext(organizationId, id))
  await gatehouse.superuser.rows(
    'INSERT INTO outbox_messages (organization_id, id, kind, destination, payload, sealed) VALUES ($1, $2, $3, $4, $5, $6)',
    [organizationId, id, message.kind, message.to, message.payload, sealed ?? null],
  )
  return id
}

/** A sign-in code on its way: the simplest of all mails. @returns its id */
export async function enqueueCode(gatehouse: Gatehouse, to: string, code = '482913'): Promise<string> {
  return enqueue(gatehouse, { kind: 'mail.sign-in-code', to, payload: { minutes: 10 }, secret: code })
}

/** The row of a message. */
export async function outboxRow(gatehouse: Gatehouse, id: string): Promise<OutboxRow> {
  const [row] = await gatehouse.superuser.rows<OutboxRow>('SELECT * FROM outbox_messages WHERE id = $1', [id])
  return row!
}
