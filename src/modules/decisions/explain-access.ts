import {
  type AccessDecision,
  type AccessObject,
  type Actor,
  actorMemberId,
  evaluate,
  notFound,
  type Permission,
  readUseCase,
} from '../../access'
import { projectObject } from '../projects'
import type { Question } from './question.model'
import type { KnownSubject } from './standing.model'
import { loadQuestions } from './standing.store'

/** Whose access is to be explained: by UUID. */
export interface Principal {
  readonly kind: 'MEMBER' | 'SERVICE_ACCOUNT' | 'API_KEY'
  readonly id: string
}

/** One question, as somebody inside the organization asks it. */
export interface ExplainAccess {
  organizationId: string
  principal: Principal
  permission: string
  projectId: string | null
}

/** A decision together with whom it is about. */
export interface ExplainedAccess {
  readonly decision: AccessDecision
  readonly subject: KnownSubject
}

interface AskedPrincipal extends AccessObject {
  readonly answer: ExplainedAccess | null
}

/**
 * Decides one authorization question and says why. Everybody may ask about themselves.
 * @throws NOT_FOUND  for a principal or a project that the actor cannot see
 */
export const explainAccess = readUseCase({
  name: 'explainAccess',
  requires: 'access.explain',
  organization: (input: ExplainAccess) => input.organizationId,
  async object({ tx, actor, organizationId }, { principal, permission, projectId }): Promise<AskedPrincipal> {
    const question: Question = { subject: principal, permission, projectId }
    const [loaded] = await loadQuestions(tx, organizationId, [question])
    const { subject, standing } = loaded!
    return {
      organizationId,
      permissionsHere: subject && isSelf(actor, principal, subject) ? ASKING : undefined,
      answer: subject && { subject, decision: evaluate(loaded!.permission, standing) },
    }
  },
  async run(context, { organizationId, projectId }, { answer }): Promise<ExplainedAccess> {
    if (!answer) throw notFound('The principal')
    const { owner, credential } = answer.subject
    const home = owner?.kind === 'MEMBER' ? null : (credential?.projectId ?? homeOf(owner))
    for (const id of new Set([home, projectId])) if (id) await projectObject(context, organizationId, { id })
    return answer
  },
})

const ASKING: ReadonlySet<Permission> = new Set(['access.explain'])

/** People, their keys, and what a key acts for. */
function isSelf(actor: Actor, { kind, id }: Principal, { owner }: KnownSubject): boolean {
  if (actor.kind === 'key' && kind === 'API_KEY' && id === actor.keyId) return true
  if (actor.kind === 'key' && actor.owner.kind === 'serviceAccount') return id === actor.owner.serviceAccountId
  return owner?.kind === 'MEMBER' && owner.id === actorMemberId(actor)
}

/** The project in which a service account stands, or that a key belongs to. */
function homeOf(owner: KnownSubject['owner']): string | null {
  if (owner?.kind === 'SERVICE_ACCOUNT') return owner.projectId
  return owner?.kind === 'PROJECT' ? owner.id : null
}
