import DataLoader from 'dataloader'
import type { Operation } from '../access'

// One statement never names more keys than this.
const MAXIMUM_BATCH = 500

/** Makes a loader for one operation: `load` is given the distinct keys asked for in one tick, in any order. */
export type LoaderFactory = <Value>(
  name: string,
  load: (operation: Operation, keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
) => DataLoader<string, Value | null>

/** The loaders of one operation, made when first asked for and forgotten after every write. */
export interface Loaders {
  readonly of: LoaderFactory
  clear(): void
}

/** Loaders read through the operation, so what they load is authorized and of one tenant. */
export function createLoaders(operation: Operation): Loaders {
  const byName = new Map<string, DataLoader<string, unknown>>()
  return {
    of: <Value>(
      name: string,
      load: (operation: Operation, keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
    ) => {
      const known = byName.get(name) as DataLoader<string, Value | null> | undefined
      if (known) return known
      const loader = new DataLoader<string, Value | null>(
        async (keys) => {
          const found = await load(operation, keys)
          return keys.map((key) => found.get(key) ?? null)
        },
        { maxBatchSize: MAXIMUM_BATCH },
      )
      byName.set(name, loader as DataLoader<string, unknown>)
      return loader
    },
    clear: () => byName.clear(),
  }
}
