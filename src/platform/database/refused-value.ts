import { DatabaseError } from 'pg'
import { AppError } from '../../kernel/errors'

// Class 22 data exception: NUL in a text, an instant or number out of range. 54000: a text too long for an index.
const REFUSED = /^(?:22|54)/
const TRANSACTION_HAS_FAILED = '25P02'

/** The SQLSTATE of an error that came from PostgreSQL, directly or through TypeORM. */
export function sqlState(error: unknown): string | undefined {
  const cause = error instanceof Error && 'driverError' in error ? error.driverError : error
  return cause instanceof DatabaseError ? cause.code : undefined
}

/**
 * Turns what PostgreSQL says of an impossible value into INVALID. One per transaction: the statements that run beside
 * the refused one fail with it, and are given the same reason.
 */
export class RefusedValues {
  #refusal: AppError | null = null

  /** The error to throw in place of the one that was caught; most are returned as they are. */
  translate(error: unknown): unknown {
    const state = sqlState(error)
    if (!state) return error
    if (state === TRANSACTION_HAS_FAILED) return this.#refusal ?? error
    if (!REFUSED.test(state)) return error
    this.#refusal ??= new AppError(
      'INVALID',
      'A value holds characters that cannot be kept, or lies outside what its kind allows.',
      {},
      error,
    )
    return this.#refusal
  }
}
