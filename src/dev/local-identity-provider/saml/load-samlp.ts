/** What is used of samlp, which comes without types. */
export type Samlp = {
  getSamlResponse(options: SamlpOptions, user: object, callback: (error: Error | null, response: string) => void): void
  metadata(options: {
    issuer: string
    cert: string
    redirectEndpointPath: string
    postEndpointPath: string
  }): (request: object, response: { set(name: string, value: string): void; send(body: string): void }) => void
}

/** Everything that a response is made of. */
export type SamlpOptions = {
  issuer: string
  /** PEM */
  cert: string
  /** PEM */
  key: string
  audience: string
  recipient: string
  destination: string
  /** Absent for a response that nobody asked for */
  inResponseTo?: string
  lifetimeInSeconds: number
  sessionIndex: string
  signAssertion: boolean
  signResponse: boolean
  signatureAlgorithm: 'rsa-sha256' | 'rsa-sha1'
  digestAlgorithm: 'sha256' | 'sha1'
  samlStatusCode?: string
  profileMapper: (user: object) => {
    getClaims(): Record<string, string | readonly string[]>
    getNameIdentifier(): { nameIdentifier: string; nameIdentifierFormat: string }
  }
}

const packageName = 'samlp'

/** Tells whether the development dependency is there; a production install leaves it out. */
export function isSamlpInstalled(): boolean {
  try {
    require.resolve(packageName)
    return true
  } catch {
    return false
  }
}

/** Loads samlp on first use. @throws  ERR_MODULE_NOT_FOUND, Node's own error, when the package is not installed */
export async function loadSamlp(): Promise<Samlp> {
  return ((await import(packageName)) as { default: Samlp }).default
}
