import type { AccessDecision, AccessReason } from '../../access'
import { toTypeId } from '../../kernel/ids'
import type { EvaluationsSemantic } from './evaluation-request'

/** A decision as AuthZEN writes it (§5.5), with the reasons in its context. */
export interface Evaluation {
  readonly decision: boolean
  readonly context: { readonly reasons: readonly object[] }
}

/** The answer to one question. */
export function evaluationOf({ allowed, reasons }: AccessDecision): Evaluation {
  return { decision: allowed, context: { reasons: reasons.map(reasonOf) } }
}

/**
 * The answer to a batch as JSON: as many decisions as the semantic lets through, which is up to the first deny or up to
 * the first permit. Those that share a decision are written once.
 */
export function batchAnswer(semantic: EvaluationsSemantic, decisions: readonly AccessDecision[]): string {
  const written = new Map<AccessDecision, string>()
  const answers: string[] = []
  for (const decision of decisions) {
    const text = written.get(decision) ?? JSON.stringify(evaluationOf(decision))
    written.set(decision, text)
    answers.push(text)
    if (semantic !== 'execute_all' && decision.allowed === (semantic === 'permit_on_first_permit')) break
  }
  return `{"evaluations":[${answers.join(',')}]}`
}

function reasonOf(reason: AccessReason): object {
  const { kind } = reason
  if (!('role' in reason)) return { kind }
  const { id, name } = reason.role
  const role = { role: id === null ? { name } : { id: toTypeId('Role', id), name } }
  if (!('grant' in reason)) return { kind, ...role }
  const { id: grantId, team } = reason.grant
  const given = { kind, ...role, grant: { id: toTypeId('ProjectGrant', grantId) } }
  return team ? { ...given, team: { id: toTypeId('Team', team.id), name: team.name } } : given
}
