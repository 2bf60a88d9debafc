import { assertRoleCannotBypass, type Database, type DatabaseOptions, migrate, openDatabase } from './database'
import { pendingMigrations } from './database/migrate'
import type { DatabaseServer } from './database-server'

/**
 * Brings the schema up to date where the owner's login is known, and opens the database as the application's role.
 *
 * @returns  the database, and the names of the migrations that ran
 * @throws Error  the schema is behind and nobody may migrate it; the role could bypass row-level security
 */
export async function openCheckedDatabase(
  server: DatabaseServer,
  options: Omit<DatabaseOptions, 'url'>,
): Promise<{ database: Database; migrated: string[] }> {
  const migrated = server.ownerUrl ? await migrate(server.ownerUrl) : []
  const database = await openDatabase({ ...options, url: server.appUrl })
  try {
    await assertSchemaIsCurrent(database)
    await assertRoleCannotBypass(database.dataSource)
    return { database, migrated }
  } catch (error) {
    await database.close()
    throw error
  }
}

async function assertSchemaIsCurrent({ dataSource }: Database): Promise<void> {
  // A database without the table has seen no migration at all.
  const isBehind = await pendingMigrations(dataSource).catch(() => true)
  if (!isBehind) return
  throw new Error(
    'The database of DATABASE_URL lacks migrations of this version. Set GATEHOUSE_MIGRATION_DATABASE_URL to the login ' +
      'that owns the tables (gatehouse_owner) to migrate at the start, or run `npm run migrate` with it.',
  )
}
