// Line ends (header injection), other control characters, and the marks that turn the reading direction of what follows.
const CONTROLS = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** Text as one trimmed line without control and direction characters, safe in a mail header or beside our own words. */
export function singleLine(text: string): string {
  return text.replace(CONTROLS, ' ').replace(/\s+/g, ' ').trim()
}
