import { withClient } from '../cluster'
import { median, type Spread, spreadOf } from '../duel'
import type { ScimRun } from '../scim/load'
import type { Entrant, EntrantName } from './entrant'

/** One kind of work, asked of every entrant that is able to do it. */
export interface Discipline {
  readonly name: DisciplineName
  /** Slices of one entrant, each beside one of every other. */
  readonly rounds: number
  readonly isFor: (entrant: Entrant) => boolean
  readonly slice: (entrant: Entrant) => Promise<ScimRun>
  /** Before it is timed. */
  readonly warmUp: (entrant: Entrant) => Promise<unknown>
}

export type DisciplineName =
  | 'create user'
  | 'find by userName'
  | 'get user'
  | 'deactivate user'
  | 'add 1 member'
  | 'add 100 members'
  | 'add 1,000 members'
  | 'add 10,000 members'
  | 'pages by index'
  | 'pages by cursor'

/** What one entrant did in one discipline: medians of its slices. */
export interface Score {
  /** Per second: requests, or users where all are fetched. */
  readonly throughput: number
  /** Milliseconds per request. */
  readonly p95: number
  /** Of the server process, per request or user. */
  readonly cpuMicroseconds: number
}

export interface RaceResult {
  readonly discipline: DisciplineName
  readonly scores: ReadonlyMap<EntrantName, Score>
  /** Throughput of the first entrant ÷ that of another, of neighbouring slices. */
  readonly ratios: ReadonlyMap<EntrantName, Spread>
}

interface Slice extends ScimRun {
  readonly throughput: number
  readonly cpuMicroseconds: number
}

/** Lets all take turns. They share a core, so each has it for itself; the next in turn begins each round. */
export async function race(
  discipline: Discipline,
  entrants: readonly Entrant[],
  onRound: () => void,
): Promise<RaceResult> {
  const able = entrants.filter((entrant) => discipline.isFor(entrant))
  for (const entrant of able) {
    await discipline.warmUp(entrant)
    await analyze(entrant)
  }
  const slices = new Map(able.map(({ name }): [EntrantName, Slice[]] => [name, []]))
  for (let round = 0; round < discipline.rounds; round += 1) {
    onRound()
    for (const [turn] of able.entries()) {
      const entrant = able[(turn + round) % able.length]!
      slices.get(entrant.name)!.push(await timed(entrant, discipline))
    }
  }
  const ours = slices.get(entrants[0]!.name)!
  return {
    discipline: discipline.name,
    scores: new Map([...slices].map(([name, of]) => [name, scoreOf(of)])),
    ratios: new Map([...slices].map(([name, of]) => [name, ratioOf(ours, of)])),
  }
}

/** Lets PostgreSQL plan for what is stored; in production it has looked at tables before they matter. */
export async function analyze({ databaseUrl }: Entrant): Promise<void> {
  await withClient(databaseUrl, (client) => client.query('VACUUM (ANALYZE)'))
}

async function timed(entrant: Entrant, { slice }: Discipline): Promise<Slice> {
  const before = entrant.server.cpuNanoseconds()
  const run = await slice(entrant)
  const cpu = entrant.server.cpuNanoseconds() - before
  return { ...run, throughput: run.answers / run.seconds, cpuMicroseconds: cpu / 1000 / run.answers }
}

function scoreOf(slices: readonly Slice[]): Score {
  return {
    throughput: median(slices.map(({ throughput }) => throughput)),
    p95: median(slices.map(({ p95 }) => p95)),
    cpuMicroseconds: median(slices.map(({ cpuMicroseconds }) => cpuMicroseconds)),
  }
}

function ratioOf(ours: readonly Slice[], theirs: readonly Slice[]): Spread {
  return spreadOf(theirs.map(({ throughput }, round) => ours[round]!.throughput / throughput))
}
