import path from 'node:path'
import { OTHER_CORE, pin } from '../child'
import { type BenchCluster, DURABLE, startBenchCluster } from '../cluster'
import { progressBar } from '../progress'
import { type SeedSize, seedOf } from '../seed-million'
import { busyNote, loadPerCore, spreadText, table } from '../table'
import { measureRemovals, REQUESTS_PER_REMOVAL, type RemovalFindings } from './removals'
import { duelSignIns, type SignInDuel, type SignInLength } from './sign-ins'

const FOLDER = path.join(process.cwd(), '.gatehouse-bench')
const SIZE: SeedSize = { members: 6_000, organizations: 10, largest: 2_000, second: 500 }
const FULL: SignInLength = { warmUpMilliseconds: 15_000, roundMilliseconds: 8_000, rounds: 5 }
const QUICK: SignInLength = { warmUpMilliseconds: 6_000, roundMilliseconds: 4_000, rounds: 3 }
const PROTOCOLS = 2
const REQUESTS = 10_000
const QUICK_REQUESTS = 1_000
/** What signing in may cost more than the bare libraries. */
const MOST_OVERHEAD = 0.35

/**
 * `npm run bench:sso [-- --quick] [sign-ins | removals]`: what a sign-in through the company costs beside samlify and
 * openid-client in a bare handler, and whether anybody is let in after the answer to their removal; or one of the two.
 * Exit code 1 when somebody was, 2 when it could not be measured; an overhead above the goal is shown and does not fail.
 * Linux only.
 */
async function run(isQuick: boolean, wants: (part: string) => boolean): Promise<void> {
  const loadBefore = loadPerCore()
  const cluster = await startBenchCluster(FOLDER, DURABLE)
  pin(cluster.postmasterPid, OTHER_CORE)
  try {
    if (wants('sign-ins')) say(signInReport(await measureSignIns(cluster, isQuick ? QUICK : FULL)))
    if (wants('removals')) {
      const removals = await removePeople(cluster, isQuick ? QUICK_REQUESTS : REQUESTS)
      say(removalReport(removals))
      if (removals.letIn > 0) process.exitCode = 1
    }
    say(busyNote(loadBefore))
  } finally {
    await cluster.stop()
  }
}

function say(text: string): void {
  process.stdout.write(text)
}

async function measureSignIns(cluster: BenchCluster, length: SignInLength): Promise<SignInDuel[]> {
  const database = await cluster.database(seedOf(SIZE))
  const bar = progressBar('Signing in', PROTOCOLS * (length.rounds + 1))
  const duels = await duelSignIns(database, length, (what) => bar.advance(what))
  bar.end()
  return duels
}

async function removePeople(cluster: BenchCluster, requests: number): Promise<RemovalFindings> {
  const database = await cluster.database(seedOf(SIZE))
  const bar = progressBar('Removing', Math.ceil(requests / REQUESTS_PER_REMOVAL))
  const findings = await measureRemovals(database, requests, () => bar.advance('people'))
  bar.end()
  return findings
}

function signInReport(signIns: readonly SignInDuel[]): string {
  return [
    '\nWhole sign-ins, from the first request to the session (product / bare handler, both at once on one core)\n',
    table(['protocol', 'sign-ins/s', 'CPU ms each', 'p50 ms', 'p99 ms', 'CPU ratio', 'goal'], signIns.map(signInRow)),
  ].join('')
}

function removalReport(removals: RemovalFindings): string {
  const { removalP50, refusalP50, refusalP99, requests, letIn, letInBefore } = removals
  const row = [removals.removals, requests, letIn, letInBefore, ...[removalP50, refusalP50, refusalP99].map(tenths)]
  return [
    '\nAfter the answer to a removal, at another process (introspection, checks, bearer and cookie)\n',
    table(
      ['removals', 'requests', 'let in', 'before it', 'answer p50 ms', 'all refused p50 ms', 'p99 ms'],
      [row.map(String)],
    ),
    letIn > 0 ? '\nSomebody was let in after their removal.\n' : '\nNobody was let in after their removal.\n',
  ].join('')
}

function tenths(milliseconds: number): string {
  return milliseconds.toFixed(1)
}

function signInRow({ protocol, cpu, product, bare }: SignInDuel): string[] {
  const both = (of: (side: SignInDuel['product']) => number, digits: number): string =>
    `${of(product).toFixed(digits)} / ${of(bare).toFixed(digits)}`
  return [
    protocol,
    both(({ perSecond }) => perSecond, 0),
    both(({ cpuMicroseconds }) => cpuMicroseconds / 1000, 2),
    both(({ p50 }) => p50, 0),
    both(({ p99 }) => p99, 0),
    spreadText(cpu),
    `${(1 + MOST_OVERHEAD).toFixed(2)}${cpu.median > 1 + MOST_OVERHEAD ? ' ✗' : ''}`,
  ]
}

const parts = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
run(process.argv.includes('--quick'), (part) => parts.length === 0 || parts.includes(part)).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 2
})
