import { createHash } from 'node:crypto'
import { AppError } from './errors'

/** Relay's paging arguments, as they came in. */
export interface PageArguments {
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
}

/** A checked page: walk forwards or backwards from `cursor` over at most `size` rows. */
export interface Page {
  /** 1..100 */
  size: number
  direction: 'forwards' | 'backwards'
  /** The order values and id of the row to continue after; null at the edge of the list. */
  cursor: readonly string[] | null
}

/** Rows of one page, in list order, with what Relay's PageInfo needs. */
export interface PageOf<Row> {
  rows: Row[]
  hasNextPage: boolean
  hasPreviousPage: boolean
}

/** One page of a list, ready for a connection. */
export interface ListPage<Row> extends PageOf<Row> {
  /** The cursor of one of its rows. */
  cursorOf(row: Row): string
}

/** A count that may stop early: counting a million rows for a number nobody reads would hold up everybody else. */
export interface CountResult {
  value: number
  /** `AT_LEAST` when counting stopped at the cap. */
  relation: 'EXACT' | 'AT_LEAST'
}

/** Counting stops here. */
export const COUNT_CAP = 10_000

/**
 * What a count says that was allowed to stop.
 * @param counted  of at most COUNT_CAP + 1: the one beyond tells that there are more from that there are exactly so many
 */
export function cappedCount(counted: number): CountResult {
  return counted > COUNT_CAP ? { value: COUNT_CAP, relation: 'AT_LEAST' } : { value: counted, relation: 'EXACT' }
}

const DEFAULT_SIZE = 25
const MAXIMUM_SIZE = 100

/**
 * Checks paging arguments (Relay Cursor Connections §4).
 *
 * @param binding  names the list: order, filter and parent. A cursor of another list is refused, not misread.
 * @throws INVALID  both directions at once, a size outside 1..100, or a cursor not made for this list
 */
export function readPage(page: PageArguments, binding: string): Page {
  const backwards = page.last != null || page.before != null
  if (backwards && (page.first != null || page.after != null))
    throw new AppError('INVALID', 'Page either forwards (first, after) or backwards (last, before).', {
      path: ['first'],
    })
  const size = (backwards ? page.last : page.first) ?? DEFAULT_SIZE
  if (size < 1 || size > MAXIMUM_SIZE)
    throw new AppError('INVALID', `A page holds 1 to ${MAXIMUM_SIZE} items.`, { path: [backwards ? 'last' : 'first'] })
  const cursor = backwards ? page.before : page.after
  return {
    size,
    direction: backwards ? 'backwards' : 'forwards',
    cursor: cursor == null ? null : readCursor(cursor, binding, backwards ? 'before' : 'after'),
  }
}

/** An opaque cursor for the row with these order values, last of all its id. */
export function cursorOf(values: readonly string[], binding: string): string {
  return encode(fingerprint(binding), values)
}

/**
 * Cuts the one row too many that a store reads to learn whether the list goes on.
 *
 * @param rows  at most `page.size + 1` rows in walking order (backwards pages come last row first)
 */
export function pageOf<Row>(rows: Row[], page: Page): PageOf<Row> {
  const more = rows.length > page.size
  const kept = more ? rows.slice(0, page.size) : rows
  if (page.direction === 'forwards') return { rows: kept, hasNextPage: more, hasPreviousPage: page.cursor !== null }
  return { rows: kept.reverse(), hasNextPage: page.cursor !== null, hasPreviousPage: more }
}

/**
 * Cuts the page and knows the cursor of each row.
 *
 * @param rows  at most `page.size + 1` rows in walking order
 * @param valuesOf  the order values of a row, last of all its id, exactly as the store compares them
 */
export function listPage<Row>(
  rows: Row[],
  page: Page,
  binding: string,
  valuesOf: (row: Row) => readonly string[],
): ListPage<Row> {
  const mark = fingerprint(binding)
  return { ...pageOf(rows, page), cursorOf: (row) => encode(mark, valuesOf(row)) }
}

function encode(mark: string, values: readonly string[]): string {
  return Buffer.from(JSON.stringify([mark, ...values])).toString('base64url')
}

function readCursor(cursor: string, binding: string, argument: string): string[] {
  const values = parse(cursor)
  if (!values || values[0] !== fingerprint(binding))
    throw new AppError('INVALID', 'This cursor belongs to another list; begin again without it.', { path: [argument] })
  return values.slice(1)
}

function parse(cursor: string): string[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(values) && values.every((value) => typeof value === 'string') ? values : null
  } catch {
    return null
  }
}

function fingerprint(binding: string): string {
  return createHash('sha256').update(binding).digest('base64url').slice(0, 12)
}
