import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { Client } from 'pg'
import { type Config, loadConfig } from '../platform/config'
import { type DumpProgress, isEmptyDatabase, restoreDatabase } from '../platform/database'
import { startDatabaseServer } from '../platform/database-server'
import { runCommand } from './run-command'

const USAGE = `npm run restore -- gatehouse.sql    reads what npm run backup wrote; also gatehouse.sql.gz`

/** Fills the embedded database, which must be empty, from a backup. All or nothing; no server may run on the folder. */
runCommand(async () => {
  const [file] = process.argv.slice(2)
  if (file === undefined) throw new Error(USAGE)
  const config = loadConfig(process.env)
  if (config.databaseUrl)
    throw new Error('This command fills the embedded database. For a PostgreSQL of your own, run the file with psql.')
  const server = await startDatabaseServer(config)
  try {
    if (server.ownerUrl) await restore(config, server.ownerUrl, file)
  } finally {
    await server.stop()
  }
})

async function restore({ dataDirectory }: Config, ownerUrl: string, file: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    if (!(await isEmptyDatabase(client)))
      throw new Error(
        `The database in ${dataDirectory} is not empty, and restoring never overwrites. Set GATEHOUSE_DATA_DIR to a new folder, or move this one away.`,
      )
    let total = 0
    const onProgress: DumpProgress = (table, rows) => {
      total += rows
      process.stderr.write(`${table.padEnd(24)} ${rows.toLocaleString('en').padStart(12)} rows\n`)
    }
    await restoreDatabase(client, textOf(file), onProgress).catch((cause: Error) => {
      throw new Error(`Nothing was restored: ${cause.message}`, { cause })
    })
    process.stderr.write(
      `${total.toLocaleString('en')} rows restored into ${dataDirectory}. Everybody signs in again. Mails that waited will be sent: do not start the old installation beside this one.\n`,
    )
  } finally {
    await client.end()
  }
}

function textOf(file: string): AsyncIterable<string> {
  const bytes = createReadStream(file)
  if (!file.endsWith('.gz')) return bytes.setEncoding('utf8')
  const text = createGunzip().setEncoding('utf8')
  bytes.on('error', (error) => text.destroy(error)).pipe(text)
  return text
}
