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

/** The answers to several questions; those that share a decision share its answer. */
export function evaluationsOf(decisions: readonly AccessDecision[]): Evaluation[] {
  const written = new Map<AccessDecision, Evaluation>()
  return decisions.map((decision) => {
    const known = written.get(decision) ?? evaluationOf(decision)
    written.set(decision, known)
    return known
  })
}

/** As many answers as the semantic lets through: up to the first deny, or up to the first permit. */
export function answeredUntil(semantic: EvaluationsSemantic, all: readonly Evaluation[]): readonly Evaluation[] {
  if (semantic === 'execute_all') return all
  const last = all.findIndex(({ decision }) => decision === (semantic === 'permit_on_first_permit'))
  return last < 0 ? all : all.slice(0, last + 1)
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
