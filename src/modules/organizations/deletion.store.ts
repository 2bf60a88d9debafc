import type { Statement, Transaction } from '../../platform/database'
import { OrganizationEntity } from './organization.entity'
import { OrganizationCardEntity } from './organization-card.entity'

/** How long a deleted organization can be brought back. */
export const GRACE_DAYS = 30

/** Marks the organization, on both sides, as waiting for its purge. @returns when that will be */
export async function scheduleDeletion(tx: Transaction, organizationId: string): Promise<Date> {
  const [row] = await tx.query<{ deletion_scheduled_for: Date }>(SCHEDULE_DELETION, [organizationId, GRACE_DAYS])
  const deletionScheduledFor = row!.deletion_scheduled_for
  await tx.entities.update(
    OrganizationCardEntity,
    { organizationId },
    { status: 'PENDING_DELETION', deletionScheduledFor },
  )
  return deletionScheduledFor
}

/** Takes the mark back, on both sides. */
export async function unscheduleDeletion(tx: Transaction, organizationId: string): Promise<void> {
  const active = { status: 'ACTIVE', deletionScheduledFor: null } as const
  await tx.entities.update(
    OrganizationEntity,
    { organizationId },
    { ...active, deletionRequestedAt: null, version: () => 'version + 1', updatedAt: () => 'now()' },
  )
  await tx.entities.update(OrganizationCardEntity, { organizationId }, active)
}

/** What ends at once with an organization. */
export interface RevokedAccess {
  sessionsRevoked: number
  /** Of applications; none works without its session. */
  refreshTokensRevoked: number
}

/** Ends every session of the organization. */
export async function revokeSessionsOfOrganization(tx: Transaction, organizationId: string): Promise<RevokedAccess> {
  const [row] = await tx.query<RevokedAccess>(REVOKE_SESSIONS, [organizationId])
  return row!
}

/** Organizations whose grace period is over, oldest first, at most `limit`. Wants the installation's scope. */
export async function findDueForPurge(tx: Transaction, limit: number): Promise<string[]> {
  const rows = await tx.query<{ organization_id: string }>(FIND_DUE, [limit])
  return rows.map((row) => row.organization_id)
}

/** True when the organization waits for its deletion and the grace period is over. */
export async function isDueForPurge(tx: Transaction, organizationId: string): Promise<boolean> {
  return (await tx.query(IS_DUE, [organizationId])).length > 0
}

/**
 * Deletes everything of an organization, rows of other tables by cascade. What stays: its audit rows and the accounts
 * of its people.
 */
export async function deleteOrganizationRows(tx: Transaction, organizationId: string): Promise<void> {
  for (const statement of PURGE) await tx.execute(statement, [organizationId])
  // Mail that still waits must not leave for an organization that is no more.
  await tx.asInstallation(() => tx.execute(PURGE_MESSAGES, [organizationId]))
}

const SCHEDULE_DELETION: Statement = {
  name: 'schedule-deletion',
  text: `
UPDATE organizations SET status = 'PENDING_DELETION', deletion_requested_at = now(),
  deletion_scheduled_for = now() + make_interval(days => $2), version = version + 1, updated_at = now()
WHERE organization_id = $1 RETURNING deletion_scheduled_for`,
}

const REVOKE_SESSIONS: Statement = {
  name: 'revoke-sessions-of-organization',
  text: `
WITH revoked AS (
  UPDATE organization_sessions SET revoked_at = now() WHERE organization_id = $1 AND revoked_at IS NULL RETURNING id
)
SELECT count(*)::int AS "sessionsRevoked", (
  SELECT count(*)::int FROM refresh_tokens t JOIN revoked s ON s.id = t.session_id
  WHERE t.organization_id = $1 AND t.used_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > now()
) AS "refreshTokensRevoked"
FROM revoked`,
}

const FIND_DUE: Statement = {
  name: 'find-organizations-due-for-purge',
  text: `
SELECT organization_id FROM organizations
WHERE status = 'PENDING_DELETION' AND deletion_scheduled_for <= now() ORDER BY deletion_scheduled_for LIMIT $1`,
}

const IS_DUE: Statement = {
  name: 'is-organization-due-for-purge',
  text: `
SELECT FROM organizations
WHERE organization_id = $1 AND status = 'PENDING_DELETION' AND deletion_scheduled_for <= now()`,
}

// Members before roles: a role cannot go while somebody has it; directories before teams, which mirror their groups. The
// organization takes along what is left.
const PURGE: readonly Statement[] = [
  'directories',
  'invitation_addresses',
  'user_join_requests',
  'user_memberships',
  'members',
  'organization_slugs',
  'organization_cards',
  'verified_domains',
  'sso_provider_lookups',
  'directory_lookups',
  'organizations',
].map((table) => ({
  name: `purge-${table.replaceAll('_', '-')}`,
  text: `DELETE FROM ${table} WHERE organization_id = $1`,
}))

const PURGE_MESSAGES: Statement = {
  name: 'purge-outbox-messages',
  text: 'DELETE FROM outbox_messages WHERE organization_id = $1',
}
