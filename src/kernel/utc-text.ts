const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' })

/** A moment for people to read, to the minute, in UTC: "3 March 2026, 14:05 UTC". Independent of the host's locale. */
export function utcText(at: Date): string {
  return `${DATE.format(at)}, ${TIME.format(at)} UTC`
}
