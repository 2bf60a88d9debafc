import { evaluate, type IdleActor, readUseCase } from '../../access'
import type { PresentedSubject } from './question.model'
import type { SubjectCredential, SubjectOwner } from './standing.model'
import { loadWholeStanding } from './standing.store'
import { idleCredential } from './used-credential'

/** A secret, by its SHA-256, or the session that a token names, and the organization of either. */
export interface IntrospectToken {
  organizationId: string
  subject: PresentedSubject
}

/** What a live key or session is and may do. */
export interface LiveToken {
  readonly owner: SubjectOwner
  readonly credential: SubjectCredential
  /** What it allows in its organization, or in the one project it works in; in alphabetical order. */
  readonly permissions: readonly string[]
  readonly idle: IdleActor | null
}

/** What an API key, an organization session or a token of one is worth at this instant (RFC 7662); null when it is worth nothing. */
export const introspectToken = readUseCase({
  name: 'introspectToken',
  requires: 'service',
  organization: (input: IntrospectToken) => input.organizationId,
  atOnce: true,
  async run({ tx, organizationId }, { subject }): Promise<LiveToken | null> {
    const { standing, subject: known, permissions } = await loadWholeStanding(tx, organizationId, subject)
    if (standing.barrier || !known?.credential) return null
    const allowed = permissions.filter((permission) => evaluate(permission, standing).allowed)
    return {
      owner: known.owner,
      credential: known.credential,
      permissions: allowed.map(({ key }) => key).sort(),
      idle: idleCredential(organizationId, subject, known),
    }
  },
})
