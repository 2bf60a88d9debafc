import { newId, toTypeId } from '../../src/kernel/ids'
import { type SsoSettings, secretSealContext, settingsDigest } from '../../src/modules/sso'
import { makeToken } from '../../src/platform/crypto'
import type { Gatehouse } from './gatehouse'
import type { GraphQLClient } from './graphql-client'
import type { TestOrganization } from './world'

export const OIDC_SETTINGS: SsoSettings = {
  protocol: 'OIDC',
  issuer: 'https://login.example.com',
  clientId: 'gatehouse',
  clientAuthentication: 'client_secret_post',
  scopes: ['openid', 'email', 'profile'],
  metadata: {
    authorization_endpoint: 'https://login.example.com/authorize',
    token_endpoint: 'https://login.example.com/token',
    jwks_uri: 'https://login.example.com/keys',
  },
}

export const SAML_SETTINGS: SsoSettings = {
  protocol: 'SAML',
  idpEntityId: 'https://login.example.com/saml',
  ssoUrl: 'https://login.example.com/saml/sso',
  nameIdFormat: null,
  metadataUrl: null,
  signsRequests: false,
}

/** A connection that is arranged, with its digest as the application keeps it. */
export interface ArrangedProvider {
  uuid: string
  /** TypeID */
  id: string
}

/** A connection, arranged behind the application's back: for tests whose subject is not how it is set up. */
export async function arrangeProvider(
  { superuser, app }: Gatehouse,
  organization: TestOrganization,
  options: { settings?: SsoSettings; status?: string; name?: string; secret?: string } = {},
): Promise<ArrangedProvider> {
  const { settings = OIDC_SETTINGS, status = 'DRAFT', name = `Provider ${newId()}`, secret } = options
  const uuid = newId()
  const sealedSecret = secret ? app.spine.sealer.seal(secret, secretSealContext(organization.uuid, uuid)) : null
  const digest = settingsDigest({ settings, sealedSecret, subjectSource: null, fingerprints: [] })
  const isTested = status === 'TESTED' || status === 'ACTIVE'
  await superuser.rows(
    `INSERT INTO sso_providers (organization_id, id, organization_mode, name, vendor, protocol, status, settings, sealed_secret,
       settings_digest, tested_digest, default_role_id)
     SELECT $1, $2, CASE WHEN $3 = 'ACTIVE' THEN 'SSO' END, $4, 'OTHER', $5, $3, $6, $7, $8, $9, id
     FROM roles WHERE organization_id = $1 AND key = 'member'`,
    [
      organization.uuid,
      uuid,
      status,
      name,
      settings.protocol,
      settings,
      sealedSecret,
      digest,
      isTested ? digest : null,
    ],
  )
  await superuser.rows('INSERT INTO sso_provider_lookups (sso_provider_id, organization_id) VALUES ($1, $2)', [
    uuid,
    organization.uuid,
  ])
  return { uuid, id: toTypeId('SsoProvider', uuid) }
}

/** Brings an organization into SSO mode, behind the application's back. */
export async function enterSsoMode(
  { superuser }: Pick<Gatehouse, 'superuser'>,
  { uuid }: TestOrganization,
): Promise<void> {
  await superuser.rows(`UPDATE organizations SET membership_mode = 'SSO' WHERE organization_id = $1`, [uuid])
}

let employees = 0

/** Somebody who has come through a connection and is in a session, arranged behind the application's back: a user of its own and no account session. */
export async function comeThrough(
  gatehouse: Gatehouse,
  organization: TestOrganization,
  provider: ArrangedProvider,
  name = 'Emma',
): Promise<Employee> {
  employees += 1
  const [userId, memberId, identityId] = [newId(), newId(), newId()]
  const subject = `subject-${employees}`
  const email = `${name.toLowerCase()}.${employees}@employees.example`
  const rows = (sql: string, values: unknown[]) => gatehouse.superuser.rows(sql, values)
  await rows('INSERT INTO users (id, name, email) VALUES ($1, $2, $3)', [userId, name, email])
  await rows(
    `INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at)
     SELECT $1, $2, $3, $4, $5, 'JOINED', 'SSO', id, now() FROM roles WHERE organization_id = $1 AND key = 'member'`,
    [organization.uuid, memberId, userId, email, name],
  )
  await rows(
    `INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
     SELECT $1, $2, $3, 'JOINED', 'member', exclusive_membership, now() FROM installation`,
    [userId, organization.uuid, memberId],
  )
  await rows('UPDATE organization_counters SET joined = joined + 1 WHERE organization_id = $1', [organization.uuid])
  await rows(
    `INSERT INTO sso_identities (organization_id, id, sso_provider_id, subject, member_id, user_id, email, name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [organization.uuid, identityId, provider.uuid, subject, memberId, userId, email, name],
  )
  const openSession = async () => {
    const { token, hash } = makeToken('organizationSession', organization.uuid)
    await rows(
      `INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, provider,
         sso_provider_id, sso_identity_id, authenticated_at, expires_at)
       VALUES ($1, $2, $3, $4, 1, $5, 'SSO', $6, $7, now(), now() + interval '1 hour')`,
      [organization.uuid, newId(), hash, memberId, userId, provider.uuid, identityId],
    )
    return token
  }
  const token = await openSession()
  return { userId, memberId, identityId, name, email, token, organization: gatehouse.client(token), openSession }
}

/** A member without an account session. */
export interface Employee {
  userId: string
  memberId: string
  identityId: string
  name: string
  email: string
  /** `gos_…` */
  token: string
  /** GraphQL inside the organization. */
  organization: GraphQLClient
  /** Opens a further session. @returns its token */
  openSession(): Promise<string>
}

/** Links a member to a subject of a connection, behind the application's back. */
export async function arrangeIdentity(
  { superuser }: Gatehouse,
  { uuid }: TestOrganization,
  provider: ArrangedProvider,
  member: { memberId: string; userId: string },
  subject = `subject-${newId()}`,
): Promise<string> {
  await superuser.rows(
    `INSERT INTO sso_identities (organization_id, id, sso_provider_id, subject, member_id, user_id) VALUES ($1, $2, $3, $4, $5, $6)`,
    [uuid, newId(), provider.uuid, subject, member.memberId, member.userId],
  )
  return subject
}
