import { type KeyActor, type KeyOwner, permissionsOfRole } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { listedPermissions } from '../roles'

/**
 * Who acts with the key that has this token hash. Null when the key was revoked or expired, when its owner may not act
 * (a member who is not joined or was changed since, a disabled account or service account), or when the organization
 * waits for its deletion.
 * @param holds  keeps a member behind it as they are until the transaction ends
 */
export async function findKeyActor(
  tx: Transaction,
  organizationId: string,
  tokenHash: Buffer,
  holds: boolean,
): Promise<KeyActor | null> {
  const statement = holds ? HOLD_KEY_ACTOR : FIND_KEY_ACTOR
  const [row] = await tx.query<KeyActorRow>(statement, [organizationId, tokenHash])
  if (!row) return null
  const limit = row.permissions && new Set(row.permissions)
  const within = (permissions: ReadonlySet<string>) =>
    limit ? new Set([...permissions].filter((permission) => limit.has(permission))) : permissions
  const role = row.role_key === null ? null : permissionsOfRole(row.role_scope!, row.role_key, row.listed)
  return {
    kind: 'key',
    keyId: row.id,
    organizationId,
    name: row.name,
    owner: ownerOf(row, role?.has('project.read') ?? false),
    projectId: row.project_id,
    limit,
    permissions: row.member_id && role && !row.project_id ? within(role) : NOTHING,
    // A project may do in itself whatever its key says; everybody else what their role brings along.
    inProject: role ? within(role) : limit!,
    isIdle: row.is_idle,
  }
}

/** Notes that a key is in use, to the hour. */
export async function markKeyUsed(
  tx: Transaction,
  organizationId: string,
  keyId: string,
  ip: string | null,
): Promise<void> {
  await tx.execute(MARK_KEY_USED, [organizationId, keyId, ip])
}

const NOTHING: ReadonlySet<string> = new Set()

function ownerOf(row: KeyActorRow, seesAllProjects: boolean): KeyOwner {
  if (row.member_id) return { kind: 'member', memberId: row.member_id, userId: row.user_id!, seesAllProjects }
  if (row.service_account_id) return { kind: 'serviceAccount', serviceAccountId: row.service_account_id }
  return { kind: 'project' }
}

interface KeyActorRow {
  id: string
  name: string
  member_id: string | null
  user_id: string | null
  service_account_id: string | null
  project_id: string | null
  permissions: string[] | null
  role_scope: 'ORGANIZATION' | 'PROJECT' | null
  role_key: string | null
  listed: string[]
  is_idle: boolean
}

/** @param members  where the member behind the key `k` is looked for */
const keyActor = (members: string): string => `
SELECT k.id, k.name, k.member_id, m.user_id, k.service_account_id, k.project_id, k.permissions,
  r.scope AS role_scope, r.key AS role_key, ${listedPermissions('r')} AS listed,
  k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 hour' AS is_idle
FROM api_keys k
JOIN organizations o ON o.organization_id = k.organization_id AND o.status = 'ACTIVE'
LEFT JOIN ${members} m ON m.organization_id = k.organization_id AND m.id = k.member_id
  AND m.status = 'JOINED' AND m.epoch = k.member_epoch
LEFT JOIN users u ON u.id = m.user_id AND u.disabled_at IS NULL
LEFT JOIN service_accounts s ON s.organization_id = k.organization_id AND s.id = k.service_account_id AND s.status = 'ACTIVE'
LEFT JOIN roles r ON r.organization_id = k.organization_id AND r.id = CASE WHEN k.member_id IS NULL THEN s.role_id ELSE m.role_id END
WHERE k.organization_id = $1 AND k.token_hash = $2 AND k.revoked_at IS NULL
  AND (k.expires_at IS NULL OR k.expires_at > now())
  AND CASE k.owner_kind WHEN 'MEMBER' THEN u.id IS NOT NULL WHEN 'SERVICE_ACCOUNT' THEN s.id IS NOT NULL ELSE true END`
const FIND_KEY_ACTOR: Statement = { name: 'find-key-actor', text: keyActor('members') }
// What may be missing cannot be locked in a join; so the member is locked ahead of it.
const HOLD_KEY_ACTOR: Statement = {
  name: 'hold-key-actor',
  text: `
WITH held AS MATERIALIZED (
  SELECT m.* FROM api_keys k JOIN members m ON m.organization_id = k.organization_id AND m.id = k.member_id
  WHERE k.organization_id = $1 AND k.token_hash = $2 AND m.status = 'JOINED' AND m.epoch = k.member_epoch FOR KEY SHARE OF m
)${keyActor('held')}`,
}

// Of many requests that find the key idle at once, the first writes and the others find nothing left to do.
const MARK_KEY_USED: Statement = {
  name: 'mark-key-used',
  text: `
UPDATE api_keys SET last_used_at = now(), last_used_ip = $3
WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL
  AND (last_used_at IS NULL OR last_used_at < now() - interval '1 hour')`,
}
