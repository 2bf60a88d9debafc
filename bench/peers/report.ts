import { busyNote, type Goal, goalCells, spreadText, table } from '../table'
import type { EntrantName } from './entrant'
import type { DisciplineName, RaceResult } from './race'

/** Everything one run has found out. */
export interface PeerFindings {
  readonly loadBefore: number
  readonly races: readonly RaceResult[]
  readonly memories: readonly Memory[]
}

/** Megabytes that a server held after all races, and users that were stored in it. */
export interface Memory {
  readonly name: EntrantName
  readonly users: number
  readonly residentMegabytes: number
}

const WRITE: Goal = { floor: 1, target: 1.5 }
const LOOK_UP: Goal = { floor: 1.5, target: 2 }
const GROUP: Goal = { floor: 10, target: 50 }
// Fetching everything is shown without a goal: saml-jackson reads the whole directory for each page.
const BESIDE_JACKSON: Partial<Record<DisciplineName, Goal>> = {
  'create user': WRITE,
  'find by userName': LOOK_UP,
  'get user': LOOK_UP,
  'deactivate user': WRITE,
  'add 1 member': WRITE,
  'add 1,000 members': GROUP,
}
const BESIDE_BETTER_AUTH: Goal = { floor: 4, target: 6 }
const RIVALS = ['saml-jackson', 'better-auth'] as const
const ENTRANTS = ['gatehouse', ...RIVALS] as const

/** What is worse than promised at the least, in words; empty when the run passes. */
export function missedFloors({ races }: PeerFindings): string[] {
  return RIVALS.flatMap((rival) =>
    races
      .filter(({ discipline, ratios }) => {
        const goal = goalOf(rival, discipline)
        const ratio = ratios.get(rival)
        return goal !== undefined && ratio !== undefined && ratio.median < goal.floor
      })
      .map(({ discipline }) => `${discipline} beside ${rival}`),
  )
}

/** The findings as text for a terminal. */
export function report(findings: PeerFindings): string {
  const { races, memories, loadBefore } = findings
  const missed = missedFloors(findings)
  return [
    ...RIVALS.flatMap((rival) => [
      `\nThroughput of Gatehouse ÷ that of ${rival} (higher is better; median, lowest to highest round)\n`,
      table(
        ['discipline', 'ratio', 'floor', 'target'],
        races.flatMap((race) => ratioRow(rival, race)),
      ),
    ]),
    '\nMeasured (each alone, in turns, fsync on; gatehouse / saml-jackson / better-auth)\n',
    table(['discipline', 'per second', 'p95 ms', 'CPU µs'], races.map(scoreRow)),
    '\nMemory at the end\n',
    table(
      ['server', 'users', 'resident MB'],
      memories.map(({ name, users, residentMegabytes }) => [name, `${users}`, residentMegabytes.toFixed(0)]),
    ),
    busyNote(loadBefore),
    missed.length > 0 ? `\nBelow the floor: ${missed.join('; ')}\n` : '\nEvery floor is met.\n',
  ].join('')
}

function goalOf(rival: (typeof RIVALS)[number], discipline: DisciplineName): Goal | undefined {
  return rival === 'better-auth' ? BESIDE_BETTER_AUTH : BESIDE_JACKSON[discipline]
}

function ratioRow(rival: (typeof RIVALS)[number], { discipline, ratios }: RaceResult): string[][] {
  const ratio = ratios.get(rival)
  if (!ratio) return []
  const goal = goalOf(rival, discipline)
  return [[discipline, ...(goal ? goalCells(ratio, goal) : [spreadText(ratio), '', ''])]]
}

function scoreRow({ discipline, scores }: RaceResult): string[] {
  const all = (of: 'throughput' | 'p95' | 'cpuMicroseconds', digits: number): string =>
    ENTRANTS.map((name) => scores.get(name)?.[of].toFixed(digits) ?? '–').join(' / ')
  return [discipline, all('throughput', 1), all('p95', 1), all('cpuMicroseconds', 0)]
}
