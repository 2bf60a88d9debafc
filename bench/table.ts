import { availableParallelism, loadavg } from 'node:os'
import type { Spread } from './duel'

/** Below the floor the run fails; the target is what is promised. */
export interface Goal {
  readonly floor: number
  readonly target: number
}

const BUSY = 0.5

/** Processes per core that wanted to run in the last minute. */
export function loadPerCore(): number {
  return loadavg()[0]! / availableParallelism()
}

/** A warning when others used the machine before a run; empty when nobody did. */
export function busyNote(loadBefore: number): string {
  if (loadBefore <= BUSY) return ''
  return `\nThe machine was busy before it began (${loadBefore.toFixed(1)} processes per core): the larger program suffers more from that. Judge by a quiet machine.\n`
}

/** A ratio, its floor and its target, with a cross where it is below. */
export function goalCells(spread: Spread, { floor, target }: Goal): string[] {
  const { median } = spread
  return [
    spreadText(spread),
    `${floor.toFixed(2)}${median < floor ? ' ✗' : ''}`,
    `${target.toFixed(2)}${median < target ? ' ✗' : ''}`,
  ]
}

export function spreadText({ median, lowest, highest }: Spread): string {
  return `${median.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`
}

/** Columns as wide as their widest cell. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: string[]): string =>
    `  ${cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()}\n`
  return line(head) + line(widths.map((width) => '─'.repeat(width))) + rows.map(line).join('')
}
