import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { randomOctets } from '../../kernel/random-octets'

const IV_BYTES = 12
const TAG_BYTES = 16

/** Seals secrets that must be readable again (AES-256-GCM). */
export interface Sealer {
  /**
   * @param context  where the value belongs, e.g. `outbox/<organization>/<row>`: it is authenticated with the value, so
   *                 that a sealed value copied to another row or organization does not open
   */
  seal(plaintext: string, context: string): Buffer
  /** @throws Error  when no key opens it or the context differs */
  open(sealed: Buffer, context: string): string
}

/**
 * @param masterKeys  32 bytes each; the first seals, all open, so that a key can be changed while old values remain
 */
export function createSealer(masterKeys: readonly Buffer[]): Sealer {
  const keys = masterKeys.map((key) => Buffer.from(hkdfSync('sha256', key, '', 'gatehouse/seal/1', 32)))
  return {
    seal(plaintext, context) {
      const iv = randomOctets(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keys[0]!, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body])
    },
    open(sealed, context) {
      for (const key of keys) {
        const text = tryOpen(key, sealed, context)
        if (text !== null) return text
      }
      throw new Error('A sealed value does not open: was GATEHOUSE_MASTER_KEY changed without its previous value?')
    },
  }
}

function tryOpen(key: Buffer, sealed: Buffer, context: string): string | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES)).setAAD(Buffer.from(context))
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return null
  }
}
