import { notFound } from '../../access'
import { AppError } from '../../kernel/errors'
import { readToken } from '../../platform/crypto'
import type { AnsweredInvitation, InvitationKey } from './received-invitation.store'

/**
 * How an answer names its invitation: the token of the link, or an invitation of the caller's own list, which is
 * where its organization comes from.
 */
export type InvitationAnswer =
  | { readonly token: string }
  | { readonly invitationId: string; readonly organizationId: string }

/** The organization of an answer; null when the token is malformed. */
export function organizationOfAnswer(answer: InvitationAnswer): string | null {
  if ('invitationId' in answer) return answer.organizationId
  return readToken('invitation', answer.token)?.organizationId ?? null
}

/** What the store looks for. @throws NOT_FOUND  the token is malformed */
export function keyOfAnswer(answer: InvitationAnswer): InvitationKey {
  if ('invitationId' in answer) return { id: answer.invitationId }
  const token = readToken('invitation', answer.token)
  if (!token) throw notFound('The invitation')
  return { tokenHash: token.hash }
}

/**
 * Does nothing for an invitation that waits for its answer.
 * @throws EXPIRED  it is too old, or was accepted
 * @throws WRONG_STATE  it was declined or revoked
 */
export function requireOpen({ status }: AnsweredInvitation): void {
  if (status === 'PENDING') return
  if (status === 'EXPIRED')
    throw new AppError('EXPIRED', 'This invitation is too old; ask the person who invited you to send it again.')
  if (status === 'ACCEPTED')
    throw new AppError('EXPIRED', 'This invitation was accepted; it works once. Ask for a new one if it was not you.')
  throw new AppError('WRONG_STATE', `This invitation was ${status.toLowerCase()}; ask for a new one.`)
}

/** @throws EMAIL_MISMATCH  no identity of the account has the invited address verified */
export function requireOwnAddress({ isForAccount, email }: AnsweredInvitation): void {
  if (isForAccount) return
  throw new AppError('EMAIL_MISMATCH', `This invitation is for ${email}; sign in with that address.`)
}
