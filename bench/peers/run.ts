import path from 'node:path'
import { OTHER_CORE, pin } from '../child'
import { DURABLE, startBenchCluster } from '../cluster'
import { progressBar } from '../progress'
import { loadPerCore } from '../table'
import { disciplines, FULL_LENGTH, MOST_OF_BETTER_AUTH, QUICK_LENGTH, type RaceLength } from './disciplines'
import type { Entrant } from './entrant'
import { assertPeersInstalled, betterAuth, gatehouse, samlJackson } from './entries'
import { analyze, type Discipline, type RaceResult, race } from './race'
import { missedFloors, report } from './report'

const FOLDER = path.join(process.cwd(), '.gatehouse-bench')
// Nobody counts pages here, and who asks more statements would pay more for it.
const UNCOUNTED = { shared_preload_libraries: '' }

/**
 * `npm run bench:peers -- [--quick] ['get user' …]`: the SCIM endpoint beside those of saml-jackson and Better Auth, in
 * turns, on one PostgreSQL that waits for the disk; among fewer users and without groups of 10,000 with `--quick`, in the
 * named disciplines alone. Exit code 1 when a floor is missed, 2 when it could not be measured, a wrong answer among others.
 */
async function run(length: RaceLength, names: readonly string[]): Promise<void> {
  assertPeersInstalled()
  const program = programOf(length, names)
  const loadBefore = loadPerCore()
  const cluster = await startBenchCluster(FOLDER, { ...DURABLE, ...UNCOUNTED })
  pin(cluster.postmasterPid, OTHER_CORE)
  const entrants: Entrant[] = []
  try {
    entrants.push(await gatehouse(cluster, length.users))
    entrants.push(await samlJackson(cluster, length.users))
    entrants.push(await betterAuth(cluster, Math.min(length.users, MOST_OF_BETTER_AUTH)))
    for (const entrant of entrants) await prepare(entrant)
    const races = await raceAll(entrants, program)
    const memories = entrants.map(({ name, server, pusher }) => ({
      name,
      users: pusher.stored,
      residentMegabytes: server.residentMegabytes(),
    }))
    const findings = { loadBefore, races, memories }
    process.stdout.write(report(findings))
    if (missedFloors(findings).length > 0) process.exitCode = 1
  } finally {
    for (const { pusher, server } of entrants) await Promise.all([pusher.stop(), server.stop()])
    await cluster.stop()
  }
}

/** Stores what is there when the race begins. */
async function prepare(entrant: Entrant): Promise<void> {
  await entrant.pusher.fill(entrant.users)
  await analyze(entrant)
}

/** @throws Error  that says what there is, when a name is none of it */
function programOf(length: RaceLength, names: readonly string[]): readonly Discipline[] {
  const all = disciplines(length)
  const unknown = names.find((name) => all.every((discipline) => discipline.name !== name))
  if (unknown) throw new Error(`"${unknown}" is none of: ${all.map(({ name }) => name).join(', ')}`)
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name))
}

async function raceAll(entrants: readonly Entrant[], program: readonly Discipline[]): Promise<RaceResult[]> {
  const bar = progressBar(
    'Racing',
    program.reduce((sum, { rounds }) => sum + rounds, 0),
  )
  const results: RaceResult[] = []
  for (const discipline of program) {
    if (!entrants.some((entrant) => discipline.isFor(entrant))) continue
    results.push(await race(discipline, entrants, () => bar.advance(discipline.name)))
  }
  bar.end()
  return results
}

const words = process.argv.slice(2)
const names = words.filter((word) => word !== '--quick')
run(words.includes('--quick') ? QUICK_LENGTH : FULL_LENGTH, names).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 2
})
