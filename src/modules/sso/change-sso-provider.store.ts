import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import type { SigningCertificate } from './signing-certificate'
import type { IdpVendor, SsoSettings, SsoStatus } from './sso-provider.model'
import type { CheckedSsoProviderDraft } from './sso-provider-draft.model'

/** Everything of a connection that a change writes. */
export interface StoredSsoProvider extends CheckedSsoProviderDraft {
  id: string
  vendor: IdpVendor
  status: SsoStatus
  settings: SsoSettings
  sealedSecret: Buffer | null
  pendingSettings: SsoSettings | null
  pendingSealedSecret: Buffer | null
  settingsDigest: Buffer
  testedDigest: Buffer | null
  defaultRoleId: string
}

/** Writes a new connection and where to find it. @throws NOT_UNIQUE  the name is taken */
export async function insertSsoProvider(
  tx: Transaction,
  organizationId: string,
  row: StoredSsoProvider,
): Promise<void> {
  await tx.execute(INSERT, valuesOf(organizationId, row)).catch(refuseTakenName)
  await tx.execute(INSERT_LOOKUP, [row.id, organizationId])
}

/** Writes a connection anew. @throws NOT_UNIQUE  the name is taken */
export async function updateSsoProviderRow(
  tx: Transaction,
  organizationId: string,
  row: StoredSsoProvider,
): Promise<void> {
  await tx.execute(UPDATE, valuesOf(organizationId, row)).catch(refuseTakenName)
}

/** Deletes a connection with its identities, certificates, tests and sessions. */
export async function deleteSsoProviderRow(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(DELETE_LOOKUP, [id])
  await tx.execute(DELETE, [organizationId, id])
}

/** What has ended together with a connection: what was alive until now. */
export interface EndedWithProvider {
  sessions: number
  refreshTokens: number
}

