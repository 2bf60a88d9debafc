import type { Statement, Transaction } from '../../platform/database'

/** Where an expiring certificate stands. */
export interface ExpiringCertificate {
  organizationId: string
  providerId: string
  certificateId: string
}

/** Certificates of all organizations of whose expiry another warning is due, the most urgent first. */
export async function findExpiringCertificates(tx: Transaction, limit: number): Promise<ExpiringCertificate[]> {
  return tx.query<ExpiringCertificate>(FIND_EXPIRING, [limit])
}

/** Notes a warning. @returns false when the same, or a later one, was given before */
export async function markCertificateWarned(
  tx: Transaction,
  organizationId: string,
  certificateId: string,
  days: number,
): Promise<boolean> {
  return (await tx.execute(MARK_WARNED, [organizationId, certificateId, days])) === 1
}

/** Forgets the claims of tests that began more than a day ago: they are personal data. */
export async function wipeOldFindings(tx: Transaction): Promise<void> {
  await tx.execute(WIPE_FINDINGS)
}

const FIND_EXPIRING: Statement = {
  name: 'find-expiring-sso-certificates',
  text: `
SELECT c.organization_id AS "organizationId", c.sso_provider_id AS "providerId", c.id AS "certificateId"
FROM sso_certificates c JOIN organizations o ON o.organization_id = c.organization_id AND o.status = 'ACTIVE'
WHERE c.status <> 'RETIRED' AND c.not_after < now() + interval '60 days' AND (
  c.warned_days IS NULL OR (c.warned_days > 30 AND c.not_after < now() + interval '30 days')
  OR (c.warned_days > 7 AND c.not_after < now() + interval '7 days')
)
ORDER BY c.not_after LIMIT $1`,
}
const MARK_WARNED: Statement = {
  name: 'mark-sso-certificate-warned',
  text: `
UPDATE sso_certificates SET warned_days = $3
WHERE organization_id = $1 AND id = $2 AND (warned_days IS NULL OR warned_days > $3)`,
}
const WIPE_FINDINGS: Statement = {
  name: 'wipe-sso-test-findings',
  text: `UPDATE sso_test_runs SET findings = NULL WHERE findings IS NOT NULL AND started_at < now() - interval '1 day'`,
}
