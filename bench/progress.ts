const WIDTH = 30
// Where nobody watches it move, a line now and then is enough.
const LINES = 10

/** How far something is, on standard error. */
export interface ProgressBar {
  /** One step more begins. */
  advance(what: string): void
  end(): void
}

/** A bar that is redrawn in a terminal, and a few lines elsewhere. */
export function progressBar(title: string, steps: number): ProgressBar {
  const isTerminal = process.stderr.isTTY === true
  let begun = 0
  return {
    advance(what) {
      const filled = Math.floor((begun / steps) * WIDTH)
      const line = `${title.padEnd(9)} [${'█'.repeat(filled).padEnd(WIDTH, '·')}] ${what}`
      if (isTerminal) process.stderr.write(`\r${line}\x1b[K`)
      else if (begun % Math.ceil(steps / LINES) === 0) process.stderr.write(`${line}\n`)
      begun += 1
    },
    end: () => void (isTerminal && process.stderr.write('\r\x1b[K')),
  }
}
