import { SYSTEM_ROLES } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { MemberEntity, type MemberSource } from './member.entity'
import { searchable } from './member-search-text'

/** A person about to be in an organization. */
export interface JoiningPerson {
  userId: string
  name: string
  email: string
}

/**
 * Makes the founder of a new organization its first member.
 * @returns the member's id
 * @throws OTHER_ORGANIZATION  when the installation allows one organization per person and this person has one
 */
export async function insertFounder(
  tx: Transaction,
  organizationId: string,
  roleId: string,
  person: JoiningPerson,
): Promise<string> {
  const id = newId()
  const joinedAt = new Date()
  await tx.entities.insert(MemberEntity, {
    organizationId,
    id,
    userId: person.userId,
    name: person.name,
    email: person.email,
    status: 'JOINED',
    source: 'FOUNDER',
    roleId,
    joinedAt,
  })
  await tx.execute(MAKE_FOUNDER_SEARCHABLE, [organizationId, id])
  await insertUserMembership(tx, {
    organizationId,
    memberId: id,
    userId: person.userId,
    roleKey: SYSTEM_ROLES.ADMIN.key,
  })
  return id
}

/**
 * Writes the account side of a membership that has just begun.
 * @throws OTHER_ORGANIZATION  when the installation allows one organization per person and this person has one
 */
export async function insertUserMembership(
  tx: Transaction,
  membership: { organizationId: string; memberId: string; userId: string; roleKey: string },
): Promise<void> {
  const { userId, organizationId, memberId, roleKey } = membership
  await tx.execute(INSERT_USER_MEMBERSHIP, [userId, organizationId, memberId, roleKey]).catch((error: unknown) => {
    if (violatedConstraint(error) !== 'user_memberships_one_organization') throw error
    throw new AppError(
      'OTHER_ORGANIZATION',
      'This account belongs to another organization. Leave it first, or use another account.',
    )
  })
}

/** A member row to be written; its id is made by the caller, who refers to it. */
export interface NewMember {
  id: string
  /** Null while invited. */
  userId: string | null
  /** Normalized. */
  email: string
  name: string
  status: 'INVITED' | 'JOINED'
  source: MemberSource
  roleId: string
}

/**
 * Writes members in one statement and nothing besides them: the account side, counters and audit are the caller's.
 * @param members  at most 1,000
 * @returns the ids that were written; missing are those whose account or address is a member already
 */
export async function insertMembers(
  tx: Transaction,
  organizationId: string,
  members: readonly NewMember[],
): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(INSERT_MEMBERS, [organizationId, JSON.stringify(members)])
  return new Set(rows.map((row) => row.id))
}

/**
 * Writes a joined member together with a new user behind them and the account side, in one statement. A new user is
 * nobody's member, so that only the address can be taken.
 * @returns  false when it is: then the transaction must not be committed
 */
export async function insertMemberWithUser(
  tx: Transaction,
  organizationId: string,
  member: NewMember & { readonly userId: string },
  roleKey: string,
): Promise<boolean> {
  const { id, userId, name, email, source, roleId } = member
  return (
    (await tx.execute(INSERT_MEMBER_WITH_USER, [organizationId, id, userId, name, email, source, roleId, roleKey])) > 0
  )
}

/**
 * Turns an invited member into a joined one.
 * @returns null when the member is not invited
 * @throws ALREADY_MEMBER  when the account is another member of the organization
 */
export async function joinInvitedMember(
  tx: Transaction,
  organizationId: string,
  memberId: string,
  person: Omit<JoiningPerson, 'email'>,
): Promise<{ epoch: number; roleKey: string; email: string } | null> {
  const [row] = await tx
    .query<{ epoch: number; roleKey: string; email: string }>(JOIN_INVITED_MEMBER, [
      organizationId,
      memberId,
      person.userId,
      person.name,
    ])
    .catch((error: unknown) => {
      if (violatedConstraint(error) !== 'members_one_per_user') throw error
      throw new AppError('ALREADY_MEMBER', 'You are a member of this organization already, under another address.')
    })
  return row ?? null
}

