import path from 'node:path'
import type { Client } from 'pg'
import { batchOfChecks, singleCheck } from './access/check-operations'
import { OTHER_CORE, pin } from './child'
import { type BenchDatabase, startBenchCluster, withClient } from './cluster'
import { Contestant } from './contestant'
import { type DuelLength, type DuelResult, duel, FULL_LENGTH, QUICK_LENGTH } from './duel'
import { firstPages, invitationOperation, membersOperation, type Operation, viewerOperation } from './operations'
import { type ProgressBar, progressBar } from './progress'
import { missedFloors, type PageTime, report } from './report'
import { measureScim } from './scim/run'
import { MILLION, QUICK, seedOf, THOUSAND } from './seed-million'
import { operationQuestioner, type StatementCost, statementCost } from './statements'
import { loadPerCore } from './table'

const FOLDER = path.join(process.cwd(), '.gatehouse-bench')
const PAGE_MILLISECONDS = 3_000
const PAGES = ['hundred', 'largest'] as const

/**
 * `npm run bench [-- --quick] [access | scim]`: how fast the product is beside a bare handler that does the same work, on
 * a database of a million members, and its SCIM endpoint on a directory of a million users; smaller ones and shorter
 * slices with `--quick`, authorization checks or the SCIM endpoint alone with their names. Exit code 1 when a floor is
 * missed, 2 when it could not be measured. Linux only: CPU time is read from /proc.
 */
async function run(isQuick: boolean): Promise<void> {
  const missed = [
    ...(isAboutScim ? [] : await duelBareHandler(isQuick)),
    ...(isAboutAccess ? [] : await measureScim(FOLDER, isQuick)),
  ]
  if (missed.length > 0) process.exitCode = 1
}

async function duelBareHandler(isQuick: boolean): Promise<string[]> {
  const loadBefore = loadPerCore()
  const cluster = await startBenchCluster(FOLDER)
  pin(cluster.postmasterPid, OTHER_CORE)
  try {
    const large = await cluster.database(seedOf(isQuick ? QUICK : MILLION))
    const small = await cluster.database(seedOf(THOUSAND))
    const length = isQuick ? QUICK_LENGTH : FULL_LENGTH
    const bar = progressBar('Measuring', OPERATIONS.length * (2 + length.rounds) + PAGES.length)
    const costs = { small: await costsOf(small, bar), large: await costsOf(large, bar) }
    const pages = await withProduct(large, (product) => pageTimes(product, large, bar))
    const duels = await withProduct(large, (product) => duelsOf(product, large, length, bar))
    bar.end()
    const findings = { isQuick, loadBefore, duels, pages, costs }
    process.stdout.write(report(findings))
    return missedFloors(findings)
  } finally {
    await cluster.stop()
  }
}

async function withProduct<T>(database: BenchDatabase, work: (product: Contestant) => Promise<T>): Promise<T> {
  const product = await Contestant.product(database)
  try {
    return await work(product)
  } finally {
    await product.stop()
  }
}

const isAboutAccess = process.argv.includes('access')
const isAboutScim = process.argv.includes('scim')
const OPERATIONS: readonly ((client: Client, product: Contestant) => Promise<Operation>)[] = [
  ...(isAboutAccess
    ? []
    : [
        viewerOperation,
        (client: Client, product: Contestant) => membersOperation(client, product.ask),
        invitationOperation,
      ]),
  singleCheck,
  batchOfChecks,
]

async function costsOf(database: BenchDatabase, bar: ProgressBar): Promise<StatementCost[]> {
  const costs: StatementCost[] = []
  for (const make of OPERATIONS) {
    bar.advance('statements')
    costs.push(
      await statementCost(database, () =>
        operationQuestioner(database, (product) =>
          withClient(database.superuserUrl, (client) => make(client, product)),
        ),
      ),
    )
  }
  return costs
}

async function duelsOf(
  product: Contestant,
  database: BenchDatabase,
  length: DuelLength,
  bar: ProgressBar,
): Promise<DuelResult[]> {
  const bare = await Contestant.bareHandler(database)
  try {
    const results: DuelResult[] = []
    for (const make of OPERATIONS) {
      const operation = await withClient(database.superuserUrl, (client) => make(client, product))
      results.push(await duel(operation, product, bare, length, () => bar.advance(operation.name)))
    }
    return results
  } finally {
    await bare.stop()
  }
}

/** First pages, one after the other, in an organization of ordinary size and in the largest. */
async function pageTimes(product: Contestant, database: BenchDatabase, bar: ProgressBar): Promise<PageTime[]> {
  const times: PageTime[] = []
  for (const which of PAGES) {
    bar.advance('first pages')
    const { requests, members } = await withClient(database.superuserUrl, (client) => firstPages(client, which))
    product.aim(requests)
    await product.run(PAGE_MILLISECONDS, 1)
    times.push({ members, milliseconds: (await product.run(PAGE_MILLISECONDS, 1)).p50 })
  }
  return times
}

run(process.argv.includes('--quick')).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 2
})
