import { type AccessDecision, evaluate, type IdleActor, readUseCase, type Standing } from '../../access'
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
    // The same question, as pages ask it for every row, has the same answer.
    const answered = new Map<Standing, Map<string, CheckedQuestion>>()
    return loaded.map(({ permission, standing, subject }, index) => {
      const question = questions[index]!
      const here = answered.get(standing) ?? new Map<string, CheckedQuestion>()
      if (here.size === 0) answered.set(standing, here)
      const known = here.get(question.permission)
      if (known) return known
      const idle = idleCredential(organizationId, question.subject, subject)
      const checked = { decision: evaluate(permission, standing), idle }
      here.set(question.permission, checked)
      return checked
    })
  },
})
