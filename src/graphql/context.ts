import type { Operation } from '../access'
import type { Provider } from '../modules/accounts'
import type { OpenedSession } from '../modules/sessions'
import type { TokenIssuer } from '../modules/tokens'
import type { Outside } from '../platform/outside'
import type { Loaders } from './loaders'

/** What anybody may know of this installation. */
export interface InstallationFacts {
  /** Of Gatehouse, as in package.json. */
  readonly version: string
  /** The ways to sign in that are switched on, in the order in which they are shown. */
  readonly loginMethods: readonly Provider[]
}

/** What every resolver is given. Lives for one GraphQL operation. */
export interface GraphQLContext {
  readonly operation: Operation
  readonly loaders: Loaders
  /** Where people reach this installation, without a slash at the end. */
  readonly publicUrl: string
  /** What this installation is for whoever verifies its tokens. */
  readonly tokens: TokenIssuer
  readonly installation: InstallationFacts
  /** For what providers and name servers say; never while a use case runs. */
  readonly outside: Outside
  /** The caller leans on its cookies: a page, which must never see a secret that outlives it. */
  readonly isBrowser: boolean
  /** Paths that were answered with null because a permission is missing; becomes `extensions.denied`. */
  readonly denied: { path: (string | number)[]; permission: string }[]
  /**
   * Continues the operation in a session that was just opened, and sets its cookie when the caller is a browser.
   * @returns  the token for bearer clients; null for browsers, which must never see it
   */
  continueIn(session: OpenedSession): string | null
}
