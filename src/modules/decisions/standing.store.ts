import type { AskedPermission } from '../../access'
import { PERMISSIONS } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { liveGrantsOf } from '../projects'
import { listedPermissions } from '../roles'
import { distinctParts, type Question, type Subject } from './question.model'
import { type Facts, type KnownSubject, knownSubject, standingOf } from './standing.model'

/** A question with everything that decides it. */
export interface LoadedQuestion {
  /** Null when it is neither Gatehouse's nor registered, or was retired. */
  readonly permission: AskedPermission | null
  readonly standing: ReturnType<typeof standingOf>
  /** Null when nobody is meant. */
  readonly subject: KnownSubject | null
}

/**
 * Loads what decides these questions in one statement, whatever their number; each row is found by an index. Asks
 * before it first waits.
 *
 * @returns  in the order of the questions; of what roles allow, they hold what was asked for
 */
export async function loadQuestions(
  tx: Transaction,
  organizationId: string,
  questions: readonly Question[],
): Promise<LoadedQuestion[]> {
  const parts = distinctParts(questions)
  // Every organization role is asked whether it sees all projects.
  const all = [...parts.permissions.filter(isPermissionKey), 'project.read']
  const ofThePlatform = all.filter((key) => !(key in PERMISSIONS))
  const [row] = await tx.query<{ facts: Facts }>(LOAD_ASKED, [
    organizationId,
    ...subjectValues(parts.subjects),
    parts.places.map(({ subject }) => subject),
    parts.places.map(({ projectId }) => projectId),
    ofThePlatform,
    all,
  ])
  const facts = row?.facts ?? NO_ORGANIZATION
  return questions.map(({ permission }, index) => {
    const { subject, place } = parts.indexes[index]!
    return {
      permission: askedPermission(permission, facts.permissions),
      standing: standingOf(facts, subject, place),
      subject: knownSubject(facts, subject),
    }
  })
}

/** One subject with its whole standing, in the organization or in the project its key is limited to. */
export interface WholeStanding {
  readonly standing: ReturnType<typeof standingOf>
  readonly subject: KnownSubject | null
  /** Gatehouse's own and the platform's, without retired ones. */
  readonly permissions: readonly AskedPermission[]
}

/** Loads everything that one subject may do. Asks before it first waits. */
export async function loadWholeStanding(
  tx: Transaction,
  organizationId: string,
  subject: Subject,
): Promise<WholeStanding> {
  // The project is not known before the key is: the statement takes that of the key.
  const values = [organizationId, ...subjectValues([subject]), [0], [null]]
  const [row] = await tx.query<{ facts: Facts }>(LOAD_ALL, values)
  const facts = row?.facts ?? NO_ORGANIZATION
  const known = knownSubject(facts, 0)
  return {
    standing: standingOf(facts, 0, known?.credential?.projectId ? 0 : null),
    subject: known,
    permissions: [...OWN.values(), ...Object.entries(facts.permissions ?? {}).map(platformPermission)],
  }
}

const NO_ORGANIZATION: Facts = { isOpen: false, subjects: null, places: null, permissions: null }

/** What cannot be the key of a permission is not sent: it may hold what PostgreSQL refuses. */
function isPermissionKey(key: string): boolean {
  return key.length <= 100 && /^[a-z][a-z0-9_.]*$/.test(key)
}

const OWN: ReadonlyMap<string, AskedPermission> = new Map(
  Object.entries(PERMISSIONS).map(([key, { scope }]) => [key, { key, scope, isPlatform: false }]),
)

function askedPermission(key: string, ofThePlatform: Facts['permissions']): AskedPermission | null {
  const own = OWN.get(key)
  if (own) return own
  if (!ofThePlatform || !Object.hasOwn(ofThePlatform, key)) return null
  return platformPermission([key, ofThePlatform[key]!])
}

function platformPermission([key, scope]: [string, AskedPermission['scope']]): AskedPermission {
  return { key, scope, isPlatform: true }
}

function subjectValues(subjects: readonly Subject[]): unknown[] {
  return [
    subjects.map(({ kind }) => kind),
    subjects.map((subject) => ('id' in subject ? subject.id : null)),
    subjects.map((subject) => ('tokenHash' in subject ? subject.tokenHash : null)),
  ]
}

