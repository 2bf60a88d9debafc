import type { Statement, Transaction } from '../../platform/database'

/**
 * Shows on an invitation how its mail fared. No use case and no audit row: nobody decided anything.
 *
 * @param error  what the mail server said, or null when the mail was taken
 */
export async function recordDelivery(
  tx: Transaction,
  organizationId: string,
  invitationId: string,
  error: string | null,
): Promise<void> {
  await tx.execute(RECORD_DELIVERY, [organizationId, invitationId, error])
}

const RECORD_DELIVERY: Statement = {
  name: 'record-invitation-delivery',
  text: `
UPDATE invitations SET delivery_error = $3, last_sent_at = CASE WHEN $3::text IS NULL THEN now() ELSE last_sent_at END
WHERE organization_id = $1 AND id = $2`,
}
