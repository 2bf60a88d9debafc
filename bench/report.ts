import type { DuelResult } from './duel'
import type { Operation } from './operations'
import { bufferGrowth, pagesOfTallerTrees, type StatementCost } from './statements'
import { busyNote, type Goal, goalCells, spreadText, table } from './table'

/** Everything one run has found out. */
export interface Findings {
  /** Of 20,000 members instead of a million: pages are shown, but the bound on their growth is one for the million. */
  readonly isQuick: boolean
  /** Processes per core that wanted to run in the minute before the benchmark began. */
  readonly loadBefore: number
  readonly duels: readonly DuelResult[]
  readonly pages: readonly PageTime[]
  /** In the order of the operations. */
  readonly costs: { readonly small: readonly StatementCost[]; readonly large: readonly StatementCost[] }
}

/** How long one page takes while nothing else runs. */
export interface PageTime {
  readonly members: number
  readonly milliseconds: number
}

const THROUGHPUT: Record<Operation['name'], Goal> = {
  viewer: { floor: 0.5, target: 0.65 },
  members: { floor: 0.6, target: 0.75 },
  invitation: { floor: 0.7, target: 1 },
  check: { floor: 0.5, target: 0.7 },
  checks: { floor: 0.5, target: 0.7 },
}
const EFFICIENCY: Record<Operation['name'], Goal> = {
  viewer: { floor: 0.5, target: 0.6 },
  members: { floor: 0.4, target: 0.5 },
  invitation: { floor: 0.6, target: 0.8 },
  check: { floor: 0.35, target: 0.5 },
  checks: { floor: 0.35, target: 0.5 },
}
// Of what does not come from taller trees alone: a look-up among a thousand times as many rows passes one or two pages
// more, whatever is done. More than that means that something reads more rows as the database grows.
const BUFFER_GROWTH = 1.3

/** What is worse than promised at the least, in words; empty when the run passes. */
export function missedFloors({ duels, costs, isQuick }: Findings): string[] {
  const missed: string[] = []
  duels.forEach(({ operation, throughput, efficiency }, index) => {
    const [small, large] = [costs.small[index]!, costs.large[index]!]
    if (throughput.median < THROUGHPUT[operation].floor) missed.push(`${operation}: requests per second`)
    if (efficiency.median < EFFICIENCY[operation].floor) missed.push(`${operation}: CPU per request`)
    if (!isQuick && bufferGrowth(small, large) > BUFFER_GROWTH) missed.push(`${operation}: database buffers`)
  })
  return missed
}

/** The findings as text for a terminal. */
export function report(findings: Findings): string {
  const { duels, pages, costs, loadBefore } = findings
  const missed = missedFloors(findings)
  const pageRows = pages.map(({ members, milliseconds }) => [`${members}`, milliseconds.toFixed(2)])
  return [
    '\nBeside a bare Fastify + pg handler, both loaded at once (1.00 = as fast; higher is better; lowest to highest round)\n',
    table(['operation', 'requests/s', 'floor', 'target', 'CPU', 'floor', 'target'], duels.map(ratioRow)),
    '\nMeasured (product / bare handler; requests/s each alone, the rest both at once)\n',
    table(['operation', 'requests/s', 'ratio', 'p99 ms', 'CPU µs', 'resident MB'], duels.map(measuredRow)),
    '\nDatabase, per operation (statements beside BEGIN, SET and COMMIT; buffers of 8 kB; taller trees are part of now)\n',
    table(
      ['operation', 'statements', 'at 1,000 members', 'now', 'taller trees', 'growth without'],
      duels.map((result, index) => costRow(result, costs.small[index]!, costs.large[index]!)),
    ),
    '\nFirst page of 50 members, one request at a time\n',
    table(['members', 'ms (median)'], pageRows),
    busyNote(loadBefore),
    missed.length > 0 ? `\nBelow the floor: ${missed.join('; ')}\n` : '\nEvery floor is met.\n',
  ].join('')
}

function ratioRow({ operation, throughput, efficiency }: DuelResult): string[] {
  return [operation, ...goalCells(throughput, THROUGHPUT[operation]), ...goalCells(efficiency, EFFICIENCY[operation])]
}

function measuredRow({ operation, product, bare, throughputAlone }: DuelResult): string[] {
  const both = (of: (side: DuelResult['product']) => number, digits: number): string =>
    `${of(product).toFixed(digits)} / ${of(bare).toFixed(digits)}`
  return [
    operation,
    both((side) => side.requestsPerSecond, 0),
    spreadText(throughputAlone),
    both((side) => side.p99, 1),
    both((side) => side.cpuMicroseconds, 0),
    both((side) => side.residentMegabytes, 0),
  ]
}

function costRow({ operation }: DuelResult, small: StatementCost, large: StatementCost): string[] {
  const grown = bufferGrowth(small, large)
  return [
    operation,
    large.statements.toFixed(1),
    small.buffers.toFixed(0),
    large.buffers.toFixed(0),
    pagesOfTallerTrees(small, large).toFixed(0),
    `${grown.toFixed(2)}${grown > BUFFER_GROWTH ? ' ✗' : ''}`,
  ]
}
