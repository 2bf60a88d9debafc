import type { AccountSession, ReadContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import { insertOrganizationSession } from './organization-session.store'

/** A session just opened. The token is shown once: to a bearer client in the answer, to a browser as its cookie. */
export interface OpenedSession {
  organizationId: string
  token: string
  expiresAt: Date
}

/** How long a session of an organization lives, whether it is used or not. */
const LIFETIME_HOURS = 12

/**
 * Opens a session of one organization for a joined member who is signed in on the account side. A sign-out or a
 * disabled account that was answered meanwhile is not overtaken: both rows are locked and looked at again.
 * @throws UNAUTHENTICATED  when the account session ended or the account was disabled meanwhile
 */
export async function openOrganizationSession(
  { tx, request }: ReadContext,
  account: AccountSession,
  member: { organizationId: string; memberId: string; memberEpoch: number },
  lifetimeHours = LIFETIME_HOURS,
): Promise<OpenedSession> {
  const { token, hash } = makeToken('organizationSession', member.organizationId)
  const expiresAt = new Date(Date.now() + lifetimeHours * 3_600_000)
  const session = { ...member, id: newId(), tokenHash: hash, ip: request.ip, userAgent: request.userAgent, expiresAt }
  if (await insertOrganizationSession(tx, account, session))
    return { organizationId: member.organizationId, token, expiresAt }
  throw new AppError('UNAUTHENTICATED', 'Your sign-in has ended; sign in again.')
}
