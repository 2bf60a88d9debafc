import { readUseCase } from '../../access'
import { readToken } from '../../platform/crypto'
import { findInvitationByToken, type ReceivedInvitation } from './received-invitation.store'

/** What the holder of a link sees before signing in; null for a link that is unknown or was replaced. Reads only: mail scanners open links. */
export const previewInvitation = readUseCase({
  name: 'previewInvitation',
  requires: 'anyone',
  // Not that of the link: the same operation may read the organization that the caller is in.
  organization: () => null,
  async run({ tx }, { token }: { token: string }): Promise<ReceivedInvitation | null> {
    const read = readToken('invitation', token)
    return read?.organizationId ? findInvitationByToken(tx, read.organizationId, read.hash) : null
  },
})
