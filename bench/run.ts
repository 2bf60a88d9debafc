import path from 'node:path'
import { OTHER_CORE, pin } from './child'
import { type BenchDatabase, startBenchCluster, withClient } from './cluster'
import { Contestant } from './contestant'
import { type DuelLength, type DuelResult, duel, FULL_LENGTH, QUICK_LENGTH } from './duel'
import { firstPages, invitationOperation, membersOperation, type Operation, viewerOperation } from './operations'
import { missedFloors, type PageTime, report } from './report'
import { MILLION, QUICK, THOUSAND } from './seed-million'
import { type StatementCost, statementCost } from './statements'

const FOLDER = path.join(process.cwd(), '.gatehouse-bench')
const PAGE_MILLISECONDS = 3_000

/**
 * `npm run bench [-- --quick]`: how fast the product is beside a bare handler that does the same work, on a database
 * of a million members; 20,000 and shorter slices with `--quick`. Exit code 1 when a floor is missed. Linux only: CPU
 * time is read from /proc.
 */
async function run(isQuick: boolean): Promise<void> {
  const cluster = await startBenchCluster(FOLDER)
  pin(cluster.postmasterPid, OTHER_CORE)
  try {
    const large = await cluster.database(isQuick ? QUICK : MILLION)
    const small = await cluster.database(THOUSAND)
    const smallCosts = await withProduct(small, (product) => costsOf(product, small))
    const largeCosts = await withProduct(large, (product) => costsOf(product, large))
    const duels = await withProduct(large, (product) => duelsOf(product, large, isQuick ? QUICK_LENGTH : FULL_LENGTH))
    const pages = await withProduct(large, (product) => pageTimes(product, large))
    const findings = { duels, pages, costs: { small: smallCosts, large: largeCosts } }
    process.stdout.write(report(findings))
    if (missedFloors(findings).length > 0) process.exitCode = 1
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

async function operationsOn(product: Contestant, database: BenchDatabase): Promise<Operation[]> {
  return withClient(database.superuserUrl, async (client) => [
    await viewerOperation(client),
    await membersOperation(client, product.ask),
    await invitationOperation(client),
  ])
}

async function costsOf(product: Contestant, database: BenchDatabase): Promise<StatementCost[]> {
  const costs: StatementCost[] = []
  for (const operation of await operationsOn(product, database))
    costs.push(await statementCost(operation, product, database))
  return costs
}

async function duelsOf(product: Contestant, database: BenchDatabase, length: DuelLength): Promise<DuelResult[]> {
  const bare = await Contestant.bareHandler(database)
  try {
    const results: DuelResult[] = []
    for (const operation of await operationsOn(product, database)) {
      process.stderr.write(`Loading: ${operation.name}\n`)
      results.push(await duel(operation, product, bare, length))
    }
    return results
  } finally {
    await bare.stop()
  }
}

/** First pages, one after the other, in an organization of ordinary size and in the largest. */
async function pageTimes(product: Contestant, database: BenchDatabase): Promise<PageTime[]> {
  const times: PageTime[] = []
  for (const which of ['hundred', 'largest'] as const) {
    const { requests, members } = await withClient(database.superuserUrl, (client) => firstPages(client, which))
    product.aim(requests)
    await product.run(PAGE_MILLISECONDS, 1)
    times.push({ members, milliseconds: (await product.run(PAGE_MILLISECONDS, 1)).p50 })
  }
  return times
}

run(process.argv.includes('--quick')).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
