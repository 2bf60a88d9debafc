import type { SelfSigned } from '../../platform/crypto'
import type { Person } from './account'

/** A company whose employees sign in at the local identity provider, by OpenID Connect or SAML. */
export type Company = {
  /** Its place below the address of the provider */
  slug: string
  name: string
  people: readonly Person[]
  /** The same at each start, since connections remember it */
  clientSecret: string
  /** Signs ID tokens and assertions; the same at each start as well */
  key: SelfSigned
}

/** What an Admin enters to connect a company, all of it. */
export type CompanyConnection = {
  slug: string
  name: string
  oidc: { issuer: string; clientId: string; clientSecret: string }
  saml: { entityId: string; ssoUrl: string; metadataUrl: string; certificate: string }
}

/** Every company knows Gatehouse by this client id. */
export const CLIENT_ID = 'gatehouse'

/** @param origin  of the local identity provider */
export function connectionOf({ slug, name, clientSecret, key }: Company, origin: string): CompanyConnection {
  const issuer = `${origin}/${slug}`
  const entityId = `${issuer}/saml`
  return {
    slug,
    name,
    oidc: { issuer, clientId: CLIENT_ID, clientSecret },
    saml: { entityId, ssoUrl: `${entityId}/sso`, metadataUrl: `${entityId}/metadata`, certificate: key.certificate },
  }
}

/** PEM (RFC 7468) of a certificate in base64. */
export function pem(certificate: string): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`
}
