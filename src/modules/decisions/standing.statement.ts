import type { Statement } from '../../platform/database'
import { liveGrantsOf } from '../projects'
import type { SubjectKind } from './question.model'

/** What a statement loads; it holds nothing else, since every part costs time also where it finds nothing. */
export interface Parts {
  readonly kind: SubjectKind
  /** One subject with its project, or lists of both. */
  readonly rows: 'one' | 'many'
  /** The project that was asked about, the one a key is limited to, or none. */
  readonly project: 'asked' | 'own' | 'none'
  /** Of custom roles, only the permissions that were asked about, or all. */
  readonly permissions: 'asked' | 'all'
}

/**
 * The statement that loads how subjects of one kind stand, a row for each. Its values: the organization, the id or token
 * hash, the permissions that were asked about, the project; the last two where they are asked, the second and fourth as
 * lists for `many`.
 */
export function standingStatement(parts: Parts): Statement {
  const name = `standing-${Object.values(parts).join('-').toLowerCase().replaceAll('_', '-')}`
  const known = statements.get(name)
  if (known) return known
  const statement: Statement = {
    name,
    text: textOf(parts),
    ...(parts.rows === 'many' ? { keepsPlan: true } : { sharesTrip: true }),
  }
  statements.set(name, statement)
  return statement
}

const statements = new Map<string, Statement>()

function textOf({ kind, rows, project, permissions }: Parts): string {
  const credential = CREDENTIALS[kind]
  const isMember = credential.member !== null
  const isAccount = credential.account !== null
  const type = kind === 'API_KEY_TOKEN' || kind === 'SESSION_TOKEN' ? 'bytea' : 'uuid'
  const asked = permissions === 'asked' ? '$3::text[]' : null
  const list = project === 'asked' ? `unnest($2::${type}[], $4::uuid[])` : `unnest($2::${type}[])`
  const columns = project === 'asked' ? 'x, project_id, n' : 'x, n'
  const single = `(SELECT $2::${type} AS x${project === 'asked' ? ', $4::uuid AS project_id' : ''}, 1 AS n) AS a`
  const wantedProject = project === 'asked' ? 'a.project_id' : credential.project
  const hasProject = project !== 'none'
  return `
SELECT a.n, o.status = 'ACTIVE' AS is_open, ${credential.columns},
  ${
    isMember
      ? `m.id AS member_id, m.user_id, m.status AS member_status, u.disabled_at IS NOT NULL AS is_disabled,
  ${credential.epoch ? `m.epoch <> ${credential.epoch}` : 'false'} AS is_from_before`
      : 'NULL AS member_id, NULL AS user_id, NULL AS member_status, false AS is_disabled, false AS is_from_before'
  },
  ${
    isAccount
      ? 'sa.id AS account_id, sa.status AS account_status, sa.project_id AS account_project_id'
      : 'NULL AS account_id, NULL AS account_status, NULL AS account_project_id'
  },
  r.id AS role_id, r.name AS role_name, r.key AS role_key, ${heldByCustom('r', asked)} AS role_custom,
  ${
    hasProject
      ? `p.id AS project_id, p.status = 'ARCHIVED' AS is_archived, p.is_default`
      : 'NULL AS project_id, false AS is_archived, false AS is_default'
  },
  ${hasProject && isMember ? `CASE WHEN m.id IS NOT NULL AND p.id IS NOT NULL THEN ${grants(asked)} END` : 'NULL'} AS grants
FROM ${rows === 'one' ? single : `${list} WITH ORDINALITY AS a(${columns})`}
JOIN organizations o ON o.organization_id = $1
${credential.join}
${
  isMember
    ? `LEFT JOIN members m ON m.organization_id = $1 AND m.id = ${credential.member}
LEFT JOIN users u ON u.id = m.user_id`
    : ''
}
${isAccount ? `LEFT JOIN service_accounts sa ON sa.organization_id = $1 AND sa.id = ${credential.account}` : ''}
LEFT JOIN roles r ON r.organization_id = $1 AND r.id = ${roleOf(isMember, isAccount)}
${hasProject ? `LEFT JOIN projects p ON p.organization_id = $1 AND p.id = ${wantedProject}` : ''}`
}

