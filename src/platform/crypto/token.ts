import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { randomOctets } from '../../kernel/random-octets'

/** What a secret opens, as its prefix: scanners and people tell them apart without a look-up. */
export const TOKEN_PREFIXES = {
  accountSession: 'gas',
  organizationSession: 'gos',
  apiKey: 'gak',
  refreshToken: 'grt',
  invitation: 'giv',
  sessionCode: 'gsc',
  setupLink: 'gsu',
  scim: 'scim',
} as const

export type TokenKind = keyof typeof TOKEN_PREFIXES

/** A secret just made: `token` is shown or set once, `hash` is what the database keeps. */
export interface NewToken {
  token: string
  /** SHA-256 of the token, 32 bytes. */
  hash: Buffer
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
// As many characters as an ordinary number holds exactly: every request reads a token, and BigInts are slow.
const CHUNK = 8
const POWERS = Array.from({ length: CHUNK + 1 }, (_, exponent) => 62n ** BigInt(exponent))
const SECRET_BYTES = 32
const ID_BYTES = 16

/**
 * Makes a 256-bit secret: prefix, `_`, base62 of the organization's id and the secret, 6 characters of CRC-32.
 *
 * @param organizationId  the tenant whose row the secret opens, so that it can be found without a look-up table;
 *                        null for secrets of the account side
 */
export function makeToken(kind: TokenKind, organizationId: string | null): NewToken {
  const tenant = Buffer.from((organizationId ?? '').replaceAll('-', ''), 'hex')
  const body = base62(Buffer.concat([tenant, randomOctets(SECRET_BYTES)]))
  const token = `${TOKEN_PREFIXES[kind]}_${body}${checksum(`${TOKEN_PREFIXES[kind]}_${body}`)}`
  return { token, hash: hashToken(token) }
}

/**
 * Reads a presented secret. Null when kind, length or checksum are wrong, so that typing errors and guesses never
 * reach the database. What it returns is not yet proven: the hash still has to be found in its row.
 */
export function readToken(kind: TokenKind, token: string): { organizationId: string | null; hash: Buffer } | null {
  const match = /^([a-z]{3,4})_([0-9A-Za-z]{43,80})([0-9A-Za-z]{6})$/.exec(token)
  if (!match || match[1] !== TOKEN_PREFIXES[kind] || match[3] !== checksum(`${match[1]}_${match[2]}`)) return null
  const withTenant = kind !== 'accountSession'
  const bytes = fromBase62(match[2]!, SECRET_BYTES + (withTenant ? ID_BYTES : 0))
  if (!bytes) return null
  return { organizationId: withTenant ? uuidOf(bytes.subarray(0, ID_BYTES)) : null, hash: hashToken(token) }
}

/** SHA-256 is enough for secrets of 112 bits and more (OWASP ASVS 5.0, 6.5.2): there is nothing to guess. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

function checksum(text: string): string {
  return digits(crc32(text), 6)
}

function base62(bytes: Buffer): string {
  return toBase62(BigInt(`0x${bytes.toString('hex')}`), Math.ceil((bytes.length * 8) / Math.log2(62)))
}

function toBase62(value: bigint, width: number): string {
  let text = ''
  let rest = value
  for (let left = width; left > 0; left -= CHUNK) {
    text = digits(Number(rest % POWERS[CHUNK]!), Math.min(CHUNK, left)) + text
    rest /= POWERS[CHUNK]!
  }
  return text
}

/** @param value  0..62 to the power of `width`, exclusive, and not above 2^53 */
function digits(value: number, width: number): string {
  let text = ''
  for (let rest = value; text.length < width; rest = Math.floor(rest / 62)) text = ALPHABET[rest % 62]! + text
  return text
}

function fromBase62(text: string, bytes: number): Buffer | null {
  let value = 0n
  for (let start = 0; start < text.length; start += CHUNK) {
    const chunk = text.slice(start, start + CHUNK)
    let small = 0
    for (let position = 0; position < chunk.length; position += 1)
      small = small * 62 + ALPHABET.indexOf(chunk[position]!)
    value = value * POWERS[chunk.length]! + BigInt(small)
  }
  const hex = value.toString(16).padStart(bytes * 2, '0')
  return hex.length === bytes * 2 ? Buffer.from(hex, 'hex') : null
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
