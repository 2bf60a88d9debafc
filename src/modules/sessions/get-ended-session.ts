import { readUseCase } from '../../access'
import { type EndedSession, findEndedSession } from './organization-session.store'

/**
 * What became of the session of an organization whose token somebody presents; null while it is alive, or when there was
 * none. Its token was theirs, so they may know where it was and that it is over.
 */
export const getEndedSession = readUseCase({
  name: 'getEndedSession',
  requires: 'anyone',
  organization: (input: { organizationId: string; tokenHash: Buffer }) => input.organizationId,
  run: ({ tx, organizationId }, { tokenHash }): Promise<EndedSession | null> =>
    findEndedSession(tx, organizationId, tokenHash),
})
