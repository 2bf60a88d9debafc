/**
 * How often something is tried. `npm test` tries a sample, so that it stays a matter of minutes; `npm run soak` sets
 * SOAK=1 and tries it in full. This is the only place that reads SOAK (jest.config.cjs takes its patience from it).
 */

/** Whether this is `npm run soak`. */
const isSoak = process.env.SOAK === '1'

/** @returns `full` under `npm run soak`, else `sample`. Both are counts, at least 1, of whatever the test repeats. */
export function rounds(sample: number, full: number): number {
  return isSoak ? full : sample
}

/** Rounds of a race between requests: never fewer than 50, of which an unlucky interleaving is part now and then. */
export const RACES = rounds(50, 500)

/** Rounds of those races in which access is given and taken at the same time. */
export const ACCESS_RACES = rounds(200, 500)

const LANES = 3

/**
 * Runs the rounds of a race whose rounds have nothing to do with each other, each in an organization of its own, three at a
 * time: while one waits for its locks, another arranges the next.
 */
export async function inLanes(count: number, race: (round: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await race(next++)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
