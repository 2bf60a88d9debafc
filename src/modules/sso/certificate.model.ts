/** A signing certificate that was stored for a SAML connection. */
export interface CertificateRow {
  readonly id: string
  /** SHA-256 over the DER, hex. */
  readonly fingerprint: string
  /** DER in base64, without line breaks. */
  readonly certificate: string
  /** Distinguished name, as OpenSSL writes it. */
  readonly subject: string
  /** `NEXT` is trusted as well: the provider may begin to sign with it at any time. */
  readonly status: 'ACTIVE' | 'NEXT' | 'RETIRED'
  readonly notBefore: Date
  readonly notAfter: Date
  /** When it last verified a sign-in. */
  readonly lastUsedAt: Date | null
}

/** A row of sso_certificates as JSON writes it. */
export interface CertificateColumns {
  readonly id: string
  readonly fingerprint: string
  readonly certificate: string
  readonly subject: string
  readonly status: CertificateRow['status']
  readonly not_before: string
  readonly not_after: string
  readonly last_used_at: string | null
}

/** A certificate as the modules know it. */
export function certificateOf(columns: CertificateColumns): CertificateRow {
  const { id, fingerprint, certificate, subject, status, last_used_at: used } = columns
  return {
    id,
    fingerprint,
    certificate,
    subject,
    status,
    notBefore: new Date(columns.not_before),
    notAfter: new Date(columns.not_after),
    lastUsedAt: used === null ? null : new Date(used),
  }
}
