import type { Statement, Transaction } from '../../platform/database'

const MAXIMUM_RECIPIENTS = 20

/** Addresses of the joined Admins but these members, oldest first; at most 20, so that no change writes a thousand mails. */
export async function findAdminAddresses(
  tx: Transaction,
  organizationId: string,
  exceptMemberIds: readonly string[] = [],
): Promise<string[]> {
  const values = [organizationId, exceptMemberIds, MAXIMUM_RECIPIENTS]
  return (await tx.query<{ email: string }>(FIND_ADMIN_ADDRESSES, values)).map(({ email }) => email)
}

const FIND_ADMIN_ADDRESSES: Statement = {
  name: 'find-admin-addresses',
  text: `
SELECT m.email FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
WHERE m.organization_id = $1 AND m.status = 'JOINED' AND r.scope = 'ORGANIZATION' AND r.key = 'admin'
  AND m.id <> ALL ($2::uuid[])
ORDER BY m.id LIMIT $3`,
}
