import type { Writable } from 'node:stream'
import type { ClientBase, Submittable } from 'pg'
import type { NamedQuery } from './named-query'
import { StatementPacket } from './statement-packet'

/** What was asked of a connection in this turn of the event loop, and has not left. */
const gathered = new WeakMap<ClientBase, StatementPacket>()

/**
 * Lets everything that is asked of a connection in one turn of the event loop leave as one packet: one write for us, and
 * PostgreSQL wakes up once. Call it ahead of each.
 */
export function gatherPacket(client: ClientBase): void {
  const { stream } = (client as ClientBase & { connection: { stream: Writable } }).connection
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => {
    sendGathered(client)
    stream.uncork()
  })
}

/** Asks a statement of an open transaction, together with what else is asked of it in this turn. */
export function askTogether(client: ClientBase, query: NamedQuery): void {
  gatherPacket(client)
  const packet = gathered.get(client) ?? new StatementPacket()
  packet.add(query)
  gathered.set(client, packet)
}

/** Sends what was asked so far. Call it ahead of everything else that is said to a connection on which statements were asked. */
export function sendGathered(client: ClientBase): void {
  const packet = gathered.get(client)
  if (!packet) return
  gathered.delete(client)
  client.query(packet as unknown as Submittable)
}
