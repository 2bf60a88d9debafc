import type { Client } from 'pg'
import type { DumpProgress } from './dump'
import { readPieces } from './dump-format'

const INSERT = /^INSERT INTO (\S+) \(/

/**
 * Runs a dump of `dumpDatabase` in one transaction: all of it, or nothing.
 *
 * @param client  connects as the role that owns the database, which is empty
 * @param dump  its text, in chunks of any length
 * @throws Error  the text is no dump, its end is missing, or PostgreSQL refuses something in it
 */
export async function restoreDatabase(
  client: Client,
  dump: AsyncIterable<string>,
  onProgress: DumpProgress,
): Promise<void> {
  let current = { table: '', rows: 0 }
  let isComplete = false
  try {
    for await (const piece of readPieces(dump)) {
      const table = INSERT.exec(piece)?.[1] ?? ''
      if (table !== current.table) {
        if (current.table) onProgress(current.table, current.rows)
        current = { table, rows: 0 }
      }
      const { rowCount } = await client.query(piece)
      current.rows += rowCount ?? 0
      isComplete = piece.startsWith('COMMIT;')
    }
    if (!isComplete) throw new Error('The file is not complete.')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** True while nothing has made a table in the database. */
export async function isEmptyDatabase(client: Client): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LIMIT 1`,
  )
  return rows.length === 0
}
