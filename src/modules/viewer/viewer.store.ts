import { type AccountSession, type OrganizationSession, SYSTEM_ROLES } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { type OrganizationEntity, type OrganizationRow, organizationOf } from '../organizations'
import { connectionOf } from '../sessions'

/** What of the viewer was asked for; the rest is not read. */
export interface ViewerParts {
  readonly activeOrganization: boolean
  readonly memberships: boolean
  readonly sessions: boolean
  readonly identities: boolean
}

/** The person, and the parts that were asked for; the others are empty. */
export interface ViewerView {
  user: { id: string; name: string; email: string; avatarUrl: string | null; createdAt: Date }
  /** The organization and member of the session; null on the account side. */
  organizationId: string | null
  memberId: string | null
  activeOrganization: OrganizationEntity | null
  /** By name of the organization, at most 100. */
  memberships: ViewerMembership[]
  /** Live ones, last used first, at most 100. */
  sessions: ViewerSession[]
  identities: ViewerIdentity[]
  /** True when the installation allows one organization per person and this person has one. */
  isBound: boolean
}

/** One of "my organizations", as the account side knows it. */
export interface ViewerMembership {
  organizationId: string
  status: 'JOINED' | 'SUSPENDED'
  roleKey: string
  roleName: string
  joinedAt: Date
  slug: string
  name: string
  logoUrl: string | null
  organizationStatus: 'ACTIVE' | 'PENDING_DELETION'
  deletionScheduledFor: Date | null
}

/** A signed-in browser (ACCOUNT), or a session of the organization the caller is in (ORGANIZATION). */
export interface ViewerSession {
  id: string
  scope: 'ACCOUNT' | 'ORGANIZATION'
  provider: string
  /** The connection it began with; null for all others. */
  ssoProvider: { id: string; name: string } | null
  isCurrent: boolean
  ip: string | null
  userAgent: string | null
  createdAt: Date
  lastActiveAt: Date
  expiresAt: Date
}

/** A proven way to sign in. */
export interface ViewerIdentity {
  id: string
  provider: string
  email: string | null
  linkedAt: Date
  lastUsedAt: Date
}

/**
 * The viewer in one statement. Null when the account is gone. Somebody who has signed in through a company is seen as
 * that company knows them: other organizations and ways to sign in of the same user are none of its provider's business.
 */
export async function findViewer(
  tx: Transaction,
  actor: AccountSession | OrganizationSession,
  parts: ViewerParts,
): Promise<ViewerView | null> {
  const member = actor.kind === 'member' ? actor : null
  const company = member?.ssoProviderId ? member : null
  const [row] = await tx.query<ViewerRow>(findViewerWith(parts, company !== null), [
    actor.userId,
    member?.organizationId ?? null,
    actor.sessionId,
    ...(company && parts.identities ? [company.memberId] : []),
  ])
  if (!row) return null
  const { name, email } = company ?? row
  return {
    user: { id: row.id, name, email, avatarUrl: row.avatar_url, createdAt: row.created_at },
    organizationId: member?.organizationId ?? null,
    memberId: member?.memberId ?? null,
    activeOrganization: row.activeOrganization ? organizationOf(row.activeOrganization) : null,
    memberships: withDates(row.memberships, ['joinedAt', 'deletionScheduledFor']).map(withRoleName),
    sessions: withDates(row.sessions, ['createdAt', 'lastActiveAt', 'expiresAt']),
    identities: withDates(row.identities, ['linkedAt', 'lastUsedAt']),
    isBound: row.is_bound,
  }
}

interface ViewerRow {
  id: string
  name: string
  email: string
  avatar_url: string | null
  created_at: Date
  is_bound: boolean
  activeOrganization?: OrganizationRow | null
  memberships?: ViewerMembership[] | null
  sessions?: ViewerSession[] | null
  identities?: ViewerIdentity[] | null
}

// Names of built-in roles are code, those of an organization's own are copied onto its card.
const SYSTEM_NAMES = new Map<string, string>(
  Object.values(SYSTEM_ROLES).map(({ scope, key, name }) => [`${scope}/${key}`, name]),
)

function withRoleName(membership: ViewerMembership): ViewerMembership {
  const { roleKey, roleName } = membership
  return { ...membership, roleName: SYSTEM_NAMES.get(`ORGANIZATION/${roleKey}`) ?? roleName ?? roleKey }
}

/** JSON carries instants as text. */
function withDates<Row extends object>(rows: Row[] | null | undefined, fields: readonly (keyof Row)[]): Row[] {
  for (const row of rows ?? [])
    for (const field of fields) if (row[field] !== null) Object.assign(row, { [field]: new Date(String(row[field])) })
  return rows ?? []
}

