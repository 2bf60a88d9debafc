import type { BulkItem } from './read-bulk'
import { referencesOf } from './references'

/** An item, where it stands in the request, and when it runs by its place in the list of these. */
export interface Ordered {
  readonly item: BulkItem
  readonly index: number
  /** Whether it waits for itself by way of others, or for an operation that does. */
  readonly isCircular: boolean
}

/**
 * Orders the items of a bulk request so that each comes after those it refers to, and otherwise as in the request.
 * Circular ones come last. The time grows with operations and references.
 */
export function inOrder(items: readonly BulkItem[]): readonly Ordered[] {
  const waitsFor = dependencies(items)
  const acyclic = withoutCircles(waitsFor)
  const runnable = postOrder(waitsFor, acyclic).map((index) => ({ item: items[index]!, index, isCircular: false }))
  const circular = items.flatMap((item, index) => (acyclic.has(index) ? [] : [{ item, index, isCircular: true }]))
  return [...runnable, ...circular]
}

/** Indexes of the items that an item waits for. References to nothing are refused when the item runs. */
function dependencies(items: readonly BulkItem[]): readonly (readonly number[])[] {
  const makers = new Map<string, number>()
  items.forEach((item, index) => {
    const bulkId = item.kind === 'operation' ? item.operation.bulkId : undefined
    if (bulkId !== undefined) makers.set(bulkId, index)
  })
  return items.map((item) =>
    item.kind === 'operation' ? [...referencesOf(item.operation)].flatMap((bulkId) => makers.get(bulkId) ?? []) : [],
  )
}

/** The indexes that Kahn's algorithm reaches. */
function withoutCircles(waitsFor: readonly (readonly number[])[]): ReadonlySet<number> {
  const waiting = waitsFor.map((indexes) => indexes.length)
  const dependents: number[][] = waitsFor.map(() => [])
  waitsFor.forEach((indexes, index) => {
    for (const needed of indexes) dependents[needed]!.push(index)
  })
  const ready = waiting.flatMap((count, index) => (count === 0 ? [index] : []))
  const reached = new Set<number>()
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    reached.add(next)
    for (const dependent of dependents[next]!) if (--waiting[dependent]! === 0) ready.push(dependent)
  }
  return reached
}

/** Depth first without recursion, since a chain may be as long as the request. */
function postOrder(waitsFor: readonly (readonly number[])[], among: ReadonlySet<number>): readonly number[] {
  const done = new Set<number>()
  for (const start of [...among].sort((one, other) => one - other)) {
    const path = [{ index: start, rest: waitsFor[start]!.toReversed() }]
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const needed = top.rest.pop()
      if (needed === undefined) done.add(path.pop()!.index)
      else if (!done.has(needed)) path.push({ index: needed, rest: waitsFor[needed]!.toReversed() })
    }
  }
  return [...done]
}
