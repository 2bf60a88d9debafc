import { AppError } from '../../kernel/errors'
import type { Outside } from '../../platform/outside'
import { discoverOidc } from './discover-oidc'
import { fetchText } from './fetch-text'
import { readProviderUrl } from './provider-url'
import { readSamlMetadata } from './saml-metadata'
import { readSigningCertificates, type SigningCertificate } from './signing-certificate'
import type { IdpVendor, OidcSettings, SamlSettings, SsoSettings } from './sso-provider.model'

/** An OpenID Connect connection as it came in; on a change absent values stay as they are. */
export interface OidcInput {
  issuer?: string | null
  clientId?: string | null
  clientSecret?: string | null
  clientAuthentication?: OidcSettings['clientAuthentication'] | null
  scopes?: readonly string[] | null
  hostedDomain?: string | null
}

/** A SAML connection as it came in: metadata, its address, or single values, which count before what metadata says. */
export interface SamlInput {
  metadataXml?: string | null
  metadataUrl?: string | null
  idpEntityId?: string | null
  idpSsoUrl?: string | null
  nameIdFormat?: string | null
  signsRequests?: boolean | null
  certificates?: readonly string[] | null
}

/** Exactly one of the two. */
export interface ProtocolInput {
  oidc?: OidcInput | null
  saml?: SamlInput | null
}

/** What came of it: checked, and asked for outside where it had to be. */
export interface ResolvedSettings {
  readonly settings: SsoSettings
  /** A new client secret; null to keep the one there is. */
  readonly clientSecret: string | null
  /** Null to leave them as they are. */
  readonly certificates: readonly SigningCertificate[] | null
}

const SCOPES = ['openid', 'email', 'profile']
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/
const MAXIMUM_SCOPES = 20
const LONGEST_VALUE = 1_024
const PREVIEWED = 4
const LONG_SECRET = 16

/**
 * Checks how a provider is spoken to, and asks it for the rest. No transaction may be held meanwhile.
 *
 * @param current  how it was spoken to until now; null for a new connection
 * @param path  of the argument that `input` is
 * @throws REQUIRED, INVALID, TOO_LONG, TOO_MANY  with path
 */
export async function resolveSettings(
  outside: Outside,
  vendor: IdpVendor,
  { oidc, saml }: ProtocolInput,
  current: SsoSettings | null,
  path: readonly string[],
): Promise<ResolvedSettings> {
  if (oidc && current?.protocol !== 'SAML') return resolveOidc(outside, vendor, oidc, current, [...path, 'oidc'])
  if (saml && current?.protocol !== 'OIDC') return resolveSaml(outside, saml, current, [...path, 'saml'])
  throw new AppError('INVALID', 'The protocol of a connection stays; set up a new one for the other.', { path })
}

async function resolveOidc(
  outside: Outside,
  vendor: IdpVendor,
  input: OidcInput,
  current: OidcSettings | null,
  path: readonly string[],
): Promise<ResolvedSettings> {
  const clientId = text(input.clientId ?? current?.clientId, 'clientId', path)
  const clientSecret = input.clientSecret == null && current ? null : text(input.clientSecret, 'clientSecret', path)
  const scopes = checkScopes(input.scopes ?? current?.scopes ?? SCOPES, [...path, 'scopes'])
  const isSameIssuer = current && input.issuer == null && input.hostedDomain === undefined
  const discovered = isSameIssuer
    ? current
    : await discoverOidc(
        outside,
        {
          issuer: text(input.issuer ?? current?.issuer, 'issuer', path),
          vendor,
          hostedDomain: input.hostedDomain === undefined ? (current?.hostedDomain ?? null) : input.hostedDomain,
        },
        [...path, 'issuer'],
      )
  const { issuer, metadata, entraTenantId, hostedDomain } = discovered
  // Nobody reads the secret, and nobody has it sent elsewhere either.
  if (clientSecret === null && issuer !== current?.issuer)
    throw new AppError('REQUIRED', 'Another issuer needs a client secret of its own.', {
      path: [...path, 'clientSecret'],
    })
  const offered = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic', 'client_secret_post']
  const clientAuthentication =
    input.clientAuthentication ??
    current?.clientAuthentication ??
    (offered.includes('client_secret_post') ? 'client_secret_post' : 'client_secret_basic')
  if (!offered.includes(clientAuthentication))
    throw new AppError('INVALID', `The provider does not take ${clientAuthentication}.`, {
      path: [...path, 'clientAuthentication'],
    })
  const preview = clientSecret === null ? current?.clientSecretPreview : previewOf(clientSecret)
  const settings: OidcSettings = {
    protocol: 'OIDC',
    issuer,
    clientId,
    clientAuthentication,
    scopes,
    metadata,
    ...(entraTenantId && { entraTenantId }),
    ...(hostedDomain && { hostedDomain }),
    ...(preview && { clientSecretPreview: preview }),
  }
  return { settings, clientSecret, certificates: null }
}

