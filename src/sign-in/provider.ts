import type { ProvenIdentity, Provider } from '../modules/accounts'

/** What one sign-in must remember until the provider sends the person back; each of 256 random bits. */
export interface SignInSecrets {
  readonly state: string
  readonly nonce: string
  /** PKCE, RFC 7636 §4.1. */
  readonly codeVerifier: string
}

/** A provider that the browser is sent to, and that sends it back with a code. */
export interface RedirectProvider {
  readonly provider: Exclude<Provider, 'EMAIL'>
  /** Its word in `/login/{slug}/start` and `/login/{slug}/callback`. */
  readonly slug: string
  /** As in "Continue with …". */
  readonly label: string
  /**
   * Where to send the browser.
   * @throws UNAVAILABLE  the provider cannot be reached
   */
  authorizationUrl(secrets: SignInSecrets): Promise<URL>
  /**
   * Redeems the code of the answer and says who signed in.
   *
   * @param callback  the redirect address as registered, with the query the browser came back with
   * @throws INVALID  the person cancelled, or the answer does not hold
   */
  identify(callback: URL, secrets: SignInSecrets): Promise<ProvenIdentity>
}
