import type { Statement, Transaction } from '../../platform/database'

/** Who hears that nobody administers an organization any more: its billing address and its break-glass Admins. */
export async function findAdminlessAddresses(
  tx: Transaction,
  organizationId: string,
  exceptMemberId: string,
): Promise<string[]> {
  const rows = await tx.query<{ email: string }>(FIND_ADMINLESS_ADDRESSES, [organizationId, exceptMemberId])
  return rows.map(({ email }) => email)
}

const FIND_ADMINLESS_ADDRESSES: Statement = {
  name: 'find-adminless-addresses',
  text: `
SELECT billing_email AS email FROM organizations WHERE organization_id = $1
UNION
SELECT m.email FROM break_glass_admins b
JOIN members m ON m.organization_id = b.organization_id AND m.id = b.member_id AND m.status <> 'REMOVED'
WHERE b.organization_id = $1 AND b.member_id <> $2`,
}
