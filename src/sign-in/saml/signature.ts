import { createHash, X509Certificate } from 'node:crypto'
import { IdentityProvider, SamlLib } from 'samlify'
import type * as SamlifyApi from 'samlify/types/src/api'
import { RecentlyUsed } from '../../kernel/recently-used'
import { escapeXml } from './escape-xml'
import { SamlRefusal } from './refusal'

// The parser that samlify reads messages with is set here and nowhere else; the package is pinned exactly.
const { getContext } = require('samlify/build/src/api') as typeof SamlifyApi

/** A certificate that an Admin has stored for a connection: DER in base64. */
export type StoredCertificate = string

/** What a valid signature vouches for. */
export interface VerifiedAssertion {
  /** The assertion as it was signed, and nothing around it. From here on only this is read. */
  readonly xml: string
  /** SHA-256 of the certificate that verified it, hex. */
  readonly certificateFingerprint: string
}

const MAXIMUM_CERTIFICATES = 4
const MOST_KEPT = 1_000
const SMALLEST_RSA_BITS = 2048

/**
 * Verifies a response with samlify, once per stored certificate, so that a certificate can be rolled over and a
 * response without KeyInfo be read. samlify is given metadata that we write: with a tenant's own it would trust the
 * certificate inside the message when the metadata names none.
 *
 * @param xml  with its structure checked: one assertion, whose signature or whose response's is the one verified
 * @throws SamlRefusal  SIGNATURE
 */
export function verifySignature(
  xml: string,
  provider: { readonly entityId: string; readonly certificates: readonly StoredCertificate[] },
  signatureMethod: string,
): VerifiedAssertion {
  const problems: unknown[] = []
  for (const certificate of provider.certificates.slice(0, MAXIMUM_CERTIFICATES)) {
    try {
      const metadata = TRUSTED.get(`${certificate}/${provider.entityId}`, () =>
        trustedMetadata(provider.entityId, certificate),
      )
      const [isVerified, assertion] = withReceivedText(xml, () =>
        SamlLib.verifySignature(xml, { metadata, signatureAlgorithm: signatureMethod }),
      )
      if (isVerified && assertion) return { xml: assertion, certificateFingerprint: fingerprint(certificate) }
    } catch (error) {
      problems.push(error)
    }
  }
  throw new SamlRefusal(
    'SIGNATURE',
    'The response is signed by none of the stored certificates.',
    new AggregateError(problems),
  )
}

/** By certificate, whose alphabet has no end but "=", and entity id; a certificate that is refused is looked at each time. */
const TRUSTED = new RecentlyUsed<ReturnType<typeof trustedMetadata>>(MOST_KEPT)

function trustedMetadata(entityId: string, certificate: StoredCertificate) {
  const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'))
  if (publicKey.asymmetricKeyType !== 'rsa' || publicKey.asymmetricKeyDetails!.modulusLength! < SMALLEST_RSA_BITS)
    throw new Error('Only RSA keys of at least 2048 bits are taken.')
  const { entityMeta } = IdentityProvider({
    metadata: `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escapeXml(entityId)}"><IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.invalid/"/></IDPSSODescriptor></EntityDescriptor>`,
  })
  // What samlify has understood must be what was meant, to the letter.
  if (entityMeta.getEntityID() !== entityId || entityMeta.getX509Certificate('signing') !== certificate)
    throw new Error('samlify has read the stored certificate differently.')
  return entityMeta
}

/**
 * samlify verifies what xmldom writes back, and that loses the carriage returns that Java providers put into
 * SignatureValue. While it works, its parser hands out documents that write back what was received. Safe only because
 * nothing is decrypted, so that nothing changes a document before it is verified.
 */
function withReceivedText<T>(xml: string, verify: () => T): T {
  const context = getContext()
  const { dom } = context
  const parseFromString = (source: string, type?: string) => {
    const document = dom.parseFromString(source, type)
    return source === xml ? Object.assign(document, { toString: () => xml }) : document
  }
  context.dom = { parseFromString } as typeof dom
  try {
    return verify()
  } finally {
    context.dom = dom
  }
}

/** SHA-256 over the DER, hex: how Admins compare certificates. */
export function fingerprint(certificate: StoredCertificate): string {
  return createHash('sha256').update(Buffer.from(certificate, 'base64')).digest('hex')
}
