import type { Operation } from '../access'
import type { OpenedSession } from '../modules/sessions'
import type { Loaders } from './loaders'

/** What every resolver is given. Lives for one GraphQL operation. */
export interface GraphQLContext {
  readonly operation: Operation
  readonly loaders: Loaders
  /** Where people reach this installation, without a slash at the end. */
  readonly publicUrl: string
  /** Paths that were answered with null because a permission is missing; becomes `extensions.denied`. */
  readonly denied: { path: (string | number)[]; permission: string }[]
  /**
   * Continues the operation in a session that was just opened, and sets its cookie when the caller is a browser.
   * @returns  the token for bearer clients; null for browsers, which must never see it
   */
  continueIn(session: OpenedSession): string | null
}
