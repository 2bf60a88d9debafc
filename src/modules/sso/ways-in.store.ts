import type { Statement, Transaction } from '../../platform/database'

/** How people come into an organization. */
export interface WaysIn {
  readonly name: string
  readonly slug: string
  readonly membershipMode: 'INVITATION' | 'SSO'
  /** Connections in use, by name; none where members come by invitation. */
  readonly connections: readonly { readonly id: string; readonly name: string }[]
}

/** Null when the organization does not exist, or waits for its deletion. */
export async function findWaysInRow(tx: Transaction, organizationId: string): Promise<WaysIn | null> {
  const [row] = await tx.query<WaysIn>(FIND, [organizationId])
  return row ?? null
}

const FIND: Statement = {
  name: 'find-ways-in',
  text: `
SELECT o.name, o.slug, o.membership_mode AS "membershipMode", coalesce((
  SELECT json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.name)
  FROM sso_providers p WHERE p.organization_id = $1 AND p.status = 'ACTIVE'
), '[]') AS connections
FROM organizations o WHERE o.organization_id = $1 AND o.status = 'ACTIVE'`,
}
