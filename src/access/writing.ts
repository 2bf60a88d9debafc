import type { Transaction } from '../platform/database'
import type { Actor } from './actor'
import type { Caller } from './caller'

/** A write on its way, and how its operation is told of it. */
export interface Writing<Input> {
  readonly input: Input
  readonly caller: Caller
  /** Called whenever a transaction has begun for it. @throws  it is not to begin any more */
  readonly began: (tx: Transaction) => void
  readonly proven: (actor: Actor) => void
}

/** Why a transaction came to nothing. Certainly nothing of it was kept, so whatever was in it may be tried again. */
export class NothingKept extends Error {
  constructor(override readonly cause: unknown) {
    super('Nothing was kept')
  }
}
