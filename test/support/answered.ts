import { setTimeout as sleep } from 'node:timers/promises'

const MOST_ATTEMPTS = 30

/**
 * Asks again, every second, while a busy machine answers 503, as identity providers do: what was refused so is not done, and
 * an answer that was never made proves nothing.
 */
export async function answered<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
    const answer = await ask()
    if (answer.status !== 503) return answer
    await sleep(1_000)
  }
  return ask()
}
