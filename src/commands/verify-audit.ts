import { ENTITIES } from '../entities'
import { fromTypeId, toTypeId } from '../kernel/ids'
import { type ChainReport, verifyAudit } from '../modules/audit'
import { loadConfig } from '../platform/config'
import { type Database, openDatabase } from '../platform/database'
import { reachDatabaseServer } from '../platform/database-server'
import { runCommand } from './run-command'

const USAGE = `npm run verify-audit              walks the audit log of every organization
npm run verify-audit -- org_…     walks that of one
`
const ROWS_PER_LINE = 100_000

/**
 * Proves that the audit log is as it was written: one line per organization, the first row that is not in order by its
 * id, exit code 1 when there is one. Works beside a running server.
 */
async function main(): Promise<void> {
  const [id] = process.argv.slice(2)
  const organizationId = id === undefined ? null : fromTypeId('Organization', id)
  if (id !== undefined && !organizationId) throw new Error(USAGE)
  const server = await reachDatabaseServer(loadConfig(process.env))
  try {
    const database = await openDatabase({ url: server.appUrl, entities: ENTITIES, poolSize: 2 })
    try {
      process.exitCode = (await verify(database, organizationId)) ? 0 : 1
    } finally {
      await database.close()
    }
  } finally {
    await server.stop()
  }
}

async function verify(database: Database, organizationId: string | null): Promise<boolean> {
  let shown = 0
  const onProgress = (rows: number): void => {
    if (rows - shown < ROWS_PER_LINE) return
    shown = rows
    process.stderr.write(`${rows.toLocaleString('en')} rows read\n`)
  }
  let organizations = 0
  let broken = 0
  for await (const report of verifyAudit(database, organizationId, onProgress)) {
    organizations += 1
    if (report.broken) broken += 1
    process.stdout.write(`${lineOf(report)}\n`)
  }
  process.stdout.write(`${organizations} chains read, ${broken} broken\n`)
  return broken === 0
}

function lineOf({ organizationId, intact, erased, unsealed, head, broken }: ChainReport): string {
  const name = toTypeId('Organization', organizationId)
  if (broken)
    return `BROKEN ${name} at ${toTypeId('AuditEvent', broken.id)} (number ${broken.sequence}): ${broken.flaw}; ${intact} rows before it are in order`
  const notes = [`${intact} rows`, erased && `${erased} erased`, unsealed && `${unsealed} not sealed yet`].filter(
    Boolean,
  )
  return `OK     ${name} ${notes.join(', ')}, head ${head}`
}

runCommand(main)