// $1 the organization; $2 to $4 the subjects: kind, id, token hash; $5 and $6 the places: number of the subject (from 0)
// and project; $7 and $8 the permissions that matter, those of the platform and all. Every LIMIT 1 stands before an equality
// with a key: it keeps the look-up one by index where the planner would rather read a small table as a whole.
function loadStatement(name: string, asked?: { all: string; ofThePlatform: string }): Statement {
  const role = (alias: string) =>
    `json_build_object('id', ${alias}.id, 'name', ${alias}.name, 'key', ${alias}.key, 'listed', ${listedPermissions(alias, asked)})`
  return {
    name,
    text: `
WITH subject AS MATERIALIZED (
  SELECT a.s - 1 AS s, c.*, m.status AS member_status, m.user_id, m.epoch AS member_epoch_now,
    coalesce(m.role_id, sa.role_id) AS role_id, m.id IS NOT NULL AS is_member,
    sa.id AS account_id, sa.status AS account_status, sa.project_id AS account_project_id
  FROM unnest($2::text[], $3::uuid[], $4::bytea[]) WITH ORDINALITY AS a(kind, id, token_hash, s)
  CROSS JOIN LATERAL (${CREDENTIALS}) AS c
  LEFT JOIN LATERAL (
    SELECT * FROM members WHERE organization_id = $1 AND id = c.member_id LIMIT 1) AS m ON c.member_id IS NOT NULL
  LEFT JOIN LATERAL (
    SELECT * FROM service_accounts WHERE organization_id = $1 AND id = c.service_account_id LIMIT 1
  ) AS sa ON c.service_account_id IS NOT NULL
)
SELECT json_build_object(
  'isOpen', o.status = 'ACTIVE',
  'subjects', (
    SELECT json_object_agg(s.s, json_build_object(
      'owner', CASE WHEN s.is_member THEN json_build_object('kind', 'MEMBER', 'id', s.member_id, 'userId', s.user_id,
          'status', s.member_status, 'isDisabled', coalesce(u.disabled_at IS NOT NULL, false))
        WHEN s.account_id IS NOT NULL THEN json_build_object('kind', 'SERVICE_ACCOUNT', 'id', s.account_id,
          'status', s.account_status, 'projectId', s.account_project_id)
        WHEN s.owner_kind = 'PROJECT' THEN json_build_object('kind', 'PROJECT', 'id', s.project_id) END,
      'role', CASE WHEN r.id IS NOT NULL THEN ${role('r')} END,
      'credential', CASE WHEN s.credential IS NOT NULL THEN json_build_object('kind', s.credential, 'id', s.credential_id,
        'name', s.name, 'limit', s.permissions, 'projectId', s.project_id,
        'isEnded', s.is_ended OR coalesce(s.member_epoch <> s.member_epoch_now, false), 'isIdle', s.is_idle,
        'issuedAt', s.issued_at, 'expiresAt', s.expires_at) END))
    FROM subject s
    LEFT JOIN LATERAL (SELECT * FROM users WHERE id = s.user_id LIMIT 1) AS u ON s.user_id IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT * FROM roles WHERE organization_id = $1 AND id = s.role_id LIMIT 1) AS r ON s.role_id IS NOT NULL
  ),
  'places', (
    SELECT json_object_agg(p.n - 1, json_build_object('id', pr.id, 'isArchived', pr.status = 'ARCHIVED',
      'defaultRole', CASE WHEN d.id IS NOT NULL THEN ${role('d')} END, 'grants', g.grants))
    FROM unnest($5::int[], $6::uuid[]) WITH ORDINALITY AS p(s, project_id, n)
    JOIN subject s ON s.s = p.s
    CROSS JOIN LATERAL (
      SELECT * FROM projects WHERE organization_id = $1 AND id = coalesce(p.project_id, s.project_id) LIMIT 1) AS pr
    LEFT JOIN LATERAL (
      SELECT * FROM roles WHERE organization_id = $1 AND scope = 'PROJECT' AND key = 'project_member' LIMIT 1
    ) AS d ON pr.is_default AND s.is_member
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object('id', l.grant_id, 'role', ${role('gr')},
        'team', CASE WHEN t.id IS NOT NULL THEN json_build_object('id', t.id, 'name', t.name) END)
        ORDER BY l.team_id NULLS FIRST) AS grants
      FROM (${liveGrantsOf('s.member_id')}) AS l
      JOIN roles gr ON gr.organization_id = $1 AND gr.id = l.role_id
      LEFT JOIN teams t ON t.organization_id = $1 AND t.id = l.team_id
      WHERE l.project_id = pr.id
    ) AS g ON s.is_member
  ),
  'permissions', (
    SELECT json_object_agg(pp.key, pp.scope) FROM platform_permissions pp
    WHERE pp.retired_at IS NULL ${asked ? `AND pp.key = ANY (${asked.ofThePlatform})` : ''})
) AS facts
FROM organizations o WHERE o.organization_id = $1`,
  }
}

const KEY = `
    SELECT 'KEY', k.id, k.owner_kind, k.name, k.member_id, k.member_epoch, k.service_account_id, k.project_id, k.permissions,
      k.revoked_at IS NOT NULL OR coalesce(k.expires_at <= now(), false),
      k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 hour', k.created_at, k.expires_at
    FROM api_keys k`
const CREDENTIALS = `
    SELECT NULL AS credential, NULL::uuid AS credential_id, NULL AS owner_kind, NULL AS name, a.id AS member_id,
      NULL::integer AS member_epoch, NULL::uuid AS service_account_id, NULL::uuid AS project_id, NULL::text[] AS permissions,
      false AS is_ended, false AS is_idle, NULL::timestamptz AS issued_at, NULL::timestamptz AS expires_at
    WHERE a.kind = 'MEMBER'
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, a.id, NULL, NULL, false, false, NULL, NULL WHERE a.kind = 'SERVICE_ACCOUNT'
    UNION ALL ${KEY} WHERE a.kind = 'API_KEY' AND k.organization_id = $1 AND k.id = a.id
    UNION ALL ${KEY} WHERE a.kind = 'API_KEY_TOKEN' AND k.organization_id = $1 AND k.token_hash = a.token_hash
    UNION ALL
    SELECT 'SESSION', os.id, 'MEMBER', NULL, os.member_id, os.member_epoch, NULL, NULL, NULL,
      os.revoked_at IS NOT NULL OR os.expires_at <= now(), os.last_active_at < now() - interval '1 hour',
      os.created_at, os.expires_at
    FROM organization_sessions os
    WHERE a.kind = 'SESSION_TOKEN' AND os.organization_id = $1 AND os.token_hash = a.token_hash`

const LOAD_ASKED = loadStatement('load-standings', { all: '$8::text[]', ofThePlatform: '$7::text[]' })
const LOAD_ALL = loadStatement('load-whole-standing')
