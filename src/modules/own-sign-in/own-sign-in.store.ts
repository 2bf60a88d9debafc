import type { OrganizationSession } from '../../access'
import type { Statement, Transaction } from '../../platform/database'

/** How a member in the session of a company stands to a way to sign in of their own. */
export interface OwnSignIn {
  /** The connection through which they came. */
  readonly provider: { readonly id: string; readonly name: string }
  /** They have an account with a way to sign in. */
  readonly hasOwn: boolean
  /** They have proven themselves at the company, and signed in here by it, within the last quarter of an hour. */
  readonly isFresh: boolean
}

/** Null for a session that did not begin with a connection. */
export async function findOwnSignIn(
  tx: Transaction,
  { organizationId, sessionId }: OrganizationSession,
): Promise<OwnSignIn | null> {
  const [row] = await tx.query<OwnSignIn>(FIND_OWN_SIGN_IN, [organizationId, sessionId])
  return row ?? null
}

// The provider's clock says when they have proven themselves, ours when they came.
const FIND_OWN_SIGN_IN: Statement = {
  name: 'find-own-sign-in',
  text: `
SELECT json_build_object('id', p.id, 'name', p.name) AS provider,
  EXISTS (SELECT FROM identities i WHERE i.user_id = s.user_id) AS "hasOwn",
  least(s.created_at, s.authenticated_at) > now() - interval '15 minutes' AS "isFresh"
FROM organization_sessions s
JOIN sso_providers p ON p.organization_id = s.organization_id AND p.id = s.sso_provider_id
WHERE s.organization_id = $1 AND s.id = $2`,
}
