/** Delivery cannot succeed, however often it is tried. The message is shown to people. */
export class UndeliverableError extends Error {
  override readonly name = 'UndeliverableError'
}

/** After this a message that still fails is given up. */
export const GIVE_UP_AFTER_SECONDS = 24 * 3600

const FIRST_DELAY_SECONDS = 2
const LONGEST_DELAY_SECONDS = 3600

/**
 * Seconds to wait after a failed attempt: doubling from 2 s to an hour, less up to half at random, so that messages
 * that failed together do not come back together.
 *
 * @param attempts  made so far, 1..
 * @param random  0..1
 */
export function retryDelaySeconds(attempts: number, random: number): number {
  const longest = Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** Math.min(attempts - 1, 20))
  return longest * (1 - random / 2)
}
