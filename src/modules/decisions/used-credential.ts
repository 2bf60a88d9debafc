import type { IdleActor } from '../../access'
import type { Subject } from './question.model'
import type { KnownSubject } from './standing.model'

/**
 * The key or session that was presented, when it is in use and that has not been noted for an hour. Who asks about a key
 * by its id does not use it; who presents a token of a session uses the session.
 */
export function idleCredential(organizationId: string, asked: Subject, known: KnownSubject | null): IdleActor | null {
  const isNamed = 'id' in asked && asked.kind !== 'SESSION'
  if (isNamed || !known?.credential?.isIdle || known.credential.isEnded) return null
  const { kind, id } = known.credential
  return kind === 'KEY' ? { kind: 'key', organizationId, keyId: id } : { kind: 'member', organizationId, sessionId: id }
}
