import { randomBytes } from 'node:crypto'
import { hashToken } from '../../platform/crypto'

/** How many codes an Admin is given at once. */
export const CODES_PER_ADMIN = 10

// Crockford's base32: no letter that is taken for a digit when it is read off paper.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUPS = 5
const GROUP_LENGTH = 5

/** Makes a code of 125 random bits, e.g. `7K3QW-9ZB0C-…`, five groups of five characters. */
export function makeRecoveryCode(): string {
  const characters = Array.from(randomBytes(GROUPS * GROUP_LENGTH), (byte) => ALPHABET[byte & 31]!)
  return characters.join('').replace(/(.{5})(?!$)/g, '$1-')
}

/** SHA-256 of a code as people type it: case, blanks and hyphens do not count. Null when it cannot be one. */
export function hashRecoveryCode(typed: string): Buffer | null {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  if (plain.length !== GROUPS * GROUP_LENGTH || [...plain].some((character) => !ALPHABET.includes(character)))
    return null
  return hashToken(plain)
}
