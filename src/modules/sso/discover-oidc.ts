import { z } from 'zod'
import { AppError } from '../../kernel/errors'
import type { Outside } from '../../platform/outside'
import { fetchText } from './fetch-text'
import { readProviderUrl } from './provider-url'
import type { IdpVendor, OidcMetadata } from './sso-provider.model'

/** Whom to ask. */
export interface OidcIssuer {
  /** As the provider writes it. */
  readonly issuer: string
  readonly vendor: IdpVendor
  /** Google Workspace: the domain that `hd` must name. */
  readonly hostedDomain: string | null
}

/** What discovery gave. */
export interface DiscoveredOidc {
  readonly issuer: string
  readonly metadata: OidcMetadata
  readonly entraTenantId?: string
  readonly hostedDomain?: string
}

const DISCOVERY = '/.well-known/openid-configuration'
const ENTRA_HOSTS: ReadonlySet<string> = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'sts.windows.net',
])
const ENTRA_PATH = /^\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/v2\.0$/
const GOOGLE = 'https://accounts.google.com'
const HOSTED_DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/
const SIGNING: ReadonlySet<string> = new Set(['RS256', 'PS256', 'ES256', 'EdDSA'])
// What stands in the address already would be sent twice, and the provider may believe the first.
const OAUTH_PARAMETERS = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
]

const texts = z.array(z.string().max(200)).max(200)
const DOCUMENT = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  userinfo_endpoint: z.string().optional(),
  end_session_endpoint: z.string().optional(),
  response_types_supported: texts,
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  id_token_signing_alg_values_supported: texts.optional(),
  token_endpoint_auth_methods_supported: texts.optional(),
  scopes_supported: texts.optional(),
})

/**
 * Asks an OpenID provider for its endpoints (OpenID Connect Discovery 1.0 §4), and takes them only when they are what a
 * sign-in can be built upon. The issuer must be the one that was named, to the letter: openid-client alone does not see
 * to that for every address.
 *
 * @param path  of the argument that names the issuer
 * @throws INVALID  the issuer, or what it answers
 */
export async function discoverOidc(
  outside: Outside,
  { issuer: named, vendor, hostedDomain: domain }: OidcIssuer,
  path: readonly string[],
): Promise<DiscoveredOidc> {
  const place = { allowsLoopback: outside.allowsLoopback ?? false, path }
  const issuer = checkIssuer(named, place)
  const tenant = entraTenant(new URL(issuer), vendor, path)
  const hostedDomain = checkHostedDomain(issuer, domain, path)
  const document = readDocument(await fetchText(outside, `${issuer.replace(/\/$/, '')}${DISCOVERY}`, path), path)
  const refuse = (message: string): never => {
    throw new AppError('INVALID', message, { path })
  }
  if (document.issuer !== issuer)
    refuse(`The provider calls itself ${document.issuer.slice(0, 200)}; enter the issuer exactly as it does.`)
  const { response_types_supported: responses, issuer: _issuer, ...metadata } = document
  if (!responses.includes('code')) refuse('The provider does not offer the authorization code flow.')
  const algorithms = metadata.id_token_signing_alg_values_supported
  if (algorithms && !algorithms.some((algorithm) => SIGNING.has(algorithm)))
    refuse(`The provider must sign ID tokens with one of ${[...SIGNING].join(', ')}.`)
  for (const [name, value] of Object.entries(metadata))
    if (typeof value === 'string') readProviderUrl(value, `${name} of the provider`, place)
  const { searchParams } = new URL(metadata.authorization_endpoint)
  if (OAUTH_PARAMETERS.some((parameter) => searchParams.has(parameter)))
    refuse('The authorization_endpoint of the provider has parameters of OAuth in it, which is not taken.')
  return {
    issuer,
    metadata,
    ...(tenant && { entraTenantId: tenant }),
    ...(hostedDomain && { hostedDomain }),
  }
}

function checkIssuer(text: string, place: { allowsLoopback: boolean; path: readonly string[] }): string {
  const issuer = text.trim()
  const url = readProviderUrl(issuer, 'The issuer', place)
  if (issuer.includes('/.well-known/'))
    throw new AppError('INVALID', 'Enter the issuer without /.well-known/ and what follows.', { path: place.path })
  // What the URL parser would write otherwise (a default port, capitals, dots in the path) is no issuer.
  const isPlain = url.href === issuer || url.href === `${issuer}/`
  if (!isPlain || url.search || issuer.includes('?') || issuer.includes('#'))
    throw new AppError('INVALID', `The issuer must be a plain address without query, such as ${url.origin}.`, {
      path: place.path,
    })
  return issuer
}

/** Entra: the issuer of one directory only; `common` and its like let any company in. */
function entraTenant({ host, pathname }: URL, vendor: IdpVendor, path: readonly string[]): string | null {
  if (vendor !== 'ENTRA' && !ENTRA_HOSTS.has(host)) return null
  const tenant = ENTRA_HOSTS.has(host) ? ENTRA_PATH.exec(pathname)?.[1] : undefined
  if (tenant) return tenant
  const example = 'https://login.microsoftonline.com/{Directory (tenant) ID}/v2.0'
  throw new AppError('INVALID', `The issuer of Entra is ${example} with the id of your directory.`, { path })
}

/** Google signs for everybody under one issuer: which company it is stands in `hd` alone. */
function checkHostedDomain(issuer: string, domain: string | null, path: readonly string[]): string | null {
  const at = { path: [...path.slice(0, -1), 'hostedDomain'] }
  const hostedDomain = domain?.trim().toLowerCase() || null
  if (issuer !== GOOGLE) {
    if (hostedDomain) throw new AppError('INVALID', 'hostedDomain is for Google Workspace only.', at)
    return null
  }
  if (!hostedDomain) throw new AppError('REQUIRED', 'Google needs hostedDomain: the domain of your Workspace.', at)
  if (!HOSTED_DOMAIN.test(hostedDomain)) throw new AppError('INVALID', 'hostedDomain is not a domain name.', at)
  return hostedDomain
}

function readDocument(text: string, path: readonly string[]): z.infer<typeof DOCUMENT> {
  const parsed = DOCUMENT.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const field = parsed.error.issues[0]?.path.join('.')
  const problem = field ? `lacks a usable ${field}` : 'is not one'
  throw new AppError('INVALID', `What the issuer answers as discovery document ${problem}.`, { path })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
