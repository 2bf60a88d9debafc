import { DataSource } from 'typeorm'
import { MIGRATIONS } from './migrations'

// Any number: two processes that start together take turns instead of migrating at once.
const MIGRATION_LOCK = 7_291_014

/**
 * Brings the schema up to date, one transaction per migration.
 *
 * @param ownerUrl  connects as the role that owns the tables (`gatehouse_owner`), never as the application's
 * @returns  the names of the migrations that ran now, oldest first
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const dataSource = await migrationSource(ownerUrl).initialize()
  const runner = dataSource.createQueryRunner()
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    const done = await dataSource.runMigrations({ transaction: 'each' })
    return done.map((migration) => migration.name)
  } finally {
    await runner.release()
    await dataSource.destroy()
  }
}

/** True while this version of the program brings migrations that the database has not seen. */
export async function pendingMigrations(dataSource: DataSource): Promise<boolean> {
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM schema_migrations')
  const seen = new Set(rows.map((row) => row.name))
  return MIGRATIONS.some((Migration) => !seen.has(new Migration().name))
}

function migrationSource(ownerUrl: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migrations',
    installExtensions: false,
    poolSize: 2,
    // A connection that breaks while idle is replaced; what needs it meets the error itself.
    poolErrorHandler: () => {},
    extra: { application_name: 'gatehouse-migrate', lock_timeout: 30_000 },
  })
}
