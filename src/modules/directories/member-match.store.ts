import type { Statement, Transaction } from '../../platform/database'
import type { InDirectory } from './directory-user.store'

/** A member whose address somebody who is pushed has too. */
export interface MatchedMember {
  readonly id: string
  readonly email: string
  /** The directory that provides the member; null for none. */
  readonly directoryId: string | null
  /** What was decided about exactly this match: null when it has not come up. */
  readonly decision: 'OPEN' | 'CONFIRMED' | 'REJECTED' | null
}

/**
 * The members that have one of these normalized addresses, removed ones left out.
 * @param emails  at most two: as a list, PostgreSQL would plan for them anew each time
 */
export async function findMembersByEmail(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  emails: readonly string[],
  userNameKey: string,
): Promise<MatchedMember[]> {
  const [first, second = first] = emails
  if (!first) return []
  return tx.query<MatchedMember>(FIND_MEMBERS_BY_EMAIL, [organizationId, directoryId, first, userNameKey, second])
}

/** A match that an Admin has to decide about. */
export interface NewConflict {
  readonly id: string
  readonly memberId: string
  readonly userName: string
  readonly userNameKey: string
  readonly externalId: string | null
  readonly email: string
  readonly name: string
  readonly reason: 'UNPROVEN_DOMAIN' | 'CONFIRMATION' | 'OTHER_DIRECTORY'
}

/** Notes a conflict, or one more attempt at it. @returns whether it is new */
export async function noteConflict(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  conflict: NewConflict,
): Promise<boolean> {
  const { id, memberId, userName, userNameKey, externalId, email, name, reason } = conflict
  const values = [organizationId, directoryId, id, memberId, userName, userNameKey, externalId, email, name, reason]
  const [row] = await tx.query<{ isNew: boolean }>(NOTE_CONFLICT, values)
  return row!.isNew
}

/** The conflict over this match is over: the member was adopted. */
export async function closeConflict(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  memberId: string,
  userNameKey: string,
): Promise<void> {
  await tx.execute(CLOSE_CONFLICT, [organizationId, directoryId, memberId, userNameKey])
}

const FIND_MEMBERS_BY_EMAIL: Statement = {
  name: 'find-members-by-email',
  text: `
SELECT m.id, m.email, u.directory_id AS "directoryId", c.status AS decision
FROM members m
LEFT JOIN directory_users u ON u.organization_id = m.organization_id AND u.member_id = m.id
LEFT JOIN directory_conflicts c ON c.organization_id = m.organization_id AND c.directory_id = $2 AND c.user_name_key = $4
  AND c.member_id = m.id AND c.status <> 'ADOPTED'
WHERE m.organization_id = $1 AND m.email IN ($3, $5) AND m.status <> 'REMOVED'
ORDER BY m.email <> $3`,
}

const NOTE_CONFLICT: Statement = {
  name: 'note-directory-conflict',
  text: `
INSERT INTO directory_conflicts (organization_id, directory_id, id, member_id, user_name, user_name_key, external_id, email, name, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (organization_id, directory_id, user_name_key, member_id) WHERE status <> 'ADOPTED'
DO UPDATE SET attempts = directory_conflicts.attempts + 1, last_seen_at = now(), external_id = excluded.external_id,
  email = excluded.email, name = excluded.name, reason = excluded.reason
RETURNING attempts = 1 AS "isNew"`,
}

const CLOSE_CONFLICT: Statement = {
  name: 'close-directory-conflict',
  text: `
UPDATE directory_conflicts SET status = 'ADOPTED', last_seen_at = now()
WHERE organization_id = $1 AND directory_id = $2 AND member_id = $3 AND user_name_key = $4 AND status <> 'ADOPTED'`,
}
