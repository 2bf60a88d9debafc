import { createHash, timingSafeEqual } from 'node:crypto'
import { writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { readToken } from '../../platform/crypto'
import { type OpenedSession, openSsoSession } from '../sessions'
import { takeSessionCode } from './session-code.store'

/** What a frontend presents for the session of a finished sign-in. */
export interface ExchangeSessionCode {
  /** `gsc_…` */
  readonly code: string
  /** Whose S256 the sign-in began with (RFC 7636 §4.6). */
  readonly codeVerifier: string
  /** The return URL that the sign-in began with. */
  readonly returnUrl: string
}

/**
 * Opens the session that a code stands for. The code is used up by the attempt, whatever comes of it.
 * @returns  null when the code does not count, or not for this verifier and return URL
 */
export const exchangeSessionCode = writeUseCase({
  name: 'exchangeSessionCode',
  requires: 'anyone',
  organization: ({ code }: ExchangeSessionCode) => organizationOf(code),
  locks: 'share',
  unaudited: true,
  async run(context, { code, codeVerifier, returnUrl }): Promise<OpenedSession | null> {
    const { tx, organizationId } = context
    const taken = await takeSessionCode(tx, organizationId, readToken('sessionCode', code)!.hash)
    if (!taken || taken.returnUrl !== returnUrl || !answers(taken.challenge, codeVerifier)) return null
    const { limits, memberId, ssoIdentityId } = taken
    const session = await openSsoSession(context, {
      ...limits,
      organizationId,
      memberId,
      ssoIdentityId,
      authenticatedAt: new Date(limits.authenticatedAt),
      expiresAt: new Date(limits.expiresAt),
      // A frontend of another origin has no page here to sign out on.
      idToken: null,
    })
    context.audit({ action: 'session.opened', targets: [{ type: 'Member', id: toTypeId('Member', memberId) }] })
    return session
  },
})

/** @throws INVALID  not a code */
function organizationOf(code: string): string {
  const organizationId = readToken('sessionCode', code)?.organizationId
  if (organizationId) return organizationId
  throw new AppError('INVALID', 'This is not a code of a finished sign-in.')
}

function answers(challenge: string, verifier: string): boolean {
  const expected = Buffer.from(challenge)
  const given = Buffer.from(createHash('sha256').update(verifier).digest('base64url'))
  return expected.length === given.length && timingSafeEqual(expected, given)
}
