import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'

/** Who saw to it that somebody does not come back by signing in. */
export type BlockReason = 'ADMIN' | 'DIRECTORY'

/** Somebody who does not become a member again by signing in, until an Admin or the directory lifts it. */
export interface MemberBlock {
  id: string
  memberId: string
  reason: BlockReason
  blockedAt: Date
  /** Connections of which a subject is blocked as well. */
  connections: string[]
}

/**
 * Leaves tombstones for people who are linked to an account: one for the person, and one for each subject by which they
 * have signed in. Where members come by invitation, only people who have ever signed in by a connection need them.
 * @returns the ids of the members that are blocked by it
 */
export async function blockMembers(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
  reason: BlockReason,
): Promise<Set<string>> {
  const rows = await tx.query<{ member_id: string }>(BLOCK_MEMBERS, [organizationId, memberIds, reason])
  return new Set(rows.map((row) => row.member_id))
}

/**
 * Lifts what stands against members, and against the accounts behind them.
 * @param byName  who lifts it, or null for the directory
 * @returns how many tombstones stood until now
 */
export async function liftMemberBlocks(
  tx: Transaction,
  organizationId: string,
  { memberIds = [], userIds = [] }: { memberIds?: readonly string[]; userIds?: readonly string[] },
  byName: string | null,
): Promise<number> {
  return tx.execute(LIFT_BLOCKS, [organizationId, memberIds, userIds, byName])
}

/** Blocked people, latest first. */
export async function listMemberBlockRows(tx: Transaction, organizationId: string, page: Page): Promise<MemberBlock[]> {
  const [blockedAt = null, id = null] = page.cursor ?? []
  const statement = page.direction === 'forwards' ? LIST_BLOCKS : LIST_BLOCKS_BACKWARDS
  return tx.query<MemberBlock>(statement, [organizationId, blockedAt, id, page.size + 1])
}

/** The connections that would make members of people whom the identity provider lets in, oldest first. */
export async function findAdmittingConnections(tx: Transaction, organizationId: string): Promise<string[]> {
  return (await tx.query<{ name: string }>(FIND_ADMITTING_CONNECTIONS, [organizationId])).map(({ name }) => name)
}

const BLOCK_MEMBERS: Statement = {
  name: 'block-members',
  text: `
WITH people AS (
  SELECT m.id, m.user_id FROM members m JOIN organizations o ON o.organization_id = m.organization_id
  WHERE m.organization_id = $1 AND m.id = ANY ($2::uuid[]) AND m.user_id IS NOT NULL
    AND (o.membership_mode = 'SSO'
      OR EXISTS (SELECT FROM sso_identities i WHERE i.organization_id = $1 AND i.member_id = m.id))
), blocked AS (
  INSERT INTO member_tombstones (organization_id, id, member_id, user_id, sso_provider_id, subject, reason)
  SELECT $1, gen_random_uuid(), id, user_id, NULL, NULL, $3 FROM people
  UNION ALL
  SELECT $1, gen_random_uuid(), people.id, people.user_id, i.sso_provider_id, i.subject, $3
  FROM people JOIN sso_identities i ON i.organization_id = $1 AND i.member_id = people.id
  ON CONFLICT DO NOTHING
)
SELECT id AS member_id FROM people`,
}

const LIFT_BLOCKS: Statement = {
  name: 'lift-member-blocks',
  text: `
UPDATE member_tombstones SET lifted_at = now(), lifted_by_name = $4
WHERE organization_id = $1 AND lifted_at IS NULL AND (member_id = ANY ($2::uuid[]) OR user_id = ANY ($3::uuid[]))`,
}

const listBlocks = (comparison: string, order: string): string => `
SELECT t.id, t.member_id AS "memberId", t.reason, t.created_at AS "blockedAt", ARRAY(
    SELECT DISTINCT p.name FROM member_tombstones s
    JOIN sso_providers p ON p.organization_id = s.organization_id AND p.id = s.sso_provider_id
    WHERE s.organization_id = $1 AND s.member_id = t.member_id AND s.lifted_at IS NULL ORDER BY p.name
  ) AS connections
FROM member_tombstones t
WHERE t.organization_id = $1 AND t.lifted_at IS NULL AND t.sso_provider_id IS NULL
  AND ($2::timestamptz IS NULL OR (t.created_at, t.id) ${comparison} ($2, $3::uuid))
ORDER BY t.created_at ${order}, t.id ${order} LIMIT $4`

const LIST_BLOCKS: Statement = { name: 'list-member-blocks', text: listBlocks('<', 'DESC') }
const LIST_BLOCKS_BACKWARDS: Statement = { name: 'list-member-blocks-backwards', text: listBlocks('>', 'ASC') }

const FIND_ADMITTING_CONNECTIONS: Statement = {
  name: 'find-admitting-connections',
  text: `
SELECT name FROM sso_providers WHERE organization_id = $1 AND status = 'ACTIVE' AND just_in_time ORDER BY created_at, id`,
}
