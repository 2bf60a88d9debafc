import type { Transaction } from '../../platform/database'
import { updateDelivery } from './invitation.store'

const ERROR_LENGTH = 500

/**
 * Shows on an invitation how its mail fared. No use case and no audit row: nobody decided anything.
 *
 * @param error  what the mail server said, of which 500 characters are kept, or null when the mail was taken
 */
export async function recordDelivery(
  tx: Transaction,
  organizationId: string,
  invitationId: string,
  error: string | null,
): Promise<void> {
  await updateDelivery(tx, organizationId, invitationId, error?.slice(0, ERROR_LENGTH) ?? null)
}
