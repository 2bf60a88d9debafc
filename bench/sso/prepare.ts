import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import { newId, toTypeId } from '../../src/kernel/ids'
import { type OidcSettings, type SamlSettings, type SsoSettings, secretSealContext } from '../../src/modules/sso'
import { createSealer, makeToken } from '../../src/platform/crypto'
import { addressOf, CLIENT_ID, CLIENT_SECRET, EMPLOYEES, subjectOf } from './messages'

/** The organization that people sign in to. */
export interface BenchCompany {
  readonly organizationId: string
  /** `org_…` */
  readonly id: string
  /** TypeIDs of its active connections. */
  readonly saml: string
  readonly oidc: string
  /** UUIDs of joined members who came by SSO, in the order of their subjects. */
  readonly memberIds: readonly string[]
  /** `gos_…` of an Admin. */
  readonly adminToken: string
}

/**
 * Turns the largest organization of the seed into one in SSO mode, with a connection of each protocol, by which its
 * members have come before: what is measured is the sign-in of every morning.
 */
export async function prepareCompany(
  client: Client,
  masterKey: Buffer,
  idp: { issuer: string; certificate: string },
): Promise<BenchCompany> {
  const { rows } = await client.query<{ id: string; role: string }>(LARGEST)
  const { id: organizationId, role } = rows[0]!
  await client.query(ENTER_SSO, [organizationId])
  const saml = await insertProvider(client, masterKey, organizationId, role, samlSettings(idp.issuer))
  const oidc = await insertProvider(client, masterKey, organizationId, role, oidcSettings(idp.issuer))
  await client.query(INSERT_CERTIFICATE, [organizationId, newId(), saml, idp.certificate])
  const members = await client.query<{ id: string }>(MEMBERS, [organizationId, role, EMPLOYEES])
  const memberIds = members.rows.map(({ id }) => id)
  const people = memberIds.map((memberId, n) => ({ memberId, subject: subjectOf(n), email: addressOf(n) }))
  for (const provider of [saml, oidc])
    await client.query(INSERT_IDENTITIES, [organizationId, provider, role, JSON.stringify(people)])
  return {
    organizationId,
    id: toTypeId('Organization', organizationId),
    saml: toTypeId('SsoProvider', saml),
    oidc: toTypeId('SsoProvider', oidc),
    memberIds,
    adminToken: await openSession(client, organizationId, ADMIN, []),
  }
}

/** A session of a member. @returns  `gos_…` */
export function openMemberSession(client: Client, organizationId: string, memberId: string): Promise<string> {
  return openSession(client, organizationId, 'm.id = $4', [memberId])
}

async function openSession(client: Client, organizationId: string, which: string, values: string[]): Promise<string> {
  const { token, hash } = makeToken('organizationSession', organizationId)
  await client.query(
    `INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, provider, expires_at)
     SELECT $1, $2, $3, m.id, m.epoch, m.user_id, 'SSO', now() + interval '12 hours'
     FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
     WHERE m.organization_id = $1 AND m.status = 'JOINED' AND ${which} LIMIT 1`,
    [organizationId, newId(), hash, ...values],
  )
  return token
}

async function insertProvider(
  client: Client,
  masterKey: Buffer,
  organizationId: string,
  role: string,
  settings: SsoSettings,
): Promise<string> {
  const id = newId()
  const secret = createSealer([masterKey]).seal(CLIENT_SECRET, secretSealContext(organizationId, id))
  const { protocol } = settings
  await client.query(INSERT_PROVIDER, [organizationId, id, protocol, settings, secret, randomBytes(32), role])
  await client.query('INSERT INTO sso_provider_lookups (sso_provider_id, organization_id) VALUES ($1, $2)', [
    id,
    organizationId,
  ])
  return id
}

function samlSettings(issuer: string): SamlSettings {
  return {
    protocol: 'SAML',
    idpEntityId: issuer,
    ssoUrl: 'https://idp.invalid/sso',
    nameIdFormat: null,
    metadataUrl: null,
    signsRequests: false,
  }
}

function oidcSettings(issuer: string): OidcSettings {
  return {
    protocol: 'OIDC',
    issuer,
    clientId: CLIENT_ID,
    clientAuthentication: 'client_secret_post',
    scopes: ['openid', 'email', 'profile'],
    metadata: {
      authorization_endpoint: 'https://idp.invalid/authorize',
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
    },
  }
}

const LARGEST = `
SELECT o.organization_id AS id, r.id AS role FROM organization_counters o
JOIN roles r ON r.organization_id = o.organization_id AND r.scope = 'ORGANIZATION' AND r.key = 'member'
ORDER BY o.joined DESC LIMIT 1`
const ADMIN = `r.key = 'admin'`
const ENTER_SSO = `
WITH closed AS (
  UPDATE invitations SET status = 'REVOKED', organization_mode = NULL, token_hash = NULL, decided_at = now()
  WHERE organization_id = $1 AND status = 'PENDING'
)
UPDATE organizations SET membership_mode = 'SSO' WHERE organization_id = $1`
const INSERT_PROVIDER = `
INSERT INTO sso_providers (organization_id, id, organization_mode, name, vendor, protocol, status, settings, sealed_secret,
  settings_digest, tested_digest, default_role_id, allows_other_domains)
VALUES ($1, $2, 'SSO', $3, 'OTHER', $3, 'ACTIVE', $4, $5, $6, $6, $7, true)`
const INSERT_CERTIFICATE = `
INSERT INTO sso_certificates (organization_id, id, sso_provider_id, fingerprint, certificate, subject, status, not_before, not_after)
VALUES ($1, $2, $3, encode(sha256(decode($4, 'base64')), 'hex'), $4, 'CN=bench', 'ACTIVE', now() - interval '1 year', now() + interval '9 years')`
const MEMBERS = `
SELECT id FROM members WHERE organization_id = $1 AND role_id = $2 AND status = 'JOINED' ORDER BY id LIMIT $3`
// Their addresses become those that the provider tells, so that no sign-in has anything to take over.
const INSERT_IDENTITIES = `
WITH people AS (
  SELECT p.* FROM jsonb_to_recordset($4::jsonb) AS p("memberId" uuid, subject text, email text)
), renamed AS (
  UPDATE members m SET email = p.email, name = 'Employee ' || split_part(p.subject, '-', 2) FROM people p
  WHERE m.organization_id = $1 AND m.id = p."memberId"
)
INSERT INTO sso_identities (organization_id, id, sso_provider_id, subject, member_id, user_id, given_role_id)
SELECT $1, gen_random_uuid(), $2, p.subject, m.id, m.user_id, $3
FROM people p JOIN members m ON m.organization_id = $1 AND m.id = p."memberId"`
