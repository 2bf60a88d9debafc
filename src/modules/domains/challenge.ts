import { randomBytes } from 'node:crypto'

/** The value of a TXT record that nobody can guess: 160 random bits, base32. */
export function newChallenge(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from(randomBytes(32), (byte) => alphabet[byte & 31]).join('')
}
