import { bufferGrowth, pagesOfTallerTrees, type StatementCost } from '../statements'
import { busyNote, table } from '../table'
import { LARGE_GROUP, SMALL_GROUP } from './seed-directory'

/** Everything one run has found out. */
export interface ScimFindings {
  /** Of fewer users than a million: growth is shown, but its bound is one for the million. */
  readonly isQuick: boolean
  readonly loadBefore: number
  readonly small: SizeFindings
  readonly large: SizeFindings
}

/** About a directory of one size. */
export interface SizeFindings {
  readonly users: number
  /** By question. */
  readonly costs: ReadonlyMap<string, StatementCost>
  readonly results: readonly WorkResult[]
  readonly residentMegabytes: number
}

export interface WorkResult {
  readonly name: string
  /** Per second: requests, or users where all are fetched. */
  readonly throughput: number
  /** Milliseconds per request. */
  readonly p50: number
  readonly p95: number
}

// Of what does not come from taller trees alone, as in bench/report.ts.
const BUFFER_GROWTH = 1.3

/** What is worse than promised, in words; empty when the run passes. */
export function missedBounds({ isQuick, small, large }: ScimFindings): string[] {
  if (isQuick) return []
  const grown = pairs(small, large).filter(([, before, after]) => bufferGrowth(before, after) > BUFFER_GROWTH)
  const missed = grown.map(([name]) => `${name}: database buffers`)
  if (groupGrowth(large) > BUFFER_GROWTH) missed.push(`add 1 member to ${LARGE_GROUP}: database buffers`)
  return missed
}

/** The findings as text for a terminal. */
export function report(findings: ScimFindings): string {
  const { small, large, loadBefore, isQuick } = findings
  const missed = missedBounds(findings)
  return [
    `\nSCIM: a directory of ${small.users} users and one of ${large.users}, eight connections, fsync on (${small.users} / ${large.users})\n`,
    table(
      ['work', 'per second', 'p50 ms', 'p95 ms'],
      large.results.map((result) => workRow(result, small)),
    ),
    `\nResident: ${small.residentMegabytes.toFixed(0)} / ${large.residentMegabytes.toFixed(0)} MB\n`,
    '\nDatabase, per request (buffers of 8 kB; taller trees are part of the second number)\n',
    table(
      ['request', 'statements', 'buffers', 'taller trees', 'growth without'],
      pairs(small, large).map(([name, before, after]) => costRow(name, before, after)),
    ),
    `\nAdding one member to a group of ${LARGE_GROUP}: ${groupGrowth(large).toFixed(2)} × the buffers of one of ${SMALL_GROUP}\n`,
    busyNote(loadBefore),
    missed.length > 0 ? `\nAbove the bound: ${missed.join('; ')}\n` : '',
    isQuick ? '\nBounds are held at a million users only.\n' : '',
  ].join('')
}

/** Costs of what both sizes were asked. */
function pairs(small: SizeFindings, large: SizeFindings): [string, StatementCost, StatementCost][] {
  return [...small.costs].map(([name, cost]) => [name, cost, large.costs.get(name)!])
}

function groupGrowth({ costs }: SizeFindings): number {
  const [small, large] = [SMALL_GROUP, LARGE_GROUP].map((size) => costs.get(`add 1 member to ${size}`)!.buffers)
  return large! / small!
}

function workRow({ name, throughput, p50, p95 }: WorkResult, small: SizeFindings): string[] {
  const before = small.results.find((result) => result.name === name)
  const both = (one: number | undefined, other: number): string => `${one?.toFixed(1) ?? '–'} / ${other.toFixed(1)}`
  return [name, both(before?.throughput, throughput), both(before?.p50, p50), both(before?.p95, p95)]
}

function costRow(name: string, before: StatementCost, after: StatementCost): string[] {
  const grown = bufferGrowth(before, after)
  return [
    name,
    after.statements.toFixed(1),
    `${before.buffers.toFixed(0)} / ${after.buffers.toFixed(0)}`,
    pagesOfTallerTrees(before, after).toFixed(0),
    `${grown.toFixed(2)}${grown > BUFFER_GROWTH ? ' ✗' : ''}`,
  ]
}
