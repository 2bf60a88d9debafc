import path from 'node:path'
import { OTHER_CORE, pin } from '../child'
import { type BenchCluster, startBenchCluster } from '../cluster'
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
 * `npm run bench:sso [-- --quick]`: what a sign-in through the company costs beside samlify and openid-client in a bare
 * handler, and whether anybody is let in after the answer to their removal. Exit code 1 when somebody was, 2 when it could
 * not be measured; an overhead above the goal is shown and does not fail. Linux only.
 */
async function run(isQuick: boolean): Promise<void> {
  const loadBefore = loadPerCore()
  const cluster = await startBenchCluster(FOLDER)
  pin(cluster.postmasterPid, OTHER_CORE)
  try {
    const signIns = await measureSignIns(cluster, isQuick ? QUICK : FULL)
    const removals = await removePeople(cluster, isQuick ? QUICK_REQUESTS : REQUESTS)
    process.stdout.write(report(signIns, removals) + busyNote(loadBefore))
    if (removals.letIn > 0) process.exitCode = 1
  } finally {
    await cluster.stop()
  }
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

function report(signIns: readonly SignInDuel[], removals: RemovalFindings): string {
  const { removalP50, refusalP50, refusalP99, requests, letIn, letInBefore } = removals
  return [
    '\nWhole sign-ins, from the first request to the session (product / bare handler, both at once on one core)\n',
    table(['protocol', 'sign-ins/s', 'CPU ms each', 'p50 ms', 'p99 ms', 'CPU ratio', 'goal'], signIns.map(signInRow)),
    '\nAfter the answer to a removal, at another process (introspection, checks, bearer and cookie)\n',
    table(
      ['removals', 'requests', 'let in', 'before it', 'answer p50 ms', 'all refused p50 ms', 'p99 ms'],
      [
        [
          removals.removals,
          requests,
          letIn,
          letInBefore,
          removalP50.toFixed(1),
          refusalP50.toFixed(1),
          refusalP99.toFixed(1),
        ].map(String),
      ],
    ),
    letIn > 0 ? '\nSomebody was let in after their removal.\n' : '\nNobody was let in after their removal.\n',
  ].join('')
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

run(process.argv.includes('--quick')).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 2
})
