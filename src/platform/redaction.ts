const REDACTED = '[redacted]'

/** Field names whose values are never written down, compared without case, `-` and `_`. */
const SECRET_NAMES: ReadonlySet<string> = new Set(
  'authorization cookie code state nonce assertion samlresponse samlrequest relaystate logouttoken link input body'.split(
    ' ',
  ),
)
const SECRET_ENDINGS =
  /(?:password|passphrase|secret|token|cookie|verifier|credentials?|recoverycode|apikey|operatorkey|masterkey)s?$/

// The third is a text without which the pattern finds nothing: looking for it is all that most lines cost.
const SECRETS_IN_TEXT: readonly [pattern: RegExp, replacement: string, mark: string][] = [
  // Gatehouse's own tokens, told from TypeIDs (26 characters) by their length.
  [/\b(gop_|gsv_)[\w-]{32,}|\b([a-z]{3,4}_)[0-9A-Za-z]{40,}/g, `$1$2${REDACTED}`, '_'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`, ''],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, REDACTED, 'eyJ'],
  [/(\/invitations\/)[^/?#\s"'\\]+/g, `$1${REDACTED}`, '/invitations/'],
  [/(\/setup\/)[^/?#\s"'\\]+/g, `$1${REDACTED}`, '/setup/'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s"'@]+@/gi, `$1${REDACTED}@`, '://'],
  [
    /([?&][\w.-]*(?:code|state|token|secret|password|samlresponse|samlrequest|relaystate)=)[^&\s"'\\]+/gi,
    `$1${REDACTED}`,
    '=',
  ],
]

/**
 * Copies what is to be logged without the values of secret fields, at any depth.
 *
 * @param value  plain objects and arrays are walked; others, such as errors, are left to their serializer
 */
export function redactFields(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, isSecretName(name) ? REDACTED : redactValue(field)]),
  )
}

function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactValue)
  return isPlainObject(value) ? redactFields(value) : value
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

// Names come again and again; made-up ones do not fill the memory.
const MOST_KNOWN = 1_000
const knownNames = new Map<string, boolean>()

/** Whether the values of a field with this name are never written down. */
export function isSecretName(name: string): boolean {
  const known = knownNames.get(name)
  if (known !== undefined) return known
  const plain = name.toLowerCase().replace(/[-_]/g, '')
  const isSecret = SECRET_NAMES.has(plain) || SECRET_ENDINGS.test(plain)
  if (knownNames.size < MOST_KNOWN) knownNames.set(name, isSecret)
  return isSecret
}

/** Removes what looks like a token, a password in a URL or an invitation's link from text; the last line of defence. */
export function redactText(text: string): string {
  return SECRETS_IN_TEXT.reduce(
    (result, [pattern, replacement, mark]) => (result.includes(mark) ? result.replace(pattern, replacement) : result),
    text,
  )
}

/**
 * Makes a request's address fit to be written down: no invitation token, no value of any query parameter.
 *
 * @param url  path with query, or an absolute URL
 * @returns    the same with `[redacted]` in those places; names of parameters stay
 */
export function redactUrl(url: string): string {
  const [address = ''] = url.split('#', 1)
  const mark = address.indexOf('?')
  if (mark < 0) return redactText(address)
  const names = address
    .slice(mark + 1)
    .split('&')
    .map((pair) => `${pair.split('=', 1)[0]}=${REDACTED}`)
  return `${redactText(address.slice(0, mark))}?${names.join('&')}`
}
