const NOT_ASCII = /[\u0080-\uFFFF]/
const WIDE_OR_NARROW = /[\u3000\uFF01-\uFFEE]/g
// Digits stand at fixed places and only the fraction varies, so that matching never goes back.
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * What a text that is not caseExact is compared by: full- and half-width forms mapped, lower case, NFC. These are the
 * mappings of PRECIS UsernameCaseMapped (RFC 8265 §3.3.2) without its refusals: a userName may be any text.
 * Applying it twice changes nothing. Stored keys are made with it, so changing it needs a migration.
 */
export function caseKey(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase()
  return text
    .replace(WIDE_OR_NARROW, (character) => character.normalize('NFKC'))
    .toLowerCase()
    .normalize('NFC')
}

/**
 * The order of texts: by their characters, as PostgreSQL's "C" collation has it. `<` goes by halves of surrogate pairs,
 * which puts an emoji before U+FFFD.
 *
 * @returns  below 0, 0 or above 0, as Array.sort wants it
 */
export function compareTexts(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const [left, right] = [one.charCodeAt(index), other.charCodeAt(index)]
    if (left !== right) return behindTheRest(left) - behindTheRest(right)
  }
  return one.length - other.length
}

/** A UTF-16 unit, moved so that halves of pairs come last. */
function behindTheRest(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** Whether PostgreSQL can hold a text: no NUL and no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !LONE_SURROGATE.test(text)
}

/**
 * Reads an xsd:dateTime (RFC 7643 §2.3.5), which has both a date and a time; without an offset it is taken as UTC.
 *
 * @returns  milliseconds since 1970 UTC, finer fractions cut; undefined when the text is no such moment
 */
export function parseDateTime(text: string): number | undefined {
  const match = text.length <= 40 ? DATE_TIME.exec(text) : null
  if (!match) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  if (hour > 23 || minute > 59 || second > 59 || !isDay(year, month, day)) return undefined
  const offset = offsetMinutes(match[8] ?? 'Z')
  if (offset === undefined) return undefined
  return utc(year, month, day) + ((hour * 60 + minute - offset) * 60 + second) * 1000 + milliseconds
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(utc(year, month, day))
  return month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** Date.UTC takes the years 0 to 99 for 1900 to 1999. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day)
}

function offsetMinutes(text: string): number | undefined {
  if (text === 'Z') return 0
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(4))]
  if (hours > 14 || minutes > 59) return undefined
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
