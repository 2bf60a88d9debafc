import { assertAgreement } from './agreement'
import type { Contestant } from './contestant'
import type { LoadResult } from './load'
import type { Operation } from './operations'

/** What one operation costs the product, in units of the bare handler where it says ratio. */
export interface DuelResult {
  readonly operation: Operation['name']
  /** Requests per second of the product ÷ those of the bare handler; both loaded at the same time on one core. */
  readonly throughput: Spread
  /** CPU per request of the bare handler ÷ that of the product, at that time. */
  readonly efficiency: Spread
  /** Like `throughput`, in neighbouring slices that each has for itself; swings with whatever else the machine does. */
  readonly throughputAlone: Spread
  readonly product: Measured
  readonly bare: Measured
}

export interface Measured {
  /** While it has the core for itself. */
  readonly requestsPerSecond: number
  /** Milliseconds, while both are loaded. */
  readonly p99: number
  /** Of the server process, while both are loaded. */
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
  /** At least; on a busy machine it takes longer until both are optimised. */
  readonly warmUpMilliseconds: number
  readonly sliceMilliseconds: number
  readonly rounds: number
}

// With less warm-up the slower contestant looks up to 40 % worse: the other one is optimised by then.
export const FULL_LENGTH: DuelLength = { warmUpMilliseconds: 8_000, sliceMilliseconds: 3_000, rounds: 5 }
export const QUICK_LENGTH: DuelLength = { warmUpMilliseconds: 7_000, sliceMilliseconds: 2_000, rounds: 3 }

const WARM_UP_SLICE = 3_000
const MOST_WARM_UP_SLICES = 8
const STEADY = 0.95

type Slice = LoadResult & { cpuMicroseconds: number }

/**
 * Loads both contestants with the same operation. What is compared is taken while both run on the same core, so that
 * both feel the same neighbours; beside it, each is loaded alone.
 */
export async function duel(
  operation: Operation,
  product: Contestant,
  bare: Contestant,
  { warmUpMilliseconds, sliceMilliseconds, rounds }: DuelLength,
  onRound: () => void,
): Promise<DuelResult> {
  await assertAgreement(operation, product, bare)
  product.aim(operation.product)
  bare.aim(operation.bare)
  await warmUp(product, bare, warmUpMilliseconds)
  const together: [Slice, Slice][] = []
  const apart: [Slice, Slice][] = []
  for (let round = 0; round < rounds; round += 1) {
    onRound()
    together.push(await Promise.all([product.run(sliceMilliseconds), bare.run(sliceMilliseconds)]))
    const ours = await product.run(sliceMilliseconds)
    apart.push([ours, await bare.run(sliceMilliseconds)])
  }
  return {
    operation: operation.name,
    throughput: spreadOf(together.map(([ours, theirs]) => perSecond(ours) / perSecond(theirs))),
    efficiency: spreadOf(together.map(([ours, theirs]) => theirs.cpuMicroseconds / ours.cpuMicroseconds)),
    throughputAlone: spreadOf(apart.map(([ours, theirs]) => perSecond(ours) / perSecond(theirs))),
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

/** Loads both until neither gets cheaper any more. */
async function warmUp(product: Contestant, bare: Contestant, milliseconds: number): Promise<void> {
  let before = await Promise.all([product.run(milliseconds), bare.run(milliseconds)])
  for (let slice = 0; slice < MOST_WARM_UP_SLICES; slice += 1) {
    const now = await Promise.all([product.run(WARM_UP_SLICE), bare.run(WARM_UP_SLICE)])
    const isSteady = now.every((one, index) => one.cpuMicroseconds > before[index]!.cpuMicroseconds * STEADY)
    if (isSteady) return
    before = now
  }
}

/** The middle of the values; of an even number the upper one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function measured(apart: Slice[], together: Slice[], contestant: Contestant): Measured {
  return {
    requestsPerSecond: median(apart.map(perSecond)),
    p99: median(together.map((slice) => slice.p99)),
    cpuMicroseconds: median(together.map((slice) => slice.cpuMicroseconds)),
    residentMegabytes: contestant.residentMegabytes(),
  }
}

/** Median, lowest and highest. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) }
}

function perSecond({ requests, seconds }: LoadResult): number {
  return requests / seconds
}
