import type { Statement, Transaction } from '../../platform/database'
import { type CertificateColumns, type CertificateRow, certificateOf } from './certificate.model'
import type { AttributeMapping, IdpVendor, SsoSettings, SsoStatus } from './sso-provider.model'

/** A role or team that a group at the identity provider gives; exactly one of the two. */
export interface GroupMappingRow {
  readonly groupName: string
  readonly role: { id: string; key: string; name: string; description: string | null; isSystem: boolean } | null
  readonly team: { id: string; name: string } | null
}

/** A connection with everything that a sign-in by it, or a test of it, needs. */
export interface SsoProviderRow {
  id: string
  name: string
  vendor: IdpVendor
  status: SsoStatus
  settings: SsoSettings
  /** Sealed for {@link secretSealContext}. */
  sealedSecret: Buffer | null
  /** What an active connection is to be changed to once a test of it has passed; null when nothing waits. */
  pendingSettings: SsoSettings | null
  /** A new secret that waits with them; null when the secret stays. */
  pendingSealedSecret: Buffer | null
  settingsDigest: Buffer
  testedDigest: Buffer | null
  attributeMapping: AttributeMapping
  /** Which claim or attribute is the subject; null for `sub` or the NameID. */
  subjectSource: string | null
  /** What a person gets at the first sign-in. */
  defaultRole: { id: string; key: string; name: string; description: string | null; isSystem: boolean }
  justInTime: boolean
  allowsOtherDomains: boolean
  allowsIdpInitiated: boolean
  rechecksAccess: boolean
  sessionLifetimeMinutes: number
  version: number
  lastSignInAt: Date | null
  createdAt: Date
  updatedAt: Date
  /** Those in use and those to come, without the retired, oldest first. */
  certificates: readonly CertificateRow[]
  /** In the order in which they count: the first that gives a role wins. */
  groupMappings: readonly GroupMappingRow[]
  /** Somebody has signed in by it: issuer, entity id and subject source stay as they are. */
  hasIdentities: boolean
}

/** One connection, or null when it does not exist in the organization. */
export async function findSsoProvider(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<SsoProviderRow | null> {
  const [row] = await tx.query<ProviderColumns>(FIND, [organizationId, id])
  return row ? rowOf(row) : null
}

/** The connections of an organization, oldest first; there are never more than {@link MAXIMUM_PROVIDERS}. */
export async function listSsoProviderRows(tx: Transaction, organizationId: string): Promise<SsoProviderRow[]> {
  const rows = await tx.query<ProviderColumns>(LIST, [organizationId, MAXIMUM_PROVIDERS])
  return rows.map(rowOf)
}

/** Connections that one organization can have. */
export const MAXIMUM_PROVIDERS = 50

/** The organization of a connection, from anywhere; null when there is no such connection. */
export async function findOrganizationOfSsoProvider(tx: Transaction, id: string): Promise<string | null> {
  const [row] = await tx.query<{ organization_id: string }>(FIND_ORGANIZATION, [id])
  return row?.organization_id ?? null
}

interface ProviderColumns extends Omit<SsoProviderRow, 'certificates'> {
  certificates: CertificateColumns[]
}

function rowOf(row: ProviderColumns): SsoProviderRow {
  return { ...row, certificates: row.certificates.map(certificateOf) }
}

const ROLE = (role: string) =>
  `jsonb_build_object('id', ${role}.id, 'key', ${role}.key, 'name', ${role}.name, 'description', ${role}.description, 'isSystem', ${role}.is_system)`

const COLUMNS = `
SELECT p.id, p.name, p.vendor, p.status, p.settings, p.sealed_secret AS "sealedSecret", p.pending_settings AS "pendingSettings",
  p.pending_sealed_secret AS "pendingSealedSecret", p.settings_digest AS "settingsDigest", p.tested_digest AS "testedDigest",
  p.attribute_mapping AS "attributeMapping", p.subject_source AS "subjectSource", ${ROLE('r')} AS "defaultRole",
  p.just_in_time AS "justInTime", p.allows_other_domains AS "allowsOtherDomains", p.allows_idp_initiated AS "allowsIdpInitiated",
  p.rechecks_access AS "rechecksAccess", p.session_lifetime_minutes AS "sessionLifetimeMinutes", p.version,
  p.last_sign_in_at AS "lastSignInAt", p.created_at AS "createdAt", p.updated_at AS "updatedAt",
  coalesce((
    SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM sso_certificates c
    WHERE c.organization_id = $1 AND c.sso_provider_id = p.id AND c.status <> 'RETIRED'
  ), '[]') AS certificates,
  coalesce((
    SELECT jsonb_agg(jsonb_build_object('groupName', g.group_name,
      'role', CASE WHEN g.role_id IS NULL THEN NULL ELSE ${ROLE('gr')} END,
      'team', CASE WHEN g.team_id IS NULL THEN NULL ELSE jsonb_build_object('id', t.id, 'name', t.name) END
    ) ORDER BY g.position, g.group_name)
    FROM sso_group_mappings g
    LEFT JOIN roles gr ON gr.organization_id = $1 AND gr.id = g.role_id
    LEFT JOIN teams t ON t.organization_id = $1 AND t.id = g.team_id
    WHERE g.organization_id = $1 AND g.sso_provider_id = p.id
  ), '[]') AS "groupMappings",
  EXISTS (SELECT FROM sso_identities i WHERE i.organization_id = $1 AND i.sso_provider_id = p.id) AS "hasIdentities"
FROM sso_providers p JOIN roles r ON r.organization_id = $1 AND r.id = p.default_role_id
WHERE p.organization_id = $1`

const FIND: Statement = { name: 'find-sso-provider', text: `${COLUMNS} AND p.id = $2` }
const LIST: Statement = { name: 'list-sso-providers', text: `${COLUMNS} ORDER BY p.id LIMIT $2` }
const FIND_ORGANIZATION: Statement = {
  name: 'find-organization-of-sso-provider',
  text: 'SELECT organization_id FROM sso_provider_lookups WHERE sso_provider_id = $1',
}
