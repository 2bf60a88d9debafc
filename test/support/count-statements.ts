import { Client } from 'pg'
import { ReadPacket } from '../../src/platform/database/read-packet'
import { StatementPacket } from '../../src/platform/database/statement-packet'

/** How often each statement ran: named ones by name, others by their first words. */
export type StatementCounts = Map<string, number>

/**
 * Counts the statements that this process sends to PostgreSQL while `work` runs. Frames of transactions (BEGIN,
 * COMMIT, ROLLBACK) are left out. Nothing else may use the database meanwhile.
 */
export async function countStatements(work: () => Promise<unknown>): Promise<StatementCounts> {
  const counts: StatementCounts = new Map()
  // eslint-disable-next-line typescript/unbound-method -- it is applied to the client it was called on
  const original = Client.prototype.query as (...parameters: unknown[]) => unknown
  const counting = function (this: Client, ...parameters: unknown[]): unknown {
    const [asked] = parameters
    const isPacket = asked instanceof ReadPacket || asked instanceof StatementPacket
    for (const query of isPacket ? asked.queries : [asked]) {
      const label = labelOf(query)
      if (label) counts.set(label, (counts.get(label) ?? 0) + 1)
    }
    return original.apply(this, parameters)
  }
  Object.assign(Client.prototype, { query: counting })
  try {
    await work()
  } finally {
    Object.assign(Client.prototype, { query: original })
  }
  return counts
}

/** The sum over all statements. */
export function totalOf(counts: StatementCounts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

function labelOf(query: unknown): string | null {
  if (typeof query === 'object' && query !== null && 'name' in query && typeof query.name === 'string')
    return query.name
  const text =
    typeof query === 'string' ? query : String(typeof query === 'object' && query && 'text' in query ? query.text : '')
  if (/^\s*(?:BEGIN|COMMIT|ROLLBACK)\b/i.test(text)) return null
  return text.trim().slice(0, 60)
}
