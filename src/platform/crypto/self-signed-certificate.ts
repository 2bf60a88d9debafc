import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

/** A key with its certificate, as SAML signs with. */
export interface SelfSigned {
  /** PKCS #8, PEM. */
  readonly privateKey: string
  /** DER in base64, without line breaks. */
  readonly certificate: string
}

/**
 * Makes an RSA key and a certificate that it signs itself (RFC 5280): enough where the certificate
 * itself is handed over and nobody looks at more of it than the key and the dates, as SAML does.
 *
 * @param commonName  ASCII
 */
export function selfSignedCertificate(
  commonName: string,
  options: { bits?: number; notBefore?: Date; notAfter?: Date } = {},
): SelfSigned {
  const { bits = 2048, notBefore = new Date('2024-01-01'), notAfter = new Date('2049-12-31') } = options
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const name = sequence(set(sequence(OID_COMMON_NAME, der(0x0c, Buffer.from(commonName)))))
  const algorithm = sequence(OID_SHA256_RSA, der(0x05, Buffer.alloc(0)))
  const serial = randomBytes(16)
  serial[0]! &= 0x7f
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), serial])),
    algorithm,
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = createSign('RSA-SHA256').update(toBeSigned).sign(privateKey)
  const certificate = sequence(toBeSigned, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificate: certificate.toString('base64'),
  }
}

const OID_COMMON_NAME = Buffer.from('0603550403', 'hex')
const OID_SHA256_RSA = Buffer.from('06092a864886f70d01010b', 'hex')

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const bytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...bytes]), content])
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function set(part: Buffer): Buffer {
  return der(0x31, part)
}

// RFC 5280 §4.1.2.5.1: two digits of the year are enough until 2049.
function time(date: Date): Buffer {
  return der(0x17, Buffer.from(date.toISOString().replace(/^\d\d|[-:T]|\.\d+/g, '')))
}
