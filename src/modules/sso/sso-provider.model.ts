export type { IdpVendor } from '../../kernel/idp-vendor'

/**
 * `DRAFT`     being set up
 * `TESTED`    a sign-in with exactly these settings has passed
 * `ACTIVE`    members sign in by it; only where members come by SSO
 * `DISABLED`  out of use; nobody signs in by it, and sessions that began with it have ended
 */
export type SsoStatus = 'DRAFT' | 'TESTED' | 'ACTIVE' | 'DISABLED'

/** What is kept of a discovery document (OpenID Connect Discovery 1.0 §3). Every address in it is https. */
export interface OidcMetadata {
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly jwks_uri: string
  readonly userinfo_endpoint?: string
  readonly end_session_endpoint?: string
  /** RFC 9207: the answer names its issuer. */
  readonly authorization_response_iss_parameter_supported?: boolean
  readonly id_token_signing_alg_values_supported?: readonly string[]
  readonly token_endpoint_auth_methods_supported?: readonly string[]
  readonly scopes_supported?: readonly string[]
}

/** How an OpenID Connect provider is spoken to. The client secret stands elsewhere, sealed. */
export interface OidcSettings {
  readonly protocol: 'OIDC'
  /** As the provider writes it, to the letter: compared with `iss`. */
  readonly issuer: string
  readonly clientId: string
  readonly clientAuthentication: 'client_secret_post' | 'client_secret_basic'
  /** Always with `openid`. */
  readonly scopes: readonly string[]
  readonly metadata: OidcMetadata
  /** Entra: the directory that `tid` must name. */
  readonly entraTenantId?: string
  /** Google Workspace: the domain that `hd` must name. */
  readonly hostedDomain?: string
  /** The last four characters of the client secret, for people to tell one from another; absent for short secrets. */
  readonly clientSecretPreview?: string
}

/** How a SAML 2.0 provider is spoken to. Its certificates stand in a table of their own. */
export interface SamlSettings {
  readonly protocol: 'SAML'
  /** Compared with `Issuer`, to the letter. */
  readonly idpEntityId: string
  /** Single sign-on service, HTTP-Redirect. */
  readonly ssoUrl: string
  /** Asked for in NameIDPolicy; null to leave it to the provider. */
  readonly nameIdFormat: string | null
  /** Where the metadata was read. */
  readonly metadataUrl: string | null
  /** Whether AuthnRequests are signed. */
  readonly signsRequests: boolean
}

export type SsoSettings = OidcSettings | SamlSettings

/** What a profile is filled with. */
export const ATTRIBUTE_TARGETS = ['email', 'firstName', 'lastName', 'name', 'avatarUrl', 'groups'] as const
export type AttributeTarget = (typeof ATTRIBUTE_TARGETS)[number]

/** Which claim or attribute fills what; the usual names count for what is absent ({@link USUAL_SOURCES}). */
export type AttributeMapping = Readonly<Partial<Record<AttributeTarget, string>>>

/** The names that are tried, in this order, where the mapping says nothing. */
export const USUAL_SOURCES: Readonly<
  Record<SsoSettings['protocol'], Readonly<Record<AttributeTarget, readonly string[]>>>
> = {
  OIDC: {
    email: ['email'],
    firstName: ['given_name'],
    lastName: ['family_name'],
    name: ['name'],
    avatarUrl: ['picture'],
    groups: ['groups'],
  },
  SAML: {
    email: [
      'email',
      'mail',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
      'urn:oid:0.9.2342.19200300.100.1.3',
    ],
    firstName: [
      'firstName',
      'givenName',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
      'urn:oid:2.5.4.42',
    ],
    lastName: [
      'lastName',
      'surname',
      'sn',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
      'urn:oid:2.5.4.4',
    ],
    name: [
      'name',
      'displayName',
      'http://schemas.microsoft.com/identity/claims/displayname',
      'urn:oid:2.16.840.1.113730.3.1.241',
    ],
    avatarUrl: ['picture', 'avatarUrl'],
    groups: ['groups', 'memberOf', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups'],
  },
}

/** What a client secret is sealed for: it opens for its own connection only. */
export function secretSealContext(organizationId: string, providerId: string): string {
  return `sso_providers/${organizationId}/${providerId}/client_secret`
}
