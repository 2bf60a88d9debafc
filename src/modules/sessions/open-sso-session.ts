import type { WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import type { OpenedSession } from './open-organization-session'
import { idTokenSealContext, insertSsoSession } from './organization-session.store'

/** Who has signed in through the company, and what is to be remembered of it. */
export interface OpenSsoSession {
  readonly organizationId: string
  readonly memberId: string
  readonly memberEpoch: number
  readonly userId: string
  /** The connection; the session dies with it. */
  readonly ssoProviderId: string
  readonly ssoIdentityId: string
  /** The provider's name of its own session (`sid`, SessionIndex), for logout; null when it gave none. */
  readonly idpSession: string | null
  /** When the person proved themselves at the provider. */
  readonly authenticatedAt: Date
  readonly expiresAt: Date
  /** With which a sign-out reaches the provider; null where there is none to keep. */
  readonly idToken: string | null
}

/**
 * Opens a session of one organization for a joined member who has signed in through the company. There is no account
 * session behind it: it opens nothing but this organization (docs/adr/0014-single-sign-on.md).
 *
 * @throws UNAUTHENTICATED  the user was disabled, or the member changed, since they were read
 */
export async function openSsoSession(
  { tx, request, sealer }: WriteContext,
  { idToken, ...opening }: OpenSsoSession,
): Promise<OpenedSession> {
  const { organizationId, expiresAt } = opening
  const id = newId()
  const { token, hash } = makeToken('organizationSession', organizationId)
  const sealedIdToken = idToken === null ? null : sealer.seal(idToken, idTokenSealContext(organizationId, id))
  const session = { ...opening, id, sealedIdToken, tokenHash: hash, ip: request.ip, userAgent: request.userAgent }
  if (await insertSsoSession(tx, session)) return { organizationId, token, expiresAt }
  throw new AppError('UNAUTHENTICATED', 'Your access has ended; ask an Admin of the organization.')
}

/**
 * When a session that begins now ends: with the lifetime that the connection gives, and no later than the provider wants.
 * @param idpEnd  SessionNotOnOrAfter; null when the provider sets no end
 */
export function endOfSsoSession(lifetimeMinutes: number, idpEnd: Date | null): Date {
  const end = Date.now() + lifetimeMinutes * 60_000
  return new Date(Math.min(end, idpEnd?.getTime() ?? end))
}
