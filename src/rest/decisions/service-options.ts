import type { Spine } from '../../access'
import type { SessionCookies } from '../../http'
import type { TokenIssuer } from '../../modules/tokens'

/** What the routes for services stand on. */
export interface ServiceOptions {
  readonly spine: Spine
  readonly cookies: SessionCookies
  /** Where this installation is reached, without a slash at the end: it is what issues tokens and decides. */
  readonly publicUrl: string
  readonly tokens: TokenIssuer
}
