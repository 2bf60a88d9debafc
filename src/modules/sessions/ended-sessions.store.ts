import type { Statement, Transaction } from '../../platform/database'

/** How many live sessions ended. */
export interface EndedSessions {
  /** Signed-in browsers. */
  accountSessions: number
  /** Sessions of organizations, wherever they are. */
  organizationSessions: number
  /** Refresh tokens of applications that lived by the latter. */
  refreshTokens: number
}

/** Ends one session of a person; an account session takes the ones opened from it along. */
export async function endSession(tx: Transaction, userId: string, sessionId: string): Promise<EndedSessions> {
  return endBoth(tx, END_ACCOUNT_SESSION, END_SESSIONS_OPENED_FROM, [userId, sessionId])
}

/** Ends all sessions of a person but one account session and those opened from it. */
export async function endOtherSessions(tx: Transaction, userId: string, keptId: string): Promise<EndedSessions> {
  return endBoth(tx, END_OTHER_ACCOUNT_SESSIONS, END_OTHER_ORGANIZATION_SESSIONS, [userId, keptId])
}

/** Ends every session of a person in every organization. */
export async function endEverySession(tx: Transaction, userId: string): Promise<EndedSessions> {
  return endBoth(tx, END_EVERY_ACCOUNT_SESSION, END_EVERY_ORGANIZATION_SESSION, [userId])
}

/** Ends every session that was opened with an identity of a person, on the account side and from there. */
export async function endSessionsOfIdentity(
  tx: Transaction,
  userId: string,
  identityId: string,
): Promise<EndedSessions> {
  const ended = await tx.query<{ id: string }>(END_ACCOUNT_SESSIONS_OF_IDENTITY, [userId, identityId])
  const opened = [userId, ended.map(({ id }) => id)]
  const inOrganizations = await tx.asInstallation(() => endInOrganizations(tx, END_SESSIONS_OPENED_FROM_ANY, opened))
  return { accountSessions: ended.length, ...inOrganizations }
}

/** Ends one session that a member has in the organization. @returns false when there is none that is not over */
export async function endSessionOfMember(
  tx: Transaction,
  organizationId: string,
  memberId: string,
  sessionId: string,
): Promise<boolean> {
  return (await tx.execute(END_SESSION_OF_MEMBER, [organizationId, memberId, sessionId])) === 1
}

/** Ends the sessions that a member has in the organization, but one. @returns how many */
export async function endOtherSessionsOfMember(
  tx: Transaction,
  organizationId: string,
  memberId: string,
  keptId: string,
): Promise<number> {
  return tx.execute(END_OTHER_SESSIONS_OF_MEMBER, [organizationId, memberId, keptId])
}

// The account side first: whoever opens a session holds it, so the second statement sees what was opened meanwhile.
async function endBoth(
  tx: Transaction,
  onAccountSide: Statement,
  inOrganizations: Statement,
  values: readonly string[],
): Promise<EndedSessions> {
  const accountSessions = await tx.execute(onAccountSide, values)
  return { accountSessions, ...(await tx.asInstallation(() => endInOrganizations(tx, inOrganizations, values))) }
}

async function endInOrganizations(
  tx: Transaction,
  statement: Statement,
  values: readonly unknown[],
): Promise<Omit<EndedSessions, 'accountSessions'>> {
  const [ended] = await tx.query<Omit<EndedSessions, 'accountSessions'>>(statement, values)
  return ended!
}

const END_ACCOUNT = 'UPDATE account_sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL'

// Refresh tokens need no statement of their own: none works without its session.
function endedWhere(condition: string): string {
  return `
WITH ended AS (
  UPDATE organization_sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL ${condition}
  RETURNING organization_id, id
)
SELECT (SELECT count(*)::int FROM ended) AS "organizationSessions", (
  SELECT count(*)::int FROM ended JOIN refresh_tokens r ON r.organization_id = ended.organization_id AND r.session_id = ended.id
  WHERE r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > now()
) AS "refreshTokens"`
}

const END_ACCOUNT_SESSION: Statement = { name: 'end-account-session', text: `${END_ACCOUNT} AND id = $2` }
const END_SESSIONS_OPENED_FROM: Statement = {
  name: 'end-sessions-opened-from',
  text: endedWhere('AND (id = $2 OR account_session_id = $2)'),
}
const END_OTHER_ACCOUNT_SESSIONS: Statement = {
  name: 'end-other-account-sessions',
  text: `${END_ACCOUNT} AND id <> $2`,
}
const END_OTHER_ORGANIZATION_SESSIONS: Statement = {
  name: 'end-other-organization-sessions',
  text: endedWhere('AND account_session_id IS DISTINCT FROM $2'),
}
const END_EVERY_ACCOUNT_SESSION: Statement = { name: 'end-every-account-session', text: END_ACCOUNT }
const END_EVERY_ORGANIZATION_SESSION: Statement = {
  name: 'end-every-organization-session',
  text: endedWhere(''),
}
const END_ACCOUNT_SESSIONS_OF_IDENTITY: Statement = {
  name: 'end-account-sessions-of-identity',
  text: `${END_ACCOUNT} AND identity_id = $2 RETURNING id`,
}
const END_SESSIONS_OPENED_FROM_ANY: Statement = {
  name: 'end-sessions-opened-from-any',
  text: endedWhere('AND account_session_id = ANY ($2::uuid[])'),
}
const END_OF_MEMBER = `
UPDATE organization_sessions SET revoked_at = now()
WHERE organization_id = $1 AND member_id = $2 AND revoked_at IS NULL`
const END_SESSION_OF_MEMBER: Statement = { name: 'end-session-of-member', text: `${END_OF_MEMBER} AND id = $3` }
const END_OTHER_SESSIONS_OF_MEMBER: Statement = {
  name: 'end-other-sessions-of-member',
  text: `${END_OF_MEMBER} AND id <> $3`,
}