/** The status of whoever holds the place of this account or address; null when nobody does. */
export async function findMemberStatusFor(
  tx: Transaction,
  organizationId: string,
  userId: string,
  email: string,
): Promise<string | null> {
  const [row] = await tx.query<{ status: string }>(FIND_MEMBER_STATUS_FOR, [organizationId, userId, email])
  return row?.status ?? null
}

/**
 * Turns suspended members into joined ones, and lifts what kept them from coming in by a sign-in. Their epoch stays: the
 * sessions of the time before are revoked.
 * @param byName  who lifts it, or null for the directory
 */
export async function reactivateMemberRows(
  tx: Transaction,
  organizationId: string,
  members: readonly { id: string; userId: string | null }[],
  byName: string | null,
): Promise<void> {
  const [first, ...more] = members
  if (first && more.length === 0) {
    await tx.execute(REACTIVATE_MEMBER, [organizationId, first.id, first.userId, byName])
    return
  }
  await tx.execute(REACTIVATE_MEMBERS, [
    organizationId,
    members.map((member) => member.id),
    members.flatMap((member) => member.userId ?? []),
    byName,
  ])
}

/** Writes the role of members, on their rows and on the account side. */
export async function setMemberRoleRows(
  tx: Transaction,
  organizationId: string,
  members: readonly { id: string; userId: string | null }[],
  role: { id: string; key: string },
): Promise<void> {
  await tx.execute(SET_MEMBERS_ROLE, [
    organizationId,
    members.map((member) => member.id),
    members.flatMap((member) => member.userId ?? []),
    role.id,
    role.key,
  ])
}

/** Writes the name and address of a member. */
export async function writeMemberProfile(
  tx: Transaction,
  organizationId: string,
  member: { id: string; name: string; email: string },
): Promise<void> {
  await tx.execute(WRITE_MEMBER_PROFILE, [organizationId, member.id, member.name, member.email])
}

const WRITE_MEMBER_PROFILE: Statement = {
  name: 'write-member-profile',
  text: `
WITH written AS (
  UPDATE members SET name = $3, email = $4, version = version + 1, updated_at = now()
  WHERE organization_id = $1 AND id = $2
  RETURNING id, name, email
), ${searchable('written')}
SELECT FROM written`,
}

const FIND_MEMBER_STATUS_FOR: Statement = {
  name: 'find-member-status-for',
  text: `
SELECT status FROM members
WHERE organization_id = $1 AND status <> 'REMOVED' AND (user_id = $2 OR email = $3)
ORDER BY user_id = $2 DESC NULLS LAST LIMIT 1`,
}

const reactivate = (members: string, users: string): string => `
WITH reactivated AS (
  UPDATE members
  SET status = 'JOINED', suspended_at = NULL, suspension_reason = NULL, version = version + 1, updated_at = now()
  WHERE organization_id = $1 AND id = ${members}
), lifted AS (
  UPDATE member_tombstones SET lifted_at = now(), lifted_by_name = $4
  WHERE organization_id = $1 AND lifted_at IS NULL AND member_id = ${members}
)
UPDATE user_memberships SET status = 'JOINED' WHERE organization_id = $1 AND user_id = ${users}`

const REACTIVATE_MEMBERS: Statement = {
  name: 'reactivate-members',
  text: reactivate('ANY($2::uuid[])', 'ANY($3::uuid[])'),
}
/** Without lists, for which PostgreSQL would plan anew each time. */
const REACTIVATE_MEMBER: Statement = { name: 'reactivate-member', text: reactivate('$2', '$3') }

const SET_MEMBERS_ROLE: Statement = {
  name: 'set-members-role',
  text: `
WITH changed AS (
  UPDATE members SET role_id = $4, version = version + 1, updated_at = now()
  WHERE organization_id = $1 AND id = ANY($2::uuid[])
)
UPDATE user_memberships SET role_key = $5 WHERE organization_id = $1 AND user_id = ANY($3::uuid[])`,
}

