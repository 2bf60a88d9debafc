import { randomFillSync } from 'node:crypto'

// Asking the system's generator for a few octets costs as much as asking it for a page of them.
const POOL = 4_096
const pool = Buffer.alloc(POOL)
let used = POOL

/** Octets of the system's generator, fit for secrets; each is given out once. @param count  1..4,096 */
export function randomOctets(count: number): Buffer {
  if (used + count > POOL) {
    randomFillSync(pool)
    used = 0
  }
  const octets = Buffer.from(pool.subarray(used, used + count))
  pool.fill(0, used, used + count)
  used += count
  return octets
}
