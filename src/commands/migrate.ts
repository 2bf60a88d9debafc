import pino from 'pino'
import { createApp } from '../app'
import { ENTITIES } from '../entities'
import { applyPermissionsFile, type PermissionDraft, readPermissionsFile } from '../modules/permissions'
import { type Config, loadConfig } from '../platform/config'
import { migrate, openDatabase } from '../platform/database'
import { reachDatabaseServer } from '../platform/database-server'
import { runCommand } from './run-command'

/**
 * Brings the schema up to date without serving, and registers what GATEHOUSE_PERMISSIONS_FILE lists: for deployments
 * whose servers do not know the owner's login.
 */
runCommand(async () => {
  const config = loadConfig(process.env)
  const permissions = config.permissionsFile ? await readPermissionsFile(config.permissionsFile) : null
  const server = await reachDatabaseServer(config)
  try {
    if (!server.ownerUrl)
      throw new Error('Set GATEHOUSE_MIGRATION_DATABASE_URL to the login that owns the tables (gatehouse_owner).')
    const names = await migrate(server.ownerUrl)
    for (const name of names) console.log(`applied ${name}`)
    if (names.length === 0) console.log('The schema is up to date.')
    if (permissions) await register(config, server.appUrl, permissions)
  } finally {
    await server.stop()
  }
})

async function register(config: Config, appUrl: string, permissions: readonly PermissionDraft[]): Promise<void> {
  const database = await openDatabase({ url: appUrl, entities: ENTITIES, poolSize: 1 })
  const app = await createApp(config, database, pino({ level: 'silent' }))
  try {
    await applyPermissionsFile(app.spine, permissions)
    console.log(`registered what ${config.permissionsFile} lists`)
  } finally {
    await app.close()
    await database.close()
  }
}
