import type { ReceivedClaims } from '../../modules/sso'

/** What a company's provider has said, once its protocol has proven that it did. */
export interface ProvenAnswer {
  readonly claims: ReceivedClaims
  /** `sub`, or the NameID. */
  readonly subject: string | null
  readonly subjectFormat: string | null
  /** What must not be taken twice. */
  readonly message: { readonly id: string; readonly expiresAt: Date } | null
  readonly authenticatedAt: Date
  readonly idpSession: string | null
  readonly sessionEnd: Date | null
  readonly certificateFingerprint: string | null
  readonly refreshToken: string | null
  /** Kept where the provider can be told of a sign-out. */
  readonly idToken: string | null
}
