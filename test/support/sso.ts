import { newId, toTypeId } from '../../src/kernel/ids'
import { type SsoSettings, secretSealContext, settingsDigest } from '../../src/modules/sso'
import type { Gatehouse } from './gatehouse'
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
export async function enterSsoMode({ superuser }: Gatehouse, { uuid }: TestOrganization): Promise<void> {
  await superuser.rows(`UPDATE organizations SET membership_mode = 'SSO' WHERE organization_id = $1`, [uuid])
}
