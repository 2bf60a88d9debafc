import type { Spine } from '../access'
import type { SessionCookies } from '../http'
import type { Outside } from '../platform/outside'
import type { CompanyClients } from './oidc/company-clients'
import type { VerifyLogoutToken } from './oidc/logout-token'
import type { RedirectProvider } from './provider'

/** What every page is given: the installation as people see it. */
export interface Site {
  readonly spine: Spine
  readonly cookies: SessionCookies
  /** Origin that people and providers use, without a trailing slash. */
  readonly publicUrl: string
  /** For what companies' providers say. */
  readonly outside: Outside
  /** `publicUrl` and, in development, the other name of this machine. */
  readonly ownOrigins: ReadonlySet<string>
  readonly providers: readonly RedirectProvider[]
  readonly companyClients: CompanyClients
  readonly verifyLogoutToken: VerifyLogoutToken
  /** Whether a code can be mailed. */
  readonly offersEmailCodes: boolean
  /** Path of the API explorer; null where there is none. */
  readonly explorerUrl: string | null
  /** Requests to /login per minute and address. */
  readonly signInsPerMinute: number
}
