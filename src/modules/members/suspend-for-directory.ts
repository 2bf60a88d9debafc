import { Pending, type WriteContext } from '../../access'
import type { Statement } from '../../platform/database'
import { countersBetween, memberTarget } from './end-membership'
import { suspended } from './end-membership.store'
import type { HeldMember } from './locked-member.store'

/**
 * Suspends one member because a directory says so, as `endMembership` does, where it is known ahead what ends: everything
 * is asked and recorded when it returns.
 *
 * @param member  locked, JOINED, no Admin, with an account and without a key that is not revoked; in an organization whose
 *   members come by SSO, so that they are blocked in any case
 */
export function suspendForDirectory(context: WriteContext, member: HeldMember, reason: string): Pending<void> {
  const { tx, organizationId } = context
  const written = tx.execute(SUSPEND_AND_BLOCK, [organizationId, member.id, member.userId, reason])
  context.count(countersBetween(member, 'JOINED', 'SUSPENDED'))
  context.audit({
    action: 'member.suspended',
    targets: [memberTarget(member)],
    changes: [
      { field: 'status', before: 'JOINED', after: 'SUSPENDED' },
      { field: 'isBlocked', before: false, after: true },
    ],
  })
  return new Pending(written.then(() => {}))
}

// The parts of `suspend-members` and `block-members` that are left, without lists and without a receipt, which nobody reads.
const suspendAndBlock = (member: string, user: string, blocks: string): string => `
WITH ${suspended(member)}, sessions AS (
  UPDATE organization_sessions SET revoked_at = now()
  WHERE organization_id = $1 AND member_id = ${member} AND revoked_at IS NULL
  RETURNING id
), refreshes AS (
  UPDATE refresh_tokens t SET revoked_at = now() FROM sessions
  WHERE t.organization_id = $1 AND t.session_id = sessions.id AND t.revoked_at IS NULL
), memberships AS (
  UPDATE user_memberships SET status = 'SUSPENDED' WHERE organization_id = $1 AND user_id = ${user}
)
INSERT INTO member_tombstones (organization_id, id, member_id, user_id, sso_provider_id, subject, reason)
${blocks}
ON CONFLICT DO NOTHING`
const SUSPEND_AND_BLOCK: Statement = {
  name: 'suspend-and-block-member',
  text: suspendAndBlock(
    '$2',
    '$3',
    `SELECT $1, gen_random_uuid(), $2, $3, NULL, NULL, 'DIRECTORY'
UNION ALL
SELECT $1, gen_random_uuid(), $2, $3, i.sso_provider_id, i.subject, 'DIRECTORY'
FROM sso_identities i WHERE i.organization_id = $1 AND i.member_id = $2`,
  ),
  many: {
    name: 'suspend-and-block-members',
    lists: [1, 2],
    text: suspendAndBlock(
      'ANY($2::uuid[])',
      'ANY($3::uuid[])',
      `SELECT $1, gen_random_uuid(), a.member_id, a.user_id, NULL, NULL, 'DIRECTORY' FROM unnest($2::uuid[], $3::uuid[]) AS a(member_id, user_id)
UNION ALL
SELECT $1, gen_random_uuid(), a.member_id, a.user_id, i.sso_provider_id, i.subject, 'DIRECTORY'
FROM unnest($2::uuid[], $3::uuid[]) AS a(member_id, user_id)
JOIN sso_identities i ON i.organization_id = $1 AND i.member_id = a.member_id`,
    ),
  },
}
