import type { SetupActor } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { permissionsOfIntents, type SetupIntent } from './setup-link.model'

/** A set-up link without its secret. */
export interface SetupLinkRow {
  id: string
  intents: SetupIntent[]
  /** Who becomes Admin at the first sign-in through the company, while the organization has none. */
  firstAdminEmail: string | null
  createdByName: string
  createdAt: Date
  expiresAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** A link about to be written. */
export interface NewSetupLink {
  id: string
  tokenHash: Buffer
  intents: readonly SetupIntent[]
  firstAdminEmail: string | null
  createdById: string | null
  createdByName: string
  expiresAt: Date
}

export async function insertSetupLink(tx: Transaction, organizationId: string, link: NewSetupLink): Promise<void> {
  const { id, tokenHash, intents, firstAdminEmail, createdById, createdByName, expiresAt } = link
  const values = [organizationId, id, tokenHash, intents, firstAdminEmail, createdById, createdByName, expiresAt]
  await tx.execute(INSERT_LINK, values)
}

/** The links that still work, newest first, at most 100. */
export async function findSetupLinks(tx: Transaction, organizationId: string): Promise<SetupLinkRow[]> {
  return tx.query<SetupLinkRow>(FIND_LINKS, [organizationId])
}

/** One link, also one that does not work any more. */
export async function findSetupLinkRow(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<SetupLinkRow | null> {
  const [row] = await tx.query<SetupLinkRow>(FIND_LINK, [organizationId, id])
  return row ?? null
}

/** @returns false when there is no such link that works */
export async function revokeLink(tx: Transaction, organizationId: string, id: string): Promise<boolean> {
  return (await tx.execute(REVOKE_LINK, [organizationId, id])) === 1
}

/** Who holds a link that works, in an active organization. Opening it uses nothing up. */
export async function findSetupActor(
  tx: Transaction,
  organizationId: string,
  tokenHash: Buffer,
): Promise<SetupActor | null> {
  const [row] = await tx.query<{ id: string; intents: SetupIntent[]; made_by: string; is_idle: boolean }>(FIND_ACTOR, [
    organizationId,
    tokenHash,
  ])
  if (!row) return null
  const { id, intents, made_by: madeByName, is_idle: isIdle } = row
  return { kind: 'setup', linkId: id, organizationId, madeByName, permissions: permissionsOfIntents(intents), isIdle }
}

/** Notes that a link is in use, to the hour. */
export async function markSetupLinkUsed(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(MARK_USED, [organizationId, id])
}

/** Whether the organization has no Admin, and a link that was not revoked says that this address is to be the first. */
export async function isFirstAdmin(tx: Transaction, organizationId: string, email: string): Promise<boolean> {
  return (await tx.query(IS_FIRST_ADMIN, [organizationId, email])).length > 0
}

const INSERT_LINK: Statement = {
  name: 'insert-setup-link',
  text: `
INSERT INTO setup_links (organization_id, id, token_hash, intents, first_admin_email, created_by_id, created_by_name, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
}
const COLUMNS = `
SELECT id, intents, first_admin_email AS "firstAdminEmail", created_by_name AS "createdByName", created_at AS "createdAt",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"
FROM setup_links WHERE organization_id = $1`
const FIND_LINKS: Statement = {
  name: 'find-setup-links',
  text: `${COLUMNS} AND revoked_at IS NULL AND expires_at > now() ORDER BY created_at DESC, id DESC LIMIT 100`,
}
const FIND_LINK: Statement = { name: 'find-setup-link', text: `${COLUMNS} AND id = $2` }
const REVOKE_LINK: Statement = {
  name: 'revoke-setup-link',
  text: `UPDATE setup_links SET revoked_at = now() WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL`,
}
const FIND_ACTOR: Statement = {
  name: 'find-setup-actor',
  text: `
SELECT l.id, l.intents, l.created_by_name AS made_by,
  l.last_used_at IS NULL OR l.last_used_at < now() - interval '1 hour' AS is_idle
FROM setup_links l JOIN organizations o ON o.organization_id = l.organization_id AND o.status = 'ACTIVE'
WHERE l.organization_id = $1 AND l.token_hash = $2 AND l.revoked_at IS NULL AND l.expires_at > now()`,
}
const MARK_USED: Statement = {
  name: 'mark-setup-link-used',
  text: `
UPDATE setup_links SET last_used_at = now()
WHERE organization_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 hour')`,
}
const IS_FIRST_ADMIN: Statement = {
  name: 'is-first-admin',
  text: `
SELECT FROM organization_counters c JOIN setup_links l ON l.organization_id = c.organization_id
WHERE c.organization_id = $1 AND c.admins = 0 AND l.first_admin_email = $2 AND l.revoked_at IS NULL`,
}
