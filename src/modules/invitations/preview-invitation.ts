import { readUseCase } from '../../access'
import { readToken } from '../../platform/crypto'
import { findInvitationByToken, type ReceivedInvitation } from './received-invitation.store'

/** What the holder of a link sees before signing in; null for a link that is unknown or was replaced. Reads only: mail scanners open links. */
export const previewInvitation = readUseCase({
  name: 'previewInvitation',
  requires: 'anyone',
  organization: ({ token }: { token: string }) => readToken('invitation', token)?.organizationId ?? null,
  async run({ tx, organizationId }, { token }): Promise<ReceivedInvitation | null> {
    const read = readToken('invitation', token)
    return read ? findInvitationByToken(tx, organizationId, read.hash) : null
  },
})