function roleOf(isMember: boolean, isAccount: boolean): string {
  if (isMember && isAccount) return 'CASE WHEN m.id IS NULL THEN sa.role_id ELSE m.role_id END'
  return isMember ? 'm.role_id' : 'sa.role_id'
}

/** NULL for built-in roles: what they hold is known without the row. */
function heldByCustom(role: string, asked: string | null): string {
  const held = asked
    ? `ARRAY(SELECT own.key FROM unnest(${role}.permissions) AS own(key) WHERE own.key = ANY (${asked}))`
    : `${role}.permissions`
  return `CASE WHEN NOT ${role}.is_system THEN ${held} END`
}

function grants(asked: string | null): string {
  return `(
    SELECT json_agg(json_build_object('id', l.grant_id, 'roleId', gr.id, 'roleName', gr.name, 'roleKey', gr.key,
      'custom', ${heldByCustom('gr', asked)}, 'teamId', t.id, 'teamName', t.name) ORDER BY l.team_id NULLS FIRST)
    FROM (${liveGrantsOf('m.id')}) AS l
    JOIN roles gr ON gr.organization_id = $1 AND gr.id = l.role_id
    LEFT JOIN teams t ON t.organization_id = $1 AND t.id = l.team_id
    WHERE l.project_id = p.id)`
}

interface Credential {
  readonly columns: string
  readonly join: string
  /** Expressions for the ids of who may act; null where they cannot be of that kind. */
  readonly member: string | null
  readonly account: string | null
  /** The epoch of the member that it was made in. */
  readonly epoch: string | null
  /** The project it is limited to. */
  readonly project: string
}

const BY_ID = `NULL AS credential_id, NULL AS owner_kind, NULL AS credential_name, NULL::text[] AS key_limit,
  NULL AS key_project_id, false AS is_ended, false AS is_idle, NULL::timestamptz AS issued_at, NULL::timestamptz AS expires_at`

function key(condition: string): Credential {
  return {
    columns: `k.id AS credential_id, k.owner_kind, k.name AS credential_name, k.permissions AS key_limit, k.project_id AS key_project_id,
  k.revoked_at IS NOT NULL OR coalesce(k.expires_at <= now(), false) AS is_ended,
  k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 hour' AS is_idle, k.created_at AS issued_at, k.expires_at`,
    join: `LEFT JOIN api_keys k ON k.organization_id = $1 AND ${condition}`,
    member: 'k.member_id',
    account: 'k.service_account_id',
    epoch: 'k.member_epoch',
    project: 'k.project_id',
  }
}

function session(condition: string): Credential {
  return {
    columns: `s.id AS credential_id, 'SESSION' AS owner_kind, NULL AS credential_name, NULL::text[] AS key_limit,
  NULL::uuid AS key_project_id, s.revoked_at IS NOT NULL OR s.expires_at <= now() AS is_ended,
  s.last_active_at < now() - interval '1 hour' AS is_idle, s.created_at AS issued_at, s.expires_at`,
    join: `LEFT JOIN organization_sessions s ON s.organization_id = $1 AND ${condition}`,
    member: 's.member_id',
    account: null,
    epoch: 's.member_epoch',
    project: 'NULL::uuid',
  }
}

const CREDENTIALS: Readonly<Record<SubjectKind, Credential>> = {
  MEMBER: { columns: BY_ID, join: '', member: 'a.x', account: null, epoch: null, project: 'NULL' },
  SERVICE_ACCOUNT: { columns: BY_ID, join: '', member: null, account: 'a.x', epoch: null, project: 'NULL' },
  API_KEY: key('k.id = a.x'),
  API_KEY_TOKEN: key('k.token_hash = a.x'),
  SESSION: session('s.id = a.x'),
  SESSION_TOKEN: session('s.token_hash = a.x'),
}
