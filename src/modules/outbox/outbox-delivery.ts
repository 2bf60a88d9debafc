import { setTimeout as sleep } from 'node:timers/promises'
import { outboxSealContext } from '../../access'
import type { Sealer } from '../../platform/crypto'
import type { Database, Transaction } from '../../platform/database'
import { GIVE_UP_AFTER_SECONDS, retryDelaySeconds, UndeliverableError } from './outbox.model'
import {
  claimDueMessages,
  type DueMessageRow,
  type MessageKey,
  markDelivered,
  markFailed,
  markSuperseded,
  postpone,
  renewLeases,
} from './outbox.store'

/** A message as its handler sees it. */
export interface Message extends MessageKey {
  readonly destination: string
  readonly payload: unknown
  /** What the row held sealed; null when there was nothing. */
  readonly secret: string | null
  readonly createdAt: Date
}

/** Delivers the messages of one kind. */
export interface MessageHandler {
  /**
   * Whether the message still says something true, asked before each attempt; absent means always. What was overtaken,
   * such as a letter whose link was replaced, is put aside without an attempt and without an error.
   */
  isCurrent?(tx: Transaction, message: Message): Promise<boolean>
  /**
   * Brings the message to its destination, outside any transaction. May be called again for the same message.
   * @throws UndeliverableError  to give up at once; anything else is tried again
   */
  deliver(message: Message): Promise<void>
  /** Shows the outcome of an attempt in the product, in the transaction that writes it down; null means delivered. */
  settle?(tx: Transaction, message: Message, error: string | null): Promise<void>
}

export interface OutboxDeliveryOptions {
  readonly database: Database
  readonly sealer: Sealer
  /** By kind; messages of other kinds are left to other processes. */
  readonly handlers: ReadonlyMap<string, MessageHandler>
  /** Messages delivered at the same time. */
  readonly concurrency: number
  readonly logError: (error: unknown, what: string) => void
}

const POLL_MILLISECONDS = 500
// After a crash the messages on their way are due again when their lease ends.
const LEASE_SECONDS = 15
const RENEW_MILLISECONDS = 5_000
const REST_MILLISECONDS = 60_000
const MOST_RESTING = 500
const STOP_PATIENCE_MILLISECONDS = 10_000

/**
 * Delivers outbox messages: at least once, in no order, each attempt outside any transaction. An attempt is leased first
 * and its outcome is written afterwards, so that a process that dies in between only causes a second delivery.
 * A destination gets one message at a time and rests after a failure, so that a dead mailbox delays nobody else.
 */
export class OutboxDelivery {
  readonly #inFlight = new Map<string, { row: DueMessageRow; done: Promise<void> }>()
  /** Destination → when it may get the next message, in milliseconds of the process's clock. */
  readonly #resting = new Map<string, number>()
  #running: Promise<unknown> | null = null
  #stopping = false
  #isRung = false
  #answer: () => void = () => {}

  constructor(private readonly options: OutboxDeliveryOptions) {}

  /** Begins to deliver. */
  start(): void {
    this.#running ??= Promise.all([this.#claimLoop(), this.#renewLoop()])
  }

  /** Looks for due messages now instead of at the next poll: for whoever has just committed some. */
  wake(): void {
    this.#isRung = true
    this.#answer()
  }

