import type { AccountSession, OrganizationSession } from '../../access'
import type { Statement, Transaction } from '../../platform/database'

/** The joined member that somebody is who has signed in within the last quarter of an hour; null otherwise. */
export async function findMemberToLink(
  tx: Transaction,
  organizationId: string,
  actor: AccountSession | OrganizationSession,
): Promise<string | null> {
  const statement = actor.kind === 'account' ? FIND_BY_ACCOUNT_SESSION : FIND_BY_ORGANIZATION_SESSION
  const [row] = await tx.query<{ id: string }>(statement, [organizationId, actor.userId, actor.sessionId])
  return row?.id ?? null
}

const FIND = `
SELECT m.id FROM members m
WHERE m.organization_id = $1 AND m.user_id = $2 AND m.status = 'JOINED' AND EXISTS (
  SELECT FROM %SESSIONS% s WHERE %KEY% s.id = $3 AND s.created_at > now() - interval '15 minutes')`
const FIND_BY_ACCOUNT_SESSION: Statement = {
  name: 'find-member-to-link-by-account',
  text: FIND.replace('%SESSIONS%', 'account_sessions').replace('%KEY%', ''),
}
const FIND_BY_ORGANIZATION_SESSION: Statement = {
  name: 'find-member-to-link-by-session',
  text: FIND.replace('%SESSIONS%', 'organization_sessions').replace('%KEY%', 's.organization_id = $1 AND'),
}
