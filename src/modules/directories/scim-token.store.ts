import { type Actor, actorLabel, actorUserId } from '../../access'
import { newId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import type { Statement, Transaction } from '../../platform/database'
import { tokenPreview } from './scim-token.model'

/** A token that is not revoked, as people see it. */
export interface ScimTokenRow {
  id: string
  directoryId: string
  preview: string
  /** One of two. */
  place: number
  createdByName: string
  createdAt: Date
  expiresAt: Date
  /** To ten seconds. */
  lastUsedAt: Date | null
  lastUsedIp: string | null
}

/** Makes a token in one of the two places of a directory. @returns  its id, and the secret, which is shown once */
export async function insertScimToken(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  place: number,
  expiresAt: Date,
  actor: Actor,
): Promise<{ id: string; secret: string }> {
  const id = newId()
  const { token, hash } = makeToken('scim', organizationId)
  const maker = [actorUserId(actor), actorLabel(actor)]
  await tx.execute(INSERT, [organizationId, id, directoryId, hash, tokenPreview(token), place, expiresAt, ...maker])
  return { id, secret: token }
}

/** One token that is not revoked, or null. */
export async function findScimToken(tx: Transaction, organizationId: string, id: string): Promise<ScimTokenRow | null> {
  const [row] = await tx.query<ScimTokenRow>(FIND, [organizationId, id])
  return row ?? null
}

/** The tokens of directories that are not revoked, expired ones too, oldest first. */
export async function findScimTokens(
  tx: Transaction,
  organizationId: string,
  directoryIds: readonly string[],
): Promise<ScimTokenRow[]> {
  return tx.query<ScimTokenRow>(FIND_OF_DIRECTORIES, [organizationId, directoryIds])
}

/** Ends a token for good. */
export async function revokeScimTokenRow(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(REVOKE, [organizationId, id])
}

const INSERT: Statement = {
  name: 'insert-scim-token',
  text: `
INSERT INTO scim_tokens (organization_id, id, directory_id, token_hash, preview, place, expires_at, created_by_id, created_by_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
}
const TOKENS = `
SELECT id, directory_id AS "directoryId", preview, place, created_by_name AS "createdByName", created_at AS "createdAt",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt", last_used_ip AS "lastUsedIp"
FROM scim_tokens WHERE organization_id = $1 AND revoked_at IS NULL`
const FIND: Statement = { name: 'find-scim-token', text: `${TOKENS} AND id = $2` }
const FIND_OF_DIRECTORIES: Statement = {
  name: 'find-scim-tokens',
  text: `${TOKENS} AND directory_id = ANY ($2::uuid[]) ORDER BY id`,
}
const REVOKE: Statement = {
  name: 'revoke-scim-token',
  text: 'UPDATE scim_tokens SET revoked_at = now() WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL',
}
