import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import type { StoredInvitationStatus } from './invitation.entity'

/** EXPIRED is PENDING whose time is over, by the clock of the database. */
export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'DECLINED' | 'EXPIRED' | 'REVOKED'

/** An invitation with the role that was prepared for the person. */
export interface InvitationRow {
  id: string
  memberId: string
  email: string
  status: InvitationStatus
  roleId: string
  roleKey: string
  roleName: string
  message: string | null
  invitedByName: string
  sendEmail: boolean
  sendCount: number
  lastSentAt: Date | null
  deliveryError: string | null
  createdAt: Date
  expiresAt: Date
}

/** Which invitations a list shows. */
export interface InvitationFilter {
  /** Part of the address, lower case; empty for all. */
  search: string
  status: readonly InvitationStatus[]
}

/** @returns  by id; ids that do not exist in this tenant are left out */
export async function findInvitations(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, InvitationRow>> {
  const rows = await tx.query<InvitationRow>(FIND_INVITATIONS, [organizationId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

/** The newest invitation of each member, by member id. */
export async function findInvitationsOfMembers(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
): Promise<Map<string, InvitationRow>> {
  const rows = await tx.query<InvitationRow>(FIND_INVITATIONS_OF_MEMBERS, [organizationId, memberIds])
  return new Map(rows.map((row) => [row.memberId, row]))
}

/** @returns  at most `page.size + 1` rows in walking order; forwards is newest first */
export async function listInvitationRows(
  tx: Transaction,
  organizationId: string,
  filter: InvitationFilter,
  page: Page,
): Promise<InvitationRow[]> {
  const [createdAt = null, id = null] = page.cursor ?? []
  const statement = page.direction === 'forwards' ? LIST_INVITATIONS : LIST_INVITATIONS_BACKWARDS
  return tx.query<InvitationRow>(statement, [
    organizationId,
    filter.status,
    likePattern(filter.search),
    createdAt,
    id,
    page.size + 1,
  ])
}

/** @returns  how many invitations match, at most `cap` */
export async function countInvitationRows(
  tx: Transaction,
  organizationId: string,
  filter: InvitationFilter,
  cap: number,
): Promise<number> {
  const values = [organizationId, filter.status, likePattern(filter.search), cap]
  const [row] = await tx.query<{ value: number }>(COUNT_INVITATIONS, values)
  return row!.value
}

/**
 * Gives pending invitations, also expired ones, a new link and a whole new lifetime; the links before it are dead.
 *
 * @param links  one per invitation; the hash is that of the new token
 * @returns  the ids of those that were pending
 */
export async function rotateLinks(
  tx: Transaction,
  organizationId: string,
  links: readonly { id: string; hash: Buffer }[],
): Promise<Set<string>> {
  const asked = links.map(({ id, hash }) => ({ id, token_hash: hash.toString('hex') }))
  const rows = await tx.query<{ id: string }>(ROTATE_LINKS, [organizationId, JSON.stringify(asked)])
  return new Set(rows.map((row) => row.id))
}

/**
 * Ends pending invitations without a membership: the invited member is removed, with the grants and teams prepared for it.
 * @returns  the ids of those that were pending
 */
export async function closeInvitations(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
  status: 'REVOKED' | 'DECLINED',
): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(CLOSE_INVITATIONS, [organizationId, ids, status])
  return new Set(rows.map((row) => row.id))
}

/** An invitation about to be changed. */
export interface LockedInvitation {
  memberId: string
  status: StoredInvitationStatus
  roleId: string
  roleKey: string
}

/** Locks an invitation before it is changed; null when it does not exist. An expired one is still PENDING here. */
export async function lockInvitation(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<LockedInvitation | null> {
  const [row] = await tx.query<LockedInvitation>(LOCK_INVITATION, [organizationId, id])
  return row ?? null
}

/** Notes that the letter of a pending invitation left, or why it could not. */
export async function updateDelivery(
  tx: Transaction,
  organizationId: string,
  invitationId: string,
  error: string | null,
): Promise<void> {
  await tx.execute(UPDATE_DELIVERY, [organizationId, invitationId, error])
}

function likePattern(search: string): string {
  return `%${search.replace(/[\\%_]/g, '\\$&')}%`
}

const STATUS = `CASE WHEN i.status = 'PENDING' AND i.expires_at <= now() THEN 'EXPIRED' ELSE i.status END`

const COLUMNS = `
  i.id, i.member_id AS "memberId", i.email, ${STATUS} AS status, m.role_id AS "roleId", r.key AS "roleKey",
  r.name AS "roleName", i.message, i.invited_by_name AS "invitedByName", i.send_email AS "sendEmail",
  i.send_count AS "sendCount", i.last_sent_at AS "lastSentAt", i.delivery_error AS "deliveryError",
  i.created_at AS "createdAt", i.expires_at AS "expiresAt"`

const TABLES = `
FROM invitations i
JOIN members m ON m.organization_id = i.organization_id AND m.id = i.member_id
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id`

const FIND_INVITATIONS: Statement = {
  name: 'find-invitations',
  text: `SELECT ${COLUMNS} ${TABLES} WHERE i.organization_id = $1 AND i.id = ANY ($2::uuid[])`,
}

const FIND_INVITATIONS_OF_MEMBERS: Statement = {
  name: 'find-invitations-of-members',
  text: `
SELECT DISTINCT ON (i.member_id) ${COLUMNS} ${TABLES}
WHERE i.organization_id = $1 AND i.member_id = ANY ($2::uuid[])
ORDER BY i.member_id, i.created_at DESC, i.id DESC`,
}

const MATCHING = `WHERE i.organization_id = $1 AND ${STATUS} = ANY ($2::text[]) AND i.email LIKE $3`

const LIST_INVITATIONS: Statement = {
  name: 'list-invitations',
  text: `
SELECT ${COLUMNS} ${TABLES} ${MATCHING}
  AND ($4::timestamptz IS NULL OR (i.created_at, i.id) < ($4::timestamptz, $5::uuid))
ORDER BY i.created_at DESC, i.id DESC LIMIT $6`,
}

const LIST_INVITATIONS_BACKWARDS: Statement = {
  name: 'list-invitations-backwards',
  text: `
SELECT ${COLUMNS} ${TABLES} ${MATCHING}
  AND ($4::timestamptz IS NULL OR (i.created_at, i.id) > ($4::timestamptz, $5::uuid))
ORDER BY i.created_at, i.id LIMIT $6`,
}

const COUNT_INVITATIONS: Statement = {
  name: 'count-invitations',
  text: `SELECT count(*)::int AS value FROM (SELECT 1 FROM invitations i ${MATCHING} LIMIT $4) AS counted`,
}

const ROTATE_LINKS: Statement = {
  name: 'rotate-invitation-links',
  text: `
WITH asked AS (
  SELECT id, decode(token_hash, 'hex') AS token_hash FROM jsonb_to_recordset($2::jsonb) AS a(id uuid, token_hash text)
), rotated AS (
  UPDATE invitations i
  SET token_hash = a.token_hash, expires_at = now() + make_interval(days => o.invitation_lifetime_days),
      delivery_error = NULL
  FROM asked a, organizations o
  WHERE o.organization_id = $1 AND i.organization_id = $1 AND i.id = a.id AND i.status = 'PENDING'
  RETURNING i.id, i.expires_at
), prolonged AS (
  UPDATE invitation_addresses a SET expires_at = rotated.expires_at
  FROM rotated WHERE a.organization_id = $1 AND a.invitation_id = rotated.id
)
SELECT id FROM rotated`,
}

const CLOSE_INVITATIONS: Statement = {
  name: 'close-invitations',
  text: `
WITH closed AS (
  UPDATE invitations SET status = $3, organization_mode = NULL, decided_at = now()
  WHERE organization_id = $1 AND id = ANY ($2::uuid[]) AND status = 'PENDING'
  RETURNING id, member_id
), removed AS (
  UPDATE members m SET status = 'REMOVED', removed_at = now(), updated_at = now(), version = version + 1
  FROM closed WHERE m.organization_id = $1 AND m.id = closed.member_id AND m.status = 'INVITED'
), ungranted AS (
  DELETE FROM project_grants g USING closed WHERE g.organization_id = $1 AND g.member_id = closed.member_id
), left_teams AS (
  DELETE FROM team_members tm USING closed
  WHERE tm.organization_id = $1 AND tm.member_id = closed.member_id RETURNING tm.team_id
), counted_off AS (
  UPDATE teams t SET member_count = member_count - fewer.people
  FROM (SELECT team_id, count(*) AS people FROM left_teams GROUP BY team_id) AS fewer
  WHERE t.organization_id = $1 AND t.id = fewer.team_id
), withdrawn AS (
  DELETE FROM invitation_addresses a USING closed WHERE a.organization_id = $1 AND a.invitation_id = closed.id
)
SELECT id FROM closed`,
}

const LOCK_INVITATION: Statement = {
  name: 'lock-invitation',
  text: `
SELECT i.member_id AS "memberId", i.status, m.role_id AS "roleId", r.key AS "roleKey" ${TABLES}
WHERE i.organization_id = $1 AND i.id = $2 FOR UPDATE OF i`,
}

const UPDATE_DELIVERY: Statement = {
  name: 'update-invitation-delivery',
  text: `
UPDATE invitations
SET send_count = send_count + CASE WHEN $3::text IS NULL THEN 1 ELSE 0 END,
    last_sent_at = CASE WHEN $3::text IS NULL THEN now() ELSE last_sent_at END, delivery_error = $3
WHERE organization_id = $1 AND id = $2`,
}
