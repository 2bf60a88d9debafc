/** A server that people sign in at through their company. */
export interface Target {
  readonly protocol: 'saml' | 'oidc'
  readonly port: number
  /** Where a sign-in begins. */
  readonly startPath: string
  /** Where the answer goes: ACS, or callback. */
  readonly answerPath: string
  /** What assertions are for, and where they go, as the server knows itself. */
  readonly spEntityId: string
  readonly acsUrl: string
}

/** What a driver, browsers and identity provider in one process, is told by its parent. */
export type DriverOrder = { readonly target: Target; readonly milliseconds: number; readonly lanes: number }

/** What it says: first where its identity provider is, then what came of each run. */
export type DriverMessage =
  | { readonly kind: 'ready'; readonly issuer: string; readonly certificate: string }
  | {
      readonly kind: 'result'
      readonly signIns: number
      readonly seconds: number
      /** Milliseconds, from the first request to the session. */
      readonly p50: number
      readonly p99: number
      readonly firstFailure: string | null
    }

/** How people are called at the identity provider. */
export const EMPLOYEES = 500
export const subjectOf = (n: number): string => `employee-${n}`
export const addressOf = (n: number): string => `employee-${n}@bench.example`
export const CLIENT_ID = 'bench'
export const CLIENT_SECRET = 'secret-of-the-benchmark'
