import type { SsoPerson, SsoRefusalCode } from '../sso'

/** A sign-in whose answer the connection's protocol has proven. Whether it lets anybody in is still to be decided. */
export interface ProvenSsoSignIn {
  readonly organizationId: string
  readonly providerId: string
  readonly person: SsoPerson
  /** Format of the NameID; null for everything else. */
  readonly subjectFormat: string | null
  /** What must not be taken twice; null where the protocol sees to that itself. */
  readonly message: { readonly id: string; readonly expiresAt: Date } | null
  /** When the person proved themselves at the provider. */
  readonly authenticatedAt: Date
  /** The provider's name of its own session. */
  readonly idpSession: string | null
  /** When the provider wants sessions to end. */
  readonly sessionEnd: Date | null
  /** The certificate that has verified the answer. */
  readonly certificateFingerprint: string | null
  readonly refreshToken: string | null
  /** Kept where the provider can be told of a sign-out. */
  readonly idToken: string | null
}

/** A sign-in that is not let in. */
export interface RefusedSignIn {
  readonly kind: 'refused'
  readonly code: SsoRefusalCode
  /** For the Admin. */
  readonly detail: string
}

/** Says no. */
export function refused(code: SsoRefusalCode, detail: string): RefusedSignIn {
  return { kind: 'refused', code, detail }
}
