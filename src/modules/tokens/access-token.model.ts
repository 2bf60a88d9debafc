import { toTypeId } from '../../kernel/ids'

/** How long an access token lives at most, in seconds. */
export const ACCESS_TOKEN_SECONDS = 300

/** What this installation is for whoever verifies its tokens. */
export interface TokenIssuer {
  /** `iss`: where the installation is reached, without a slash at the end. */
  readonly issuer: string
  /** Whom tokens may be for, at least one; the first when nobody is named. */
  readonly audiences: readonly string[]
}

/** Everything that an access token says, as it was at one instant. Ids are UUIDs. */
export interface TokenFacts {
  readonly organizationId: string
  readonly organizationSlug: string
  readonly sessionId: string
  readonly userId: string
  readonly memberId: string
  /** Of the session; an access token never outlives it. */
  readonly sessionExpiresAt: Date
  /** When the person signed in. */
  readonly authenticatedAt: Date
  readonly provider: string
  readonly ssoProviderId: string | null
  readonly email: string
  /** A provider that proves addresses has proven it, or the organization owns its domain. */
  readonly isEmailVerified: boolean
  readonly roleKey: string
  /** Held in the whole organization, in alphabetical order. */
  readonly permissions: readonly string[]
  /** One more than fit when there are more; roles are those that are given in the project. */
  readonly projects: readonly { readonly id: string; readonly roles: readonly string[] }[]
  /** Of the database, by which everything is measured. */
  readonly now: Date
}

const MOST_PERMISSIONS = 100
/** Projects that a token names at most. */
export const MOST_PROJECTS = 30
// Headers are 8 kB at many proxies; both lists together stay far below, also in base64.
const MOST_BYTES = 2_048

/**
 * The claims of an access token (RFC 9068 §2.2, RFC 7519; docs/tokens.md). One organization each. Lists that are too long
 * are left out as a whole, with a word on it: a list that was cut would be taken for all there is.
 *
 * @param audience  one of the issuer's
 */
export function accessTokenClaims(facts: TokenFacts, { issuer }: TokenIssuer, audience: string, id: string) {
  return {
    iss: issuer,
    sub: toTypeId('User', facts.userId),
    aud: audience,
    // Nobody registers as a client: whoever asks has a session of Gatehouse itself.
    client_id: issuer,
    iat: seconds(facts.now),
    exp: seconds(expiryOf(facts)),
    jti: id,
    sid: toTypeId('Session', facts.sessionId),
    auth_time: seconds(facts.authenticatedAt),
    amr: [AMR[facts.provider] ?? facts.provider.toLowerCase()],
    org_id: toTypeId('Organization', facts.organizationId),
    org_slug: facts.organizationSlug,
    membership_id: toTypeId('Member', facts.memberId),
    ...(facts.ssoProviderId && { connection_id: toTypeId('SsoProvider', facts.ssoProviderId) }),
    email: facts.email,
    email_verified: facts.isEmailVerified,
    roles: [facts.roleKey],
    ...fitting('permissions', facts.permissions, MOST_PERMISSIONS),
    ...fitting(
      'projects',
      facts.projects.map(({ id, roles }) => ({ id: toTypeId('Project', id), roles })),
      MOST_PROJECTS,
    ),
  }
}

/** Five minutes, or what is left of the session. */
export function expiryOf({ now, sessionExpiresAt }: Pick<TokenFacts, 'now' | 'sessionExpiresAt'>): Date {
  return new Date(Math.min(now.getTime() + ACCESS_TOKEN_SECONDS * 1000, sessionExpiresAt.getTime()))
}

// RFC 8176 §2. It has no word for "another provider has checked": the provider is named instead.
const AMR: Readonly<Record<string, string>> = { EMAIL: 'otp' }

function fitting(name: 'permissions' | 'projects', list: readonly unknown[], most: number): object {
  const fits = list.length <= most && Buffer.byteLength(JSON.stringify(list)) <= MOST_BYTES
  return fits ? { [name]: list } : { [`${name}_omitted`]: true }
}

function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
