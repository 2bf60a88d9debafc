import type { Spine } from '../../access'
import type { TokenIssuer } from '../../modules/tokens'

/** What the routes for tokens stand on. */
export interface TokenOptions {
  readonly spine: Spine
  readonly tokens: TokenIssuer
}
