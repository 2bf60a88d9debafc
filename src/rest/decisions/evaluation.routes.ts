import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type AccessDecision, type IdleActor, Operation } from '../../access'
import { checkAccess } from '../../modules/decisions'
import { batchAnswer, evaluationOf } from './evaluation-answer'
import { presentedIn, type ReadEvaluations, type ReadQuestion, readEvaluations } from './evaluation-request'
import { verifyPresented } from './presented-tokens'
import { callerOfService } from './service-caller'
import type { ServiceOptions } from './service-options'

/** `POST /access/v1/evaluation` and `/access/v1/evaluations` (OpenID AuthZEN Authorization API 1.0, docs/decisions.md). */
export async function evaluationRoutes(app: FastifyInstance, options: ServiceOptions): Promise<void> {
  app.post('/access/v1/evaluation', async (request, reply) => {
    const { questions } = await read(request, options, false)
    const [decision] = await decideAll(request, options, questions)
    return send(request, reply, evaluationOf(decision!))
  })

  app.post('/access/v1/evaluations', async (request, reply) => {
    const { questions, semantic, isBatch } = await read(request, options, true)
    const decisions = await decideAll(request, options, questions)
    if (!isBatch) return send(request, reply, evaluationOf(decisions[0]!))
    return send(request, reply.type(JSON_TYPE), batchAnswer(semantic, decisions))
  })
}

async function read(request: FastifyRequest, options: ServiceOptions, mayBeBatch: boolean): Promise<ReadEvaluations> {
  const verified = await verifyPresented(options, request.id, presentedIn(request.body))
  return readEvaluations(request.body, mayBeBatch, verified)
}

/** All decisions in the order of the questions: one transaction for each organization they are about. */
async function decideAll(
  request: FastifyRequest,
  { spine, cookies }: ServiceOptions,
  questions: readonly ReadQuestion[],
): Promise<AccessDecision[]> {
  const operation = new Operation(spine, callerOfService(request, cookies))
  const decisions: AccessDecision[] = []
  const used = new Map<string, IdleActor>()
  for (const [organizationId, indexes] of groupedByOrganization(questions)) {
    const asked = indexes.map((index) => (questions[index] as Extract<ReadQuestion, { question: object }>).question)
    const checked = await operation.execute(checkAccess, { organizationId, questions: asked })
    for (const [place, { decision, idle }] of checked.entries()) {
      decisions[indexes[place]!] = decision
      if (idle) used.set(JSON.stringify(idle), idle)
    }
  }
  // The address is that of the service: where its user calls from is not known here.
  for (const idle of used.values()) spine.markActive?.(idle, { id: request.id, ip: null, userAgent: null })
  for (const [index, question] of questions.entries())
    if ('refusal' in question) decisions[index] = { allowed: false, reasons: [{ kind: question.refusal }] }
  return decisions
}

function groupedByOrganization(questions: readonly ReadQuestion[]): ReadonlyMap<string, number[]> {
  const groups = new Map<string, number[]>()
  for (const [index, question] of questions.entries()) {
    if ('refusal' in question) continue
    const group = groups.get(question.organizationId)
    if (group) group.push(index)
    else groups.set(question.organizationId, [index])
  }
  return groups
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** Repeats the caller's own request id, where it sent a readable one (AuthZEN §10.1). */
function send(request: FastifyRequest, reply: FastifyReply, answer: object | string): FastifyReply {
  const theirs = request.headers['x-request-id']
  if (typeof theirs === 'string' && /^[\x21-\x7e]{1,200}$/.test(theirs)) reply.header('x-request-id', theirs)
  return reply.send(answer)
}
