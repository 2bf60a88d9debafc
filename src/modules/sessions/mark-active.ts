import type { IdleActor, RequestFacts } from '../../access'
import type { Database, Transaction } from '../../platform/database'
import { markKeyUsed } from '../api-keys'
import { markSetupLinkUsed } from '../setup-links'
import { markAccountSessionActive, markOrganizationSessionActive } from './active-session.store'

/**
 * Makes what notes that a session or key is in use, to the hour. It works after the request in a transaction of its
 * own; a failure costs nothing but the note, so nobody is told of it.
 */
export function markActive(database: Database): (actor: IdleActor, request: RequestFacts) => void {
  return (actor, request) => {
    const scope =
      actor.kind === 'account'
        ? ({ kind: 'account' } as const)
        : ({ kind: 'organization', organizationId: actor.organizationId } as const)
    database.write(scope, (tx) => mark(tx, actor, request)).catch(() => {})
  }
}

function mark(tx: Transaction, actor: IdleActor, { ip }: RequestFacts): Promise<void> {
  if (actor.kind === 'account') return markAccountSessionActive(tx, actor.sessionId)
  if (actor.kind === 'setup') return markSetupLinkUsed(tx, actor.organizationId, actor.linkId)
  if (actor.kind === 'key') return markKeyUsed(tx, actor.organizationId, actor.keyId, ip)
  return markOrganizationSessionActive(tx, actor.organizationId, actor.sessionId)
}
