import { createHash } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Spine } from '../access'
import { AppError, ERROR_CODES } from '../kernel/errors'
import { type FoundToken, reportLeakedKeys } from '../modules/api-keys'

/** What the report of leaked keys needs. */
export interface LeakReportOptions {
  readonly spine: Spine
}

const REPORTS_PER_MINUTE = 60
const MOST_TOKENS = 100

/**
 * `POST /api-keys/leaks`: whoever finds API keys in public reports them here, and those that work are revoked at once.
 * Question and answer are those of GitHub's secret scanning partner programme (docs/api-keys.md). Nobody has to sign in:
 * the key itself is the proof.
 */
export async function leakReportRoutes(app: FastifyInstance, { spine }: LeakReportOptions): Promise<void> {
  await app.register(rateLimit, {
    max: REPORTS_PER_MINUTE,
    timeWindow: 60_000,
    errorResponseBuilder: tooManyReports,
  })
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(answerReportError)
  app.post('/api-keys/leaks', async (request, reply) => {
    const found = readReport(request.body)
    const facts = { id: request.id, ip: request.ip, userAgent: request.headers['user-agent']?.slice(0, 300) ?? null }
    const verdicts = await reportLeakedKeys(spine, facts, found)
    return reply
      .header('cache-control', 'no-store')
      .send(found.map(({ token }, index) => verdict(token, verdicts[index]!)))
  })
}

function verdict(token: string, wasLive: boolean) {
  return {
    token_hash: createHash('sha256').update(token).digest('hex'),
    token_type: 'gatehouse_api_key',
    label: wasLive ? 'true_positive' : 'false_positive',
  }
}

/** @throws INVALID, TOO_MANY  with the path of what is wrong */
function readReport(body: unknown): FoundToken[] {
  if (!Array.isArray(body)) throw new AppError('INVALID', 'Send a JSON list of objects with a token each.')
  if (body.length > MOST_TOKENS) throw new AppError('TOO_MANY', `At most ${MOST_TOKENS} tokens in one report.`)
  return body.map((item: unknown, index) => {
    const { token, url, source } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>
    if (typeof token !== 'string')
      throw new AppError('INVALID', 'The token is missing.', { path: [`${index}`, 'token'] })
    return { token, url: textOf(url), source: textOf(source) }
  })
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function answerReportError(error: FastifyError | AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error instanceof AppError ? ERROR_CODES[error.code].status : (error.statusCode ?? 500)
  if (status >= 500) request.log.error({ err: error, requestId: request.id }, 'leak report failed')
  if (error instanceof AppError) {
    const { code, message, details } = error
    if (details.retryAfterSeconds) reply.header('retry-after', details.retryAfterSeconds)
    return reply.code(status).send({ error: { code, message, ...(details.path && { path: details.path }) } })
  }
  const message = status < 500 ? 'Send the report as application/json, at most 256 KB.' : 'Something failed; try again.'
  return reply.code(status).send({ error: { code: status < 500 ? 'INVALID' : 'INTERNAL', message } })
}

function tooManyReports(_request: unknown, { ttl }: { ttl: number }): AppError {
  return new AppError('RATE_LIMITED', 'Too many reports from your network address; wait a minute.', {
    retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)),
  })
}
