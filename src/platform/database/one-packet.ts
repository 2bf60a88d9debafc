import type { Writable } from 'node:stream'
import type { ClientBase } from 'pg'

/**
 * Lets everything that is asked of a connection in one turn of the event loop leave as one packet: one write for us, and
 * PostgreSQL wakes up once. Call it ahead of each.
 */
export function gatherPacket(client: ClientBase): void {
  const { stream } = (client as ClientBase & { connection: { stream: Writable } }).connection
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}
