import type { AuditEntry, WriteContext } from '../../access'
import { toTypeId } from '../../kernel/ids'

/** What the letter to an invited person says; the link with the token is added by whoever renders it. */
export interface InvitationLetter {
  invitationId: string
  email: string
  organizationName: string
  invitedByName: string
  roleName: string
  message: string | null
  expiresAt: Date
}

/** Hands the letter to the outbox. The token travels sealed: the database keeps only its hash. */
export function sendLetter(context: WriteContext, { email, ...payload }: InvitationLetter, token: string): void {
  context.send({ kind: 'mail.invitation', destination: email, payload, secret: token })
}

/** The audit row of something that happened to an invitation. */
export function invitationAudit(
  action: string,
  invitation: { id: string; email: string },
  changes?: AuditEntry['changes'],
): AuditEntry {
  const target = { type: 'Invitation', id: toTypeId('Invitation', invitation.id), label: invitation.email }
  return { action, targets: [target], changes }
}
