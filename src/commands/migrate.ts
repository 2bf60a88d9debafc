import { loadConfig } from '../platform/config'
import { migrate } from '../platform/database'
import { reachDatabaseServer } from '../platform/database-server'
import { runCommand } from './run-command'

/** Brings the schema up to date without serving: for deployments whose servers do not know the owner's login. */
runCommand(async () => {
  const server = await reachDatabaseServer(loadConfig(process.env))
  try {
    if (!server.ownerUrl)
      throw new Error('Set GATEHOUSE_MIGRATION_DATABASE_URL to the login that owns the tables (gatehouse_owner).')
    const names = await migrate(server.ownerUrl)
    for (const name of names) console.log(`applied ${name}`)
    if (names.length === 0) console.log('The schema is up to date.')
  } finally {
    await server.stop()
  }
})
