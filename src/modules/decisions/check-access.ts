import { type AccessDecision, evaluate, type IdleActor, readUseCase } from '../../access'
import type { Question } from './question.model'
import { loadQuestions } from './standing.store'
import { idleCredential } from './used-credential'

/** Questions about one organization, at most 100. */
export interface CheckAccess {
  organizationId: string
  questions: readonly Question[]
}

/** The answer to one question. */
export interface CheckedQuestion {
  readonly decision: AccessDecision
  /** The presented key or session, when its use has not been noted for an hour. */
  readonly idle: IdleActor | null
}

/**
 * Decides authorization questions for services of the platform, in their order. What does not exist is refused like
 * everything else: a decision is never an error.
 */
export const checkAccess = readUseCase({
  name: 'checkAccess',
  requires: 'service',
  organization: (input: CheckAccess) => input.organizationId,
  atOnce: true,
  async run({ tx, organizationId }, { questions }): Promise<CheckedQuestion[]> {
    const loaded = await loadQuestions(tx, organizationId, questions)
    return loaded.map(({ permission, standing, subject }, index) => ({
      decision: evaluate(permission, standing),
      idle: idleCredential(organizationId, questions[index]!.subject, subject),
    }))
  },
})