/** Ends every session that began with a connection; refresh tokens do not work without theirs. */
export async function endSessionsOfProvider(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<EndedWithProvider> {
  const [row] = await tx.query<EndedWithProvider>(END_SESSIONS, [organizationId, id])
  return row!
}

/** Stores a certificate, or takes a retired one back into trust. */
export async function putCertificate(
  tx: Transaction,
  organizationId: string,
  providerId: string,
  certificate: SigningCertificate,
  status: 'ACTIVE' | 'NEXT',
): Promise<void> {
  const { fingerprint, certificate: der, subject, notBefore, notAfter } = certificate
  const values = [organizationId, newId(), providerId, fingerprint, der, subject, status, notBefore, notAfter]
  await tx.execute(PUT_CERTIFICATE, values)
}

/** Changes how far certificates are trusted. */
export async function setCertificateStatus(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
  status: 'ACTIVE' | 'NEXT' | 'RETIRED',
): Promise<void> {
  await tx.execute(SET_CERTIFICATE_STATUS, [organizationId, ids, status])
}

/** The connection of a certificate that is not retired, or null. */
export async function findProviderOfCertificate(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(FIND_PROVIDER_OF_CERTIFICATE, [organizationId, id])
  return row?.id ?? null
}

/** Notes that a certificate has verified a sign-in. */
export async function markCertificateUsed(
  tx: Transaction,
  organizationId: string,
  providerId: string,
  fingerprint: string,
): Promise<void> {
  await tx.execute(MARK_CERTIFICATE_USED, [organizationId, providerId, fingerprint])
}

/** Which groups give what, in the order in which they count. */
export async function replaceGroupMappings(
  tx: Transaction,
  organizationId: string,
  providerId: string,
  mappings: readonly { groupName: string; roleId: string | null; teamId: string | null }[],
): Promise<void> {
  await tx.execute(CLEAR_GROUP_MAPPINGS, [organizationId, providerId])
  await tx.execute(INSERT_GROUP_MAPPINGS, [organizationId, providerId, JSON.stringify(mappings)])
}

/** How else somebody could come in where members come by SSO: by another connection, or by a recovery code. */
export async function countOtherWaysIn(tx: Transaction, organizationId: string, providerId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(COUNT_OTHER_WAYS_IN, [organizationId, providerId])
  return row!.n
}

/** The role that members have where nothing else is said. */
export async function findMemberRoleId(tx: Transaction, organizationId: string): Promise<string> {
  const [row] = await tx.query<{ id: string }>(FIND_MEMBER_ROLE, [organizationId])
  return row!.id
}

function valuesOf(organizationId: string, row: StoredSsoProvider): unknown[] {
  return [
    organizationId,
    row.id,
    row.name,
    row.vendor,
    row.settings.protocol,
    row.status,
    row.settings,
    row.sealedSecret,
    row.pendingSettings,
    row.pendingSealedSecret,
    row.settingsDigest,
    row.testedDigest,
    row.attributeMapping,
    row.subjectSource,
    row.defaultRoleId,
    row.justInTime,
    row.allowsOtherDomains,
    row.allowsIdpInitiated,
    row.rechecksAccess,
    row.sessionLifetimeMinutes,
  ]
}

function refuseTakenName(error: unknown): never {
  const constraint = violatedConstraint(error)
  if (constraint === 'sso_providers_name_key')
    throw new AppError('NOT_UNIQUE', 'Another connection has this name; choose another.', { path: ['input', 'name'] })
  throw error
}

const COLUMNS = `name, vendor, protocol, status, settings, sealed_secret, pending_settings, pending_sealed_secret, settings_digest,
  tested_digest, attribute_mapping, subject_source, default_role_id, just_in_time, allows_other_domains, allows_idp_initiated,
  rechecks_access, session_lifetime_minutes, organization_mode`
const VALUES = `$3, $4, $5, $6, $7::jsonb, $8::bytea, $9::jsonb, $10::bytea, $11::bytea, $12::bytea, $13::jsonb, $14, $15::uuid, $16::boolean,
  $17::boolean, $18::boolean, $19::boolean, $20::integer, CASE WHEN $6::text = 'ACTIVE' THEN 'SSO' END`
const INSERT: Statement = {
  name: 'insert-sso-provider',
  text: `INSERT INTO sso_providers (organization_id, id, ${COLUMNS}) VALUES ($1, $2, ${VALUES})`,
}
const UPDATE: Statement = {
  name: 'update-sso-provider',
  text: `
UPDATE sso_providers SET (${COLUMNS}, version, updated_at) = ROW (${VALUES}, version + 1, now())
WHERE organization_id = $1 AND id = $2`,
}
const INSERT_LOOKUP: Statement = {
  name: 'insert-sso-provider-lookup',
  text: 'INSERT INTO sso_provider_lookups (sso_provider_id, organization_id) VALUES ($1, $2)',
}
const DELETE_LOOKUP: Statement = {
  name: 'delete-sso-provider-lookup',
  text: 'DELETE FROM sso_provider_lookups WHERE sso_provider_id = $1',
}
const DELETE: Statement = {
  name: 'delete-sso-provider',
  text: 'DELETE FROM sso_providers WHERE organization_id = $1 AND id = $2',
}
const END_SESSIONS: Statement = {
  name: 'end-sessions-of-sso-provider',
  text: `
WITH ended AS (
  UPDATE organization_sessions SET revoked_at = now()
  WHERE organization_id = $1 AND sso_provider_id = $2 AND revoked_at IS NULL
  RETURNING id, expires_at > now() AS alive
)
SELECT count(*)::int AS sessions, (
  SELECT count(*)::int FROM refresh_tokens r JOIN ended e ON e.id = r.session_id AND e.alive
  WHERE r.organization_id = $1 AND r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > now()
) AS "refreshTokens"
FROM ended WHERE alive`,
}
const PUT_CERTIFICATE: Statement = {
  name: 'put-sso-certificate',
  text: `
INSERT INTO sso_certificates (organization_id, id, sso_provider_id, fingerprint, certificate, subject, status, not_before, not_after)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT ON CONSTRAINT sso_certificates_fingerprint_key DO UPDATE SET status = excluded.status`,
}
const SET_CERTIFICATE_STATUS: Statement = {
  name: 'set-sso-certificate-status',
  text: 'UPDATE sso_certificates SET status = $3 WHERE organization_id = $1 AND id = ANY ($2::uuid[])',
}
const FIND_PROVIDER_OF_CERTIFICATE: Statement = {
  name: 'find-provider-of-sso-certificate',
  text: `SELECT sso_provider_id AS id FROM sso_certificates WHERE organization_id = $1 AND id = $2 AND status <> 'RETIRED'`,
}
const MARK_CERTIFICATE_USED: Statement = {
  name: 'mark-sso-certificate-used',
  text: `
UPDATE sso_certificates SET last_used_at = now() WHERE organization_id = $1 AND sso_provider_id = $2 AND fingerprint = $3
  AND (last_used_at IS NULL OR last_used_at < now() - interval '1 hour')`,
}
const CLEAR_GROUP_MAPPINGS: Statement = {
  name: 'clear-sso-group-mappings',
  text: 'DELETE FROM sso_group_mappings WHERE organization_id = $1 AND sso_provider_id = $2',
}
const INSERT_GROUP_MAPPINGS: Statement = {
  name: 'insert-sso-group-mappings',
  text: `
INSERT INTO sso_group_mappings (organization_id, sso_provider_id, group_name, position, role_id, team_id)
SELECT $1, $2, m.value->>'groupName', m.position, (m.value->>'roleId')::uuid, (m.value->>'teamId')::uuid
FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS m(value, position)`,
}
const COUNT_OTHER_WAYS_IN: Statement = {
  name: 'count-other-ways-in',
  text: `
SELECT (
  (SELECT count(*) FROM sso_providers WHERE organization_id = $1 AND id <> $2 AND status = 'ACTIVE') + (
    SELECT count(*) FROM recovery_codes c
    JOIN members m ON m.organization_id = $1 AND m.id = c.member_id AND m.status = 'JOINED'
    JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id AND r.scope = 'ORGANIZATION' AND r.key = 'admin'
    WHERE c.organization_id = $1 AND c.used_at IS NULL
  )
)::int AS n`,
}
const FIND_MEMBER_ROLE: Statement = {
  name: 'find-member-role',
  text: `SELECT id FROM roles WHERE organization_id = $1 AND scope = 'ORGANIZATION' AND key = 'member'`,
}
