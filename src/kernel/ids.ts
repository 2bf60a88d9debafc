import { randomOctets } from './random-octets'

/** What an id names, as the prefix it wears outside: `org_01h455vb4pex5vsknk084sn02q` (TypeID 0.3). */
export const ID_PREFIXES = {
  Organization: 'org',
  User: 'usr',
  Member: 'mem',
  Role: 'rol',
  Team: 'tem',
  Project: 'prj',
  ProjectGrant: 'pgr',
  ServiceAccount: 'svc',
  ApiKey: 'key',
  Invitation: 'inv',
  Session: 'ses',
  ExternalIdentity: 'idn',
  AuditEvent: 'aud',
  Domain: 'dom',
  JoinRequest: 'jrq',
  SsoProvider: 'sso',
  SsoTestRun: 'tst',
  Certificate: 'crt',
  MembershipModeSwitch: 'msw',
  SetupLink: 'sul',
  Directory: 'dir',
  DirectoryUser: 'dus',
  DirectoryGroup: 'dgr',
  DirectoryRule: 'dru',
  DirectoryConflict: 'dco',
  ScimToken: 'stk',
  ScimRequest: 'srq',
} as const

export type IdType = keyof typeof ID_PREFIXES

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** By character code. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, ALPHABET.indexOf(String.fromCharCode(code))))
const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))
const TYPES = new Map(Object.entries(ID_PREFIXES).map(([type, prefix]) => [prefix as string, type as IdType]))

let lastMillisecond = 0
let counter = 0

/** Makes a UUIDv7 (RFC 9562 §5.7). Ids of one process sort in the order they were made, also within a millisecond. */
export function newId(): string {
  const now = Date.now()
  // RFC 9562 §6.2 method 1: a 12-bit counter in rand_a; when it overflows, borrow the next millisecond.
  if (now > lastMillisecond) {
    lastMillisecond = now
    counter = randomOctets(1)[0]!
  } else if (++counter > 0xfff) {
    lastMillisecond += 1
    counter = 0
  }
  const time = lastMillisecond.toString(16).padStart(12, '0')
  const random = randomOctets(8)
  random[0] = (random[0]! & 0x3f) | 0x80
  const hex = random.toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${hex.slice(0, 4)}-${hex.slice(4)}`
}

/** The smallest UUIDv7 of a millisecond: ids sort by time, so a range of time is a range of the primary key. */
export function smallestIdAt(milliseconds: number): string {
  const hex = Math.max(0, milliseconds).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

/** True for the canonical lower-case text of a UUID, which is safe to quote into a SET LOCAL statement. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

const PAIRS = Array.from({ length: 1024 }, (_, bits) => ALPHABET[bits >> 5]! + ALPHABET[bits & 31]!)

/** The TypeID of a stored UUID: prefix, underscore, 26 characters of Crockford base32. */
export function toTypeId(type: IdType, uuid: string): string {
  // 128 bits as four words; the first pair takes 8 of them, since 26 characters hold 130.
  const a = Number.parseInt(uuid.slice(0, 8), 16)
  const b = Number.parseInt(uuid.slice(9, 13) + uuid.slice(14, 18), 16)
  const c = Number.parseInt(uuid.slice(19, 23) + uuid.slice(24, 28), 16)
  const d = Number.parseInt(uuid.slice(28), 16)
  const text =
    pair(a >>> 24) +
    pair(a >>> 14) +
    pair(a >>> 4) +
    pair((a << 6) | (b >>> 26)) +
    pair(b >>> 16) +
    pair(b >>> 6) +
    pair((b << 4) | (c >>> 28)) +
    pair(c >>> 18) +
    pair(c >>> 8) +
    pair((c << 2) | (d >>> 30)) +
    pair(d >>> 20) +
    pair(d >>> 10) +
    pair(d)
  return `${ID_PREFIXES[type]}_${text}`
}

/** Two characters for the lowest 10 bits; lists are full of ids, and dividing a BigInt 26 times costs twenty times as much. */
function pair(bits: number): string {
  return PAIRS[bits & 1023]!
}

/** The type and UUID that a TypeID names, or null when it is malformed or of no known type. */
export function parseTypeId(text: string): { type: IdType; uuid: string } | null {
  const match = /^([a-z]{3})_([0-7][0-9a-hjkmnp-tv-z]{25})$/.exec(text)
  const type = match && TYPES.get(match[1]!)
  if (!match || !type) return null
  const hex = octetsOf(match[2]!)
  return {
    type,
    uuid: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  }
}

/** Hexadecimal of what 26 characters say; every request names things, and BigInts are slow. */
function octetsOf(text: string): string {
  let hex = ''
  let bits = 0
  // 26 characters hold 130 bits: the first two are zero.
  let width = -2
  for (let position = 0; position < text.length; position += 1) {
    bits = ((bits << 5) | VALUES[text.charCodeAt(position)]!) & 0xfff
    width += 5
    if (width < 8) continue
    width -= 8
    hex += OCTETS[(bits >>> width) & 0xff]!
  }
  return hex
}

/** The UUID of a TypeID of the given type, or null when it is anything else. */
export function fromTypeId(type: IdType, text: string): string | null {
  const id = parseTypeId(text)
  return id?.type === type ? id.uuid : null
}
