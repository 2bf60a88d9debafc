import type { WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { countOtherWaysIn } from './change-sso-provider.store'
import type { SsoProviderRow } from './sso-provider.store'

/**
 * Sees to it that somebody can still come in where members come by SSO.
 * @throws LAST_WAY_IN  the connection is the only active one, and no Admin has a recovery code left
 */
export async function refuseLastWayIn(context: WriteContext, provider: SsoProviderRow): Promise<void> {
  if (provider.status !== 'ACTIVE') return
  if ((await countOtherWaysIn(context.tx, context.organizationId, provider.id)) > 0) return
  throw new AppError(
    'LAST_WAY_IN',
    'This is the only active connection, and nobody could sign in any more: activate another one, give an Admin recovery codes (break-glass), or switch to invitation mode first.',
  )
}
