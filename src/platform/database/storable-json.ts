// As JSON.stringify writes them, unless the backslash is itself one that is escaped.
const REFUSED = /\\u(?:0000|d[89a-f][0-9a-f]{2})(?<=(?<!\\)(?:\\\\)*\\u[0-9a-f]{4})/g

/**
 * Puts U+FFFD in the place of what PostgreSQL refuses in a JSON that it reads: NUL, and halves of characters. One of either
 * would take everything else in the text with it.
 *
 * @param json  made by JSON.stringify, which writes both as escapes and whole characters as they are
 */
export function storableJson(json: string): string {
  return json.includes('\\u') ? json.replace(REFUSED, '\\ufffd') : json
}
