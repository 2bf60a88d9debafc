import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again until the answer is no longer null or undefined. Rejects after `seconds`. */
export async function eventually<T>(what: string, ask: () => Promise<T | null | undefined>, seconds = 10): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s`)
    await sleep(50)
  }
}
