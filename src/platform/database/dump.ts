import { randomBytes } from 'node:crypto'
import { type Client, escapeIdentifier } from 'pg'
import type { QueryRunner } from 'typeorm'
import { boundaryNotice } from './dump-format'
import { MIGRATIONS } from './migrations'

/** Told after each table. */
export type DumpProgress = (table: string, rows: number) => void

const ROWS_PER_STATEMENT = 500
const MIGRATIONS_TABLE = 'schema_migrations'

const HEADER = `-- Gatehouse: schema and data as plain SQL.
--
-- Restore into an embedded database that is still empty:
--   npm run restore -- THIS_FILE
-- or into an empty database owned by gatehouse_owner, on a server with the three roles (README, "Your own PostgreSQL"):
--   psql --set ON_ERROR_STOP=1 "$GATEHOUSE_MIGRATION_DATABASE_URL" --file THIS_FILE
-- All or nothing: it is one transaction. Everybody has to sign in again, and sign-ins on their way begin anew.
-- Sealed messages open with the same GATEHOUSE_MASTER_KEY only. Stop the old installation first: mails that wait are
-- in here, and both would send them.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
BEGIN;
SET LOCAL ROLE gatehouse_owner;
SET LOCAL TIME ZONE 'UTC';
SET CONSTRAINTS ALL DEFERRED;
`

// A backup that lies about must not open anybody's session.
const ENDED_SESSIONS = `
UPDATE account_sessions SET revoked_at = now() WHERE revoked_at IS NULL;
UPDATE organization_sessions SET revoked_at = now() WHERE revoked_at IS NULL;
DELETE FROM sign_in_attempts;
DELETE FROM sign_in_codes;
`

/**
 * Writes a whole database as SQL that makes it again: the schema by its migrations, the rows as INSERTs in the order
 * of the foreign keys. All from one snapshot, in pieces of at most 500 rows, each closed by the boundary that
 * `restoreDatabase` looks for; it may run beside a working server.
 *
 * @param client  sees every row, whatever row-level security says: a superuser. Its session is changed.
 * @throws Error  the database has seen a migration that this version does not know
 */
export async function* dumpDatabase(client: Client, onProgress: DumpProgress): AsyncGenerator<string> {
  // Drawn anew for each dump: no value in it can have been made to look like the end of a piece.
  const boundary = `-- ${randomBytes(16).toString('hex')}\n`
  yield boundaryNotice(boundary)
  for await (const piece of pieces(client, onProgress)) yield piece + boundary
}

async function* pieces(client: Client, onProgress: DumpProgress): AsyncGenerator<string> {
  await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = ISO; SET LOCAL IntervalStyle = postgres;
    SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = 0`)
  try {
    const tables = await tablesInOrder(client)
    yield HEADER
    yield* schemaSql(await seenMigrations(client))
    // Row-level security is forced upon the owner as well, who has no policy.
    yield* tables.filter(({ forced }) => forced).map(({ name }) => `ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY;\n`)
    // Migrations may have brought rows of their own.
    yield `TRUNCATE ${tables.map(({ name }) => name).join(', ')};\n`
    for (const table of tables) yield* tableSql(client, table, onProgress)
    yield ENDED_SESSIONS
    // What was put off is looked at now: tables with checks to come cannot be altered.
    yield 'SET CONSTRAINTS ALL IMMEDIATE;\n'
    yield `SELECT setval(pg_get_serial_sequence('${MIGRATIONS_TABLE}', 'id'), (SELECT max(id) FROM ${MIGRATIONS_TABLE}));\n`
    yield* tables.filter(({ forced }) => forced).map(({ name }) => `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY;\n`)
    yield 'COMMIT;\nANALYZE;\n'
  } finally {
    await client.query('ROLLBACK').catch(() => {})
  }
}

interface Table {
  /** Ready to stand in a statement. */
  readonly name: string
  readonly columns: readonly string[]
  readonly forced: boolean
  readonly needs: readonly string[]
}

/** Tables after those that their foreign keys point at. */
async function tablesInOrder(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(TABLES)
  const ordered: Table[] = []
  const done = new Set<string>()
  while (ordered.length < rows.length) {
    const next = rows.filter(({ name, needs }) => !done.has(name) && needs.every((other) => done.has(other)))
    if (next.length === 0) throw new Error('Foreign keys form a circle, so there is no order in which to restore.')
    for (const table of next) done.add(table.name)
    ordered.push(...next)
  }
  return ordered
}

const TABLES = `
SELECT quote_ident(c.relname) AS name, c.relforcerowsecurity AS forced,
  ARRAY(SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        ORDER BY a.attnum) AS columns,
  ARRAY(SELECT DISTINCT quote_ident(f.relname) FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS needs
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
ORDER BY c.relname`

async function seenMigrations(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`)
  return rows.map(({ name }) => name)
}

/** The schema is what its migrations say: their statements are recorded in place of being run. */
async function* schemaSql(names: readonly string[]): AsyncGenerator<string> {
  const known = MIGRATIONS.map((Migration) => new Migration())
  // As TypeORM makes it; the first migration grants rights on it.
  yield `CREATE TABLE ${MIGRATIONS_TABLE} (id serial PRIMARY KEY, "timestamp" bigint NOT NULL, name varchar NOT NULL);\n`
  for (const name of names) {
    const migration = known.find((each) => each.name === name)
    if (!migration) throw new Error(`The database has seen the migration ${name}, which this version does not know.`)
    const statements: string[] = []
    const recorder = { query: async (sql: string) => void statements.push(sql) }
    await migration.up(recorder as unknown as QueryRunner)
    yield* statements.map((sql) => `${sql.trim().replace(/;$/, '')};\n`)
  }
}

async function* tableSql(client: Client, table: Table, onProgress: DumpProgress): AsyncGenerator<string> {
  const columns = table.columns.map(escapeIdentifier)
  const literals = columns.map((column) => `quote_nullable(${column}::text)`).join(` || ', ' || `)
  await client.query(`DECLARE rows NO SCROLL CURSOR FOR SELECT ${literals} AS literals FROM ${table.name}`)
  let count = 0
  for (;;) {
    const { rows } = await client.query<{ literals: string }>(`FETCH ${ROWS_PER_STATEMENT} FROM rows`)
    if (rows.length === 0) break
    count += rows.length
    const values = rows.map((row) => `(${row.literals})`).join(',\n')
    yield `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES\n${values};\n`
  }
  await client.query('CLOSE rows')
  onProgress(table.name, count)
}
