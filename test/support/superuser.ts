import { Pool } from 'pg'

/** A connection that row-level security does not bind: for arranging and inspecting, never for acting. */
export interface SuperuserConnection {
  rows<Row = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export async function openSuperuser(url: string): Promise<SuperuserConnection> {
  const pool = new Pool({ connectionString: url, max: 2 })
  // Databases are dropped by force at the end of a file.
  pool.on('error', () => {})
  return {
    rows: async <Row>(sql: string, values: unknown[] = []) => (await pool.query(sql, values)).rows as Row[],
    close: () => pool.end(),
  }
}