// What is not asked for is not in the text. A flag in one text for all would be planned anew with every request, since
// PostgreSQL finds the plan without the other parts so much cheaper than the one it could keep.
function findViewerWith(parts: ViewerParts, isOfCompany: boolean): Statement {
  const part = isOfCompany ? COMPANY_PART : PART
  const wanted = PARTS.filter((name) => parts[name])
  return {
    name: `find-viewer-${isOfCompany ? 'of-company-' : ''}${wanted.map((name) => name[0]).join('')}`,
    text: `
SELECT u.id, u.name, u.email, u.avatar_url, u.created_at,
  (SELECT exclusive_membership FROM installation)
    AND EXISTS (SELECT FROM user_memberships um WHERE um.user_id = u.id) AS is_bound${wanted.map((name) => `,\n  (${part[name]}) AS "${name}"`).join('')}
FROM (SELECT $1::uuid AS user_id, $2::uuid AS organization_id, $3::uuid AS session_id) AS caller
JOIN users u ON u.id = caller.user_id AND u.disabled_at IS NULL`,
  }
}

const MEMBERSHIPS = (condition: string) => `
    SELECT json_agg(p) FROM (
      SELECT um.organization_id AS "organizationId", um.status, um.role_key AS "roleKey",
        c.role_names ->> um.role_key AS "roleName", um.joined_at AS "joinedAt",
        c.slug, c.name, c.logo_url AS "logoUrl", c.status AS "organizationStatus",
        c.deletion_scheduled_for AS "deletionScheduledFor"
      FROM user_memberships um JOIN organization_cards c ON c.organization_id = um.organization_id
      WHERE ${condition} ORDER BY c.name, c.organization_id LIMIT 100) p`
const SESSIONS_HERE = `
      SELECT s.id, 'ORGANIZATION' AS scope, s.provider, ${connectionOf('s')} AS "ssoProvider", s.ip, s.user_agent AS "userAgent",
        s.created_at AS "createdAt", s.last_active_at AS "lastActiveAt", s.expires_at AS "expiresAt", s.id = caller.session_id AS "isCurrent"
      FROM organization_sessions s
      WHERE s.organization_id = caller.organization_id AND s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > now()`
const PART: Record<keyof ViewerParts, string> = {
  activeOrganization: 'SELECT row_to_json(o) FROM organizations o WHERE o.organization_id = caller.organization_id',
  memberships: MEMBERSHIPS('um.user_id = u.id'),
  sessions: `
    SELECT json_agg(p) FROM (
      SELECT s.id, 'ACCOUNT' AS scope, s.provider, NULL::json AS "ssoProvider", s.ip, s.user_agent AS "userAgent",
        s.created_at AS "createdAt", s.last_active_at AS "lastActiveAt", s.expires_at AS "expiresAt",
        s.id = caller.session_id OR s.id IS NOT DISTINCT FROM (
          SELECT x.account_session_id FROM organization_sessions x
          WHERE x.organization_id = caller.organization_id AND x.id = caller.session_id) AS "isCurrent"
      FROM account_sessions s WHERE s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > now()
      UNION ALL ${SESSIONS_HERE}
      ORDER BY "lastActiveAt" DESC, id LIMIT 100) p`,
  identities: `
    SELECT json_agg(p) FROM (
      SELECT i.id, i.provider, i.email, i.linked_at AS "linkedAt", i.last_used_at AS "lastUsedAt"
      FROM identities i WHERE i.user_id = u.id ORDER BY i.linked_at, i.id LIMIT 100) p`,
}
const COMPANY_PART: Record<keyof ViewerParts, string> = {
  activeOrganization: PART.activeOrganization,
  memberships: MEMBERSHIPS('um.user_id = u.id AND um.organization_id = caller.organization_id'),
  sessions: `SELECT json_agg(p) FROM (${SESSIONS_HERE} ORDER BY s.last_active_at DESC, s.id LIMIT 100) p`,
  identities: `
    SELECT json_agg(p) FROM (
      SELECT i.id, 'SSO' AS provider, i.email, i.linked_at AS "linkedAt", i.last_used_at AS "lastUsedAt"
      FROM sso_identities i WHERE i.organization_id = caller.organization_id AND i.member_id = $4::uuid
      ORDER BY i.linked_at, i.id LIMIT 100) p`,
}
const PARTS = Object.keys(PART) as (keyof ViewerParts)[]