  /** Claims nothing more and waits for attempts under way, at most 10 s; the others fall due when their lease ends. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.wake()
    await this.#running
    const attempts = Promise.all([...this.#inFlight.values()].map(({ done }) => done))
    const patience = new AbortController()
    await Promise.race([attempts, sleep(STOP_PATIENCE_MILLISECONDS, null, { signal: patience.signal })])
    patience.abort()
  }

  async #claimLoop(): Promise<void> {
    while (!this.#stopping) {
      const free = this.options.concurrency - this.#inFlight.size
      const rows = free > 0 ? await this.#claim(free) : []
      for (const row of rows) this.#begin(row)
      // Every finished attempt rings as well, so a queue is worked off without waiting for the poll.
      if (rows.length < free || free === 0) await this.#waitForBell()
    }
  }

  async #claim(limit: number): Promise<DueMessageRow[]> {
    const kinds = [...this.options.handlers.keys()]
    const claim = { kinds, except: this.#heldDestinations(), limit, leaseSeconds: LEASE_SECONDS }
    try {
      return await this.options.database.write({ kind: 'installation' }, (tx) => claimDueMessages(tx, claim))
    } catch (error) {
      this.options.logError(error, 'outbox: could not look for due messages')
      return []
    }
  }

  #heldDestinations(): string[] {
    const now = performance.now()
    for (const [destination, until] of this.#resting) if (until <= now) this.#resting.delete(destination)
    return [...this.#resting.keys(), ...[...this.#inFlight.values()].map(({ row }) => row.destination)]
  }

  #begin(row: DueMessageRow): void {
    const done = this.#attempt(row)
      .catch((error: unknown) => this.options.logError(error, 'outbox: could not write down an attempt'))
      .finally(() => {
        this.#inFlight.delete(row.id)
        this.wake()
      })
    this.#inFlight.set(row.id, { row, done })
  }

  async #attempt(row: DueMessageRow): Promise<void> {
    const { organization_id: organizationId, id } = row
    const handler = this.options.handlers.get(row.kind)!
    const outcome = await this.#deliver(handler, row)
    const write = (settle: boolean): Promise<void> =>
      this.options.database.write({ kind: 'organization', organizationId }, async (tx) => {
        if (outcome === 'superseded') return markSuperseded(tx, organizationId, id)
        if (settle) await handler.settle?.(tx, messageOf(row, null), outcome === 'delivered' ? null : outcome.error)
        if (outcome === 'delivered') return markDelivered(tx, organizationId, id)
        if (outcome.isFinal) return markFailed(tx, organizationId, id, outcome.error)
        return postpone(tx, organizationId, id, outcome)
      })
    await write(true).catch(async (error: unknown) => {
      this.options.logError(error, 'outbox: could not show the outcome of a message')
      // What was sent must be marked as sent, or it would leave again and again.
      await write(false)
    })
  }

  async #deliver(handler: MessageHandler, row: DueMessageRow) {
    try {
      const message = messageOf(row, this.#secretOf(row))
      if (handler.isCurrent && !(await this.#isCurrent(handler, message))) return 'superseded'
      await handler.deliver(message)
      return 'delivered'
    } catch (error) {
      const ageSeconds = (Date.now() - row.created_at.getTime()) / 1000
      const isFinal = error instanceof UndeliverableError || ageSeconds > GIVE_UP_AFTER_SECONDS
      const delaySeconds = retryDelaySeconds(row.attempts, Math.random())
      if (!isFinal) this.#rest(row.destination, delaySeconds * 1000)
      return { error: error instanceof Error ? error.message : 'unknown error', isFinal, delaySeconds }
    }
  }

  #isCurrent(handler: MessageHandler, message: Message): Promise<boolean> {
    const { organizationId } = message
    return this.options.database.write({ kind: 'organization', organizationId }, (tx) =>
      handler.isCurrent!(tx, message),
    )
  }

  #secretOf({ sealed, organization_id: organizationId, id }: DueMessageRow): string | null {
    return sealed && this.options.sealer.open(sealed, outboxSealContext(organizationId, id))
  }

  #rest(destination: string, milliseconds: number): void {
    // Bounded, because it travels with every claim: with a whole mail server down it does not matter whose turn it is.
    if (this.#resting.size >= MOST_RESTING) return
    this.#resting.set(destination, performance.now() + Math.min(milliseconds, REST_MILLISECONDS))
  }

  async #renewLoop(): Promise<void> {
    let renewedAt = performance.now()
    while (!this.#stopping) {
      await sleep(POLL_MILLISECONDS)
      if (this.#inFlight.size === 0 || performance.now() - renewedAt < RENEW_MILLISECONDS) continue
      renewedAt = performance.now()
      const held = [...this.#inFlight.values()].map(({ row }) => ({ organizationId: row.organization_id, id: row.id }))
      await this.options.database
        .write({ kind: 'installation' }, (tx) => renewLeases(tx, held, LEASE_SECONDS))
        .catch((error: unknown) => this.options.logError(error, 'outbox: could not renew leases'))
    }
  }

  async #waitForBell(): Promise<void> {
    if (!this.#isRung) {
      const bell = new Promise<void>((resolve) => {
        this.#answer = resolve
      })
      const timer = setTimeout(() => this.#answer(), POLL_MILLISECONDS)
      await bell
      clearTimeout(timer)
    }
    this.#isRung = false
  }
}

function messageOf(row: DueMessageRow, secret: string | null): Message {
  return {
    organizationId: row.organization_id,
    id: row.id,
    destination: row.destination,
    payload: row.payload,
    secret,
    createdAt: row.created_at,
  }
}
