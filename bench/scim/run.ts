import { OTHER_CORE, pin } from '../child'
import { type BenchCluster, DURABLE, startBenchCluster } from '../cluster'
import { median } from '../duel'
import { type ProgressBar, progressBar } from '../progress'
import { statementCost } from '../statements'
import { loadPerCore } from '../table'
import type { ScimRun } from './load'
import { openDirectory } from './open-directory'
import { Pusher } from './pusher'
import { QUESTIONS, scimQuestioner } from './questions'
import { missedBounds, report, type SizeFindings, type WorkResult } from './report'
import { directorySeed } from './seed-directory'

const SMALL = 1_000
const LARGE = 1_000_000
const QUICK = 50_000

interface Length {
  readonly warmUpMilliseconds: number
  readonly sliceMilliseconds: number
  readonly rounds: number
}

const FULL_LENGTH: Length = { warmUpMilliseconds: 6_000, sliceMilliseconds: 2_000, rounds: 3 }
const QUICK_LENGTH: Length = { warmUpMilliseconds: 7_000, sliceMilliseconds: 1_500, rounds: 3 }

interface Work {
  readonly name: string
  /** Users that must be stored for it. */
  readonly users: number
  readonly isOnce?: true
  readonly run: (pusher: Pusher, milliseconds: number) => Promise<ScimRun>
}

// Pages as large as they come, and at a million users a fifth of them: each costs what the first one costs.
const PAGE = 1_000
const MOST_PAGES = 200
const WORKS: readonly Work[] = [
  { name: 'create user', users: 0, run: (pusher, milliseconds) => pusher.create(milliseconds) },
  { name: 'find by userName', users: 0, run: (pusher, milliseconds) => pusher.find(milliseconds) },
  { name: 'get user', users: 0, run: (pusher, milliseconds) => pusher.get(milliseconds) },
  { name: 'deactivate user', users: 0, run: (pusher, milliseconds) => pusher.deactivate(milliseconds) },
  { name: 'add 1 member', users: 0, run: (pusher, milliseconds) => pusher.addOne(milliseconds) },
  { name: 'add 1,000 members', users: 1_000, run: (pusher, milliseconds) => pusher.addMany(1_000, milliseconds) },
  { name: 'add 10,000 members', users: 10_000, run: (pusher, milliseconds) => pusher.addMany(10_000, milliseconds) },
  { name: 'users by index', users: 0, isOnce: true, run: (pusher) => pusher.walk('index', PAGE, MOST_PAGES) },
  { name: 'users by cursor', users: 0, isOnce: true, run: (pusher) => pusher.walk('cursor', PAGE, MOST_PAGES) },
]

/**
 * The SCIM endpoint alone, on a directory of a thousand users and on one of a million, with commits that wait for the
 * disk: eight connections, every answer checked. Prints what it found.
 *
 * @returns  what is worse than promised, in words
 */
export async function measureScim(folder: string, isQuick: boolean): Promise<string[]> {
  const loadBefore = loadPerCore()
  const cluster = await startBenchCluster(folder, DURABLE)
  pin(cluster.postmasterPid, OTHER_CORE)
  try {
    const length = isQuick ? QUICK_LENGTH : FULL_LENGTH
    const small = await measureSize(cluster, SMALL, length)
    const large = await measureSize(cluster, isQuick ? QUICK : LARGE, length)
    const findings = { isQuick, loadBefore, small, large }
    process.stdout.write(report(findings))
    return missedBounds(findings)
  } finally {
    await cluster.stop()
  }
}

async function measureSize(cluster: BenchCluster, users: number, length: Length): Promise<SizeFindings> {
  const works = WORKS.filter((work) => work.users <= users)
  const questions = QUESTIONS.filter((question) => question.users <= users)
  const database = await cluster.database(directorySeed(users))
  const bar = progressBar('Measuring', works.length + questions.length)
  const costs = new Map<string, Awaited<ReturnType<typeof statementCost>>>()
  const asked = await openDirectory(database)
  try {
    for (const question of questions) {
      bar.advance(`pages of ${question.name}`)
      costs.set(question.name, await statementCost(database, scimQuestioner(database, asked, question)))
    }
  } finally {
    await asked.server.stop()
  }
  // Users that questions have created stand between the numbers from here on.
  const { server, target, background } = await openDirectory(await cluster.database(directorySeed(users)))
  const pusher = new Pusher(target, background)
  try {
    const results = await workThrough(pusher, works, length, bar)
    bar.end()
    return { users, costs, results, residentMegabytes: server.residentMegabytes() }
  } finally {
    await pusher.stop()
    await server.stop()
  }
}

async function workThrough(
  pusher: Pusher,
  works: readonly Work[],
  { warmUpMilliseconds, sliceMilliseconds, rounds }: Length,
  bar: ProgressBar,
): Promise<WorkResult[]> {
  const results: WorkResult[] = []
  for (const { name, isOnce, run } of works) {
    bar.advance(name)
    if (!isOnce) await run(pusher, warmUpMilliseconds)
    const runs: ScimRun[] = []
    while (runs.length < (isOnce ? 1 : rounds)) runs.push(await run(pusher, sliceMilliseconds))
    results.push({
      name,
      throughput: median(runs.map(({ answers, seconds }) => answers / seconds)),
      p50: median(runs.map(({ p50 }) => p50)),
      p95: median(runs.map(({ p95 }) => p95)),
    })
  }
  return results
}
