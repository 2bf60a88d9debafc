import type { WriteContext } from '../../access'
import type { Statement } from '../../platform/database'
import { memberTarget } from './end-membership'
import { searchable } from './member-search-text'

/** What an identity provider says of a member now. */
export interface MemberProfile {
  /** Empty to keep the one there is. */
  readonly name: string
  /** Normalized; null to keep the one there is. */
  readonly email: string | null
  /** Null to keep the one there is. */
  readonly avatarUrl: string | null
}

/** A member as the profile finds it. */
interface KnownMember {
  id: string
  userId: string
  name: string
  email: string
  avatarUrl: string | null
}

/**
 * Takes a profile over from the identity provider: onto the member, and onto the user when nothing but this organization
 * has made it. An address that another member has is left to them.
 */
export async function takeOverProfile(
  context: WriteContext,
  organizationId: string,
  member: KnownMember,
  profile: MemberProfile,
): Promise<void> {
  const wanted = {
    name: profile.name || member.name,
    email: profile.email ?? member.email,
    avatarUrl: profile.avatarUrl ?? member.avatarUrl,
  }
  const fields = ['name', 'email', 'avatarUrl'] as const
  if (fields.every((field) => wanted[field] === member[field])) return
  const values = [organizationId, member.id, wanted.name, wanted.email, wanted.avatarUrl, member.userId]
  const [after] = await context.tx.query<typeof wanted>(TAKE_OVER, values)
  const changes = fields.flatMap((field) =>
    after && after[field] !== member[field] ? [{ field, before: member[field], after: after[field] }] : [],
  )
  if (changes.length > 0)
    context.audit({ action: 'member.profile.updated', targets: [memberTarget({ ...member, ...after })], changes })
}

const TAKE_OVER: Statement = {
  name: 'take-over-profile',
  text: `
WITH member AS (
  UPDATE members m
  SET name = $3, avatar_url = $5, version = version + 1, updated_at = now(), email = CASE WHEN EXISTS (
    SELECT FROM members other
    WHERE other.organization_id = $1 AND other.email = $4 AND other.status <> 'REMOVED' AND other.id <> $2
  ) THEN m.email ELSE $4 END
  WHERE m.organization_id = $1 AND m.id = $2
  RETURNING m.id, m.name, m.email, m.avatar_url AS "avatarUrl"
), ${searchable('member')}, account AS (
  UPDATE users u SET name = member.name, email = member.email, avatar_url = member."avatarUrl", updated_at = now() FROM member
  WHERE u.id = $6 AND NOT EXISTS (SELECT FROM identities i WHERE i.user_id = u.id)
    AND NOT EXISTS (SELECT FROM user_memberships um WHERE um.user_id = u.id AND um.organization_id <> $1)
)
SELECT name, email, "avatarUrl" FROM member`,
}
