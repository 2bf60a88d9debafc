import type { AccountSession, ReadContext } from '../../access'
import { newId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import { OrganizationSessionEntity } from './organization-session.entity'

/** A session just opened. The token is shown once: to a bearer client in the answer, to a browser as its cookie. */
export interface OpenedSession {
  organizationId: string
  token: string
  expiresAt: Date
}

/** How long a session of an organization lives, whether it is used or not. */
const LIFETIME_HOURS = 12

/** Opens a session of one organization for a joined member who is signed in on the account side. */
export async function openOrganizationSession(
  { tx, request }: ReadContext,
  account: AccountSession,
  member: { organizationId: string; memberId: string; memberEpoch: number },
): Promise<OpenedSession> {
  const { token, hash } = makeToken('organizationSession', member.organizationId)
  const expiresAt = new Date(Date.now() + LIFETIME_HOURS * 3_600_000)
  await tx.entities.insert(OrganizationSessionEntity, {
    ...member,
    id: newId(),
    tokenHash: hash,
    userId: account.userId,
    accountSessionId: account.sessionId,
    provider: account.provider,
    ip: request.ip,
    userAgent: request.userAgent,
    expiresAt,
  })
  return { organizationId: member.organizationId, token, expiresAt }
}
