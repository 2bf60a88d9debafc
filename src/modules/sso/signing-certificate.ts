import { createHash, X509Certificate } from 'node:crypto'
import { AppError } from '../../kernel/errors'

/** A signing certificate as it came in, read and checked. */
export interface SigningCertificate {
  /** DER in base64, without line breaks. */
  readonly certificate: string
  /** SHA-256 over the DER, hex. */
  readonly fingerprint: string
  readonly subject: string
  readonly notBefore: Date
  readonly notAfter: Date
}

/** What one connection trusts at a time: one in use, one to come, and some play. */
export const MAXIMUM_CERTIFICATES = 4
const SMALLEST_RSA_BITS = 2048
const LONGEST_TEXT = 16 * 1024
const LONGEST_SUBJECT = 500
const ARMOUR = /-----(BEGIN|END) CERTIFICATE-----/g

/**
 * Reads a signing certificate of an identity provider. One that has expired is taken: it pins a key, nothing more, and
 * providers go on to sign with it; the expiry is shown and warned of.
 *
 * @param text  PEM, or base64 with or without line breaks
 * @throws INVALID  it is no certificate, or its key is not RSA of 2048 bits at least
 */
export function readSigningCertificate(text: string, path: readonly string[]): SigningCertificate {
  const base64 = text.replace(ARMOUR, '').replace(/\s+/g, '')
  const parsed = text.length > LONGEST_TEXT ? null : parse(base64)
  if (!parsed) throw new AppError('INVALID', 'This is not an X.509 certificate; paste one as PEM or base64.', { path })
  const { publicKey, raw, subject, validFrom, validTo } = parsed
  if (publicKey.asymmetricKeyType !== 'rsa' || publicKey.asymmetricKeyDetails!.modulusLength! < SMALLEST_RSA_BITS)
    throw new AppError('INVALID', 'Only RSA keys of at least 2048 bits are taken; let the provider sign with one.', {
      path,
    })
  return {
    certificate: raw.toString('base64'),
    fingerprint: createHash('sha256').update(raw).digest('hex'),
    subject: subject.replaceAll('\n', ', ').slice(0, LONGEST_SUBJECT),
    notBefore: new Date(validFrom),
    notAfter: new Date(validTo),
  }
}

/** Several of them, each once. @throws INVALID, TOO_MANY  beyond four */
export function readSigningCertificates(texts: readonly string[], path: readonly string[]): SigningCertificate[] {
  const byFingerprint = new Map<string, SigningCertificate>()
  for (const text of texts) {
    const certificate = readSigningCertificate(text, path)
    byFingerprint.set(certificate.fingerprint, certificate)
    if (byFingerprint.size > MAXIMUM_CERTIFICATES)
      throw new AppError('TOO_MANY', `At most ${MAXIMUM_CERTIFICATES} signing certificates are taken.`, { path })
  }
  return [...byFingerprint.values()]
}

function parse(base64: string): X509Certificate | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'))
  } catch {
    return null
  }
}
