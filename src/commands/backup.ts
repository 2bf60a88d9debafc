import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { loadConfig } from '../platform/config'
import { type DumpProgress, dumpDatabase } from '../platform/database'
import { reachDatabaseServer } from '../platform/database-server'
import { runCommand } from './run-command'

/**
 * Exports the embedded database as plain SQL, beside a running server or without one:
 *   npm run backup -- gatehouse.sql        into a new file that only its owner may read
 *   npm run --silent backup | gzip > …     to standard output
 */
runCommand(async () => {
  const [file] = process.argv.slice(2)
  const server = await reachDatabaseServer(loadConfig(process.env))
  try {
    if (!server.superuserUrl)
      throw new Error('This command exports the embedded database. For a PostgreSQL of your own, use pg_dump.')
    await backUp(server.superuserUrl, file)
  } finally {
    await server.stop()
  }
})

async function backUp(superuserUrl: string, file: string | undefined): Promise<void> {
  const client = new Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    let total = 0
    const onProgress: DumpProgress = (table, rows) => {
      total += rows
      process.stderr.write(`${table.padEnd(24)} ${rows.toLocaleString('en').padStart(12)} rows\n`)
    }
    const dump = Readable.from(dumpDatabase(client, onProgress))
    if (file) await pipeline(dump, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
    else await pipeline(dump, process.stdout, { end: false })
    process.stderr.write(`${total.toLocaleString('en')} rows written${file ? ` to ${file}` : ''}\n`)
  } finally {
    await client.end()
  }
}
