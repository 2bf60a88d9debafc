import type { Contestant } from './contestant'
import type { LoadResult } from './load'
import type { Operation } from './operations'

/** What one operation costs the product, in units of the bare handler where it says ratio. */
export interface DuelResult {
  readonly operation: Operation['name']
  /** Requests per second of the product ÷ those of the bare handler; each alone on the server core. */
  readonly throughput: Spread
  /** CPU per request of the bare handler ÷ that of the product; both loaded at the same time on one core. */
  readonly efficiency: Spread
  readonly product: Measured
  readonly bare: Measured
}

export interface Measured {
  readonly requestsPerSecond: number
  /** Milliseconds under load. */
  readonly p99: number
  /** Of the server process. */
  readonly cpuMicroseconds: number
  readonly residentMegabytes: number
}

/** Median of the rounds, and how far they lay apart. */
export interface Spread {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

export interface DuelLength {
  readonly warmUpMilliseconds: number
  readonly sliceMilliseconds: number
  readonly rounds: number
}

// With less warm-up the slower contestant looks up to 40 % worse: the other one is optimised by then.
export const FULL_LENGTH: DuelLength = { warmUpMilliseconds: 8_000, sliceMilliseconds: 3_000, rounds: 5 }
export const QUICK_LENGTH: DuelLength = { warmUpMilliseconds: 7_000, sliceMilliseconds: 2_000, rounds: 3 }

type Slice = LoadResult & { cpuMicroseconds: number }

/**
 * Loads both contestants with the same operation. CPU per request is taken while both run on the same core, so that
 * both feel the same neighbours; requests per second in neighbouring slices that each has for itself.
 */
export async function duel(
  operation: Operation,
  product: Contestant,
  bare: Contestant,
  { warmUpMilliseconds, sliceMilliseconds, rounds }: DuelLength,
): Promise<DuelResult> {
  product.aim(operation.product)
  bare.aim(operation.bare)
  await Promise.all([product.run(warmUpMilliseconds), bare.run(warmUpMilliseconds)])
  const together: [Slice, Slice][] = []
  const apart: [Slice, Slice][] = []
  for (let round = 0; round < rounds; round += 1) {
    together.push(await Promise.all([product.run(sliceMilliseconds), bare.run(sliceMilliseconds)]))
    apart.push([await product.run(sliceMilliseconds), await bare.run(sliceMilliseconds)])
  }
  return {
    operation: operation.name,
    throughput: spreadOf(apart.map(([ours, theirs]) => perSecond(ours) / perSecond(theirs))),
    efficiency: spreadOf(together.map(([ours, theirs]) => theirs.cpuMicroseconds / ours.cpuMicroseconds)),
    product: measured(
      apart.map(([ours]) => ours),
      together.map(([ours]) => ours),
      product,
    ),
    bare: measured(
      apart.map(([, theirs]) => theirs),
      together.map(([, theirs]) => theirs),
      bare,
    ),
  }
}

/** The middle of the values; of an even number the upper one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function measured(apart: Slice[], together: Slice[], contestant: Contestant): Measured {
  return {
    requestsPerSecond: median(apart.map(perSecond)),
    p99: median(apart.map((slice) => slice.p99)),
    cpuMicroseconds: median(together.map((slice) => slice.cpuMicroseconds)),
    residentMegabytes: contestant.residentMegabytes(),
  }
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) }
}

function perSecond({ requests, seconds }: LoadResult): number {
  return requests / seconds
}
