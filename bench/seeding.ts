import type { Client } from 'pg'
import { progressBar } from './progress'

/** One statement of a seed; with `isSliced` it runs once per slice (`$1` < n <= `$2`). Working tables go into the schema `seed`. */
export interface SeedStep {
  readonly what: string
  readonly text: string
  readonly isSliced?: true
}

/**
 * Fills a migrated, empty database, as a superuser; the schema `seed` with what is known beforehand exists. Counters and
 * projections must agree with the rows they sum up: nothing checks them. A bar on standard error shows how far it is.
 */
export async function runSteps(
  client: Client,
  seedSteps: readonly SeedStep[],
  slices: readonly (readonly [number, number])[],
): Promise<void> {
  // Triggers of foreign keys would look up every row; the steps write parents and children from one source.
  await client.query(`SET session_replication_role = replica`)
  // A seed that is cut short is begun anew.
  await client.query('SET synchronous_commit TO off')
  const indexes = await dropIndexes(client)
  const steps = [...seedSteps, ...indexes.map((text): SeedStep => ({ what: 'indexes', text }))]
  const bar = progressBar(
    'Seeding',
    steps.reduce((sum, step) => sum + (step.isSliced ? slices.length : 1), 0),
  )
  for (const step of steps) {
    for (const values of step.isSliced ? slices : [undefined]) {
      bar.advance(step.what)
      await client.query(step.text, values && [...values])
    }
  }
  bar.advance('statistics')
  await client.query('DROP SCHEMA seed CASCADE')
  await client.query('VACUUM (ANALYZE)')
  bar.end()
}

/** Indexes are built once after the rows: ten times faster than keeping them during the load. */
async function dropIndexes(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ indexrelid: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS indexrelid, pg_get_indexdef(indexrelid) AS definition
     FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
     WHERE relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`,
  )
  for (const { indexrelid } of rows) await client.query(`DROP INDEX ${indexrelid}`)
  return rows.map((row) => row.definition)
}