const MAKE_FOUNDER_SEARCHABLE: Statement = {
  name: 'make-founder-searchable',
  text: `
WITH founder AS (
  SELECT id, name, email FROM members WHERE organization_id = $1 AND id = $2
), ${searchable('founder')}
SELECT FROM founder`,
}

const INSERT_MEMBERS: Statement = {
  name: 'insert-members',
  text: `
WITH written AS (
  INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at)
  SELECT $1, m.id, m."userId", m.email, m.name, m.status, m.source, m."roleId",
         CASE WHEN m.status = 'JOINED' THEN now() END
  FROM jsonb_to_recordset($2::jsonb) AS m(id uuid, "userId" uuid, email text, name text, status text, source text, "roleId" uuid)
  ON CONFLICT DO NOTHING
  RETURNING id, name, email
), ${searchable('written')}
SELECT id FROM written`,
}

const INSERT_MEMBER_WITH_USER: Statement = {
  name: 'insert-member-with-user',
  text: `
WITH account AS (
  INSERT INTO users (id, name, email) VALUES ($3, $4, $5)
), membership AS (
  INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
  SELECT $3, $1, $2, 'JOINED', $8, exclusive_membership, now() FROM installation
), written AS (
  INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at)
  VALUES ($1, $2, $3, $5, $4, 'JOINED', $6, $7, now())
  ON CONFLICT DO NOTHING
  RETURNING id, name, email
), ${searchable('written')}
SELECT FROM written`,
  many: {
    name: 'insert-members-with-users',
    lists: [1, 2, 3, 4],
    text: `
WITH asked AS MATERIALIZED (
  SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) WITH ORDINALITY AS a(id, user_id, name, email, n)
), account AS (
  INSERT INTO users (id, name, email) SELECT user_id, name, email FROM asked
), membership AS (
  INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
  SELECT asked.user_id, $1, asked.id, 'JOINED', $8, exclusive_membership, now() FROM installation CROSS JOIN asked
), written AS (
  INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at)
  SELECT $1, id, user_id, email, name, 'JOINED', $6, $7::uuid, now() FROM asked
  ON CONFLICT DO NOTHING
  RETURNING id, name, email
), ${searchable('written')}
SELECT asked.n::int AS n FROM asked JOIN written ON written.id = asked.id`,
  },
}

const JOIN_INVITED_MEMBER: Statement = {
  name: 'join-invited-member',
  text: `
WITH joined AS (
  UPDATE members m
  SET status = 'JOINED', user_id = $3, name = coalesce(nullif($4, ''), m.name), joined_at = now(),
      epoch = m.epoch + 1, version = m.version + 1, updated_at = now()
  FROM roles r
  WHERE m.organization_id = $1 AND m.id = $2 AND m.status = 'INVITED'
    AND r.organization_id = m.organization_id AND r.id = m.role_id
  RETURNING m.id, m.name, m.email, m.epoch, r.key AS "roleKey"
), ${searchable('joined')}
SELECT epoch, "roleKey", email FROM joined`,
}

const INSERT_USER_MEMBERSHIP: Statement = {
  name: 'insert-user-membership',
  text: `
INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
SELECT $1, $2, $3, 'JOINED', $4, exclusive_membership, now() FROM installation`,
}

/** The joined member that a person is in an organization, or null. */
export async function findJoinedMember(
  tx: Transaction,
  organizationId: string,
  userId: string,
): Promise<{ memberId: string; memberEpoch: number; roleId: string; roleKey: string } | null> {
  const [row] = await tx.query<{ id: string; epoch: number; role_id: string; role_key: string }>(FIND_JOINED_MEMBER, [
    organizationId,
    userId,
  ])
  return row ? { memberId: row.id, memberEpoch: row.epoch, roleId: row.role_id, roleKey: row.role_key } : null
}

const FIND_JOINED_MEMBER: Statement = {
  name: 'find-joined-member',
  text: `
SELECT m.id, m.epoch, m.role_id, r.key AS role_key
FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
WHERE m.organization_id = $1 AND m.user_id = $2 AND m.status = 'JOINED'`,
}
