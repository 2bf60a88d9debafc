import { setTimeout as sleep } from 'node:timers/promises'

/** A job that runs again and again until it is stopped. */
export interface RepeatedJob {
  /** Runs it now instead of at the end of the pause. */
  wake(): void
  /** Lets a run that has begun finish, and starts no other. */
  stop(): Promise<void>
}

/**
 * Runs a job, pauses, runs it again. A failure is logged and does not end the repetition.
 *
 * @param job.pauseMilliseconds  between the end of one run and the start of the next
 * @param job.run  does one bounded piece of work
 */
export function repeat(
  job: { name: string; pauseMilliseconds: number; run: () => Promise<unknown> },
  logError: (error: unknown, what: string) => void,
): RepeatedJob {
  let isStopping = false
  let pause = new AbortController()
  const loop = async (): Promise<void> => {
    while (!isStopping) {
      pause = new AbortController()
      await job.run().catch((error: unknown) => logError(error, `worker: ${job.name} failed and will run again`))
      await sleep(job.pauseMilliseconds, null, { signal: pause.signal }).catch(() => {})
    }
  }
  const running = loop()
  return {
    wake: () => pause.abort(),
    stop: () => {
      isStopping = true
      pause.abort()
      return running
    },
  }
}
