import type { OrganizationSession, ReadContext } from '../../access'
import { AppError } from '../../kernel/errors'

/** The member who asks in a session of theirs. @throws FORBIDDEN  it is a key that asks, or the operator */
export function sessionActor({ actor }: ReadContext): OrganizationSession {
  if (actor.kind === 'member') return actor
  throw new AppError('FORBIDDEN', 'Only the person in a session can do this.')
}