async function resolveSaml(
  outside: Outside,
  input: SamlInput,
  current: SamlSettings | null,
  path: readonly string[],
): Promise<ResolvedSettings> {
  const at = (name: string) => ({ allowsLoopback: outside.allowsLoopback ?? false, path: [...path, name] })
  const metadataUrl = input.metadataUrl
    ? readProviderUrl(input.metadataUrl, 'The metadata URL', at('metadataUrl'))
    : null
  const source = input.metadataXml ? 'metadataXml' : 'metadataUrl'
  const xml = input.metadataXml || (metadataUrl && (await fetchText(outside, metadataUrl.href, [...path, source])))
  const metadata = xml ? readSamlMetadata(xml, at(source)) : null
  const ssoUrl = input.idpSsoUrl && readProviderUrl(input.idpSsoUrl, 'The sign-in URL', at('idpSsoUrl')).href
  const certificates = input.certificates
    ? readSigningCertificates(input.certificates, [...path, 'certificates'])
    : (metadata?.certificates ?? null)
  if (certificates?.length === 0 || (!certificates && !current))
    throw new AppError('REQUIRED', 'A SAML connection needs a signing certificate.', {
      path: [...path, 'certificates'],
    })
  const format = input.nameIdFormat === undefined ? (current?.nameIdFormat ?? null) : input.nameIdFormat
  const settings: SamlSettings = {
    protocol: 'SAML',
    idpEntityId: text(input.idpEntityId ?? metadata?.idpEntityId ?? current?.idpEntityId, 'idpEntityId', path),
    ssoUrl: text(ssoUrl ?? metadata?.ssoUrl ?? current?.ssoUrl, 'idpSsoUrl', path),
    nameIdFormat: format && text(format, 'nameIdFormat', path),
    metadataUrl: metadataUrl?.href ?? current?.metadataUrl ?? null,
    signsRequests: input.signsRequests ?? metadata?.signsRequests ?? current?.signsRequests ?? false,
  }
  return { settings, clientSecret: null, certificates }
}

function text(value: string | null | undefined, name: string, path: readonly string[]): string {
  const trimmed = value?.trim() ?? ''
  if (!trimmed) throw new AppError('REQUIRED', `${name} is needed.`, { path: [...path, name] })
  if (trimmed.length > LONGEST_VALUE)
    throw new AppError('TOO_LONG', `${name} has at most ${LONGEST_VALUE} characters.`, { path: [...path, name] })
  if (/\p{Cc}/u.test(trimmed))
    throw new AppError('INVALID', `${name} has control characters in it.`, { path: [...path, name] })
  return trimmed
}

function checkScopes(scopes: readonly string[], path: readonly string[]): string[] {
  const all = [...new Set(['openid', ...scopes.map((scope) => scope.trim())])]
  if (all.length > MAXIMUM_SCOPES)
    throw new AppError('TOO_MANY', `At most ${MAXIMUM_SCOPES} scopes are asked for.`, { path })
  if (!all.every((scope) => SCOPE.test(scope)))
    throw new AppError('INVALID', 'A scope is one word of printable ASCII.', { path })
  return all
}

/** Enough to tell one from another; of a short secret not even that. */
function previewOf(secret: string): string | null {
  return secret.length >= LONG_SECRET ? secret.slice(-PREVIEWED) : null
}
