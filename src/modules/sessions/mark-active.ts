import type { AccountSession, OrganizationSession } from '../../access'
import type { Database } from '../../platform/database'
import { markAccountSessionActive, markOrganizationSessionActive } from './active-session.store'

/**
 * Makes what notes that a session is in use, to the hour. It works after the request in a transaction of its own; a
 * failure costs nothing but the note, so nobody is told of it.
 */
export function markActive(database: Database): (actor: AccountSession | OrganizationSession) => void {
  return (actor) => {
    const marking =
      actor.kind === 'account'
        ? database.write({ kind: 'account' }, (tx) => markAccountSessionActive(tx, actor.sessionId))
        : database.write({ kind: 'organization', organizationId: actor.organizationId }, (tx) =>
            markOrganizationSessionActive(tx, actor.organizationId, actor.sessionId),
          )
    marking.catch(() => {})
  }
}
