import type { FastifyReply, FastifyRequest } from 'fastify'
import { newId } from '../../src/kernel/ids'
import type { ScimRequestEntry } from '../../src/modules/directories'
import { redactText } from '../../src/platform/redaction'
import { maskedBody } from './masked-body'
import { provenDirectory, type ScimState } from './scim-request'

const PATH_LENGTH = 2_000
const AGENT_LENGTH = 300
const MOST_CHANGES = 20

/** What the log keeps of a request that was answered. */
export function logEntry(
  request: FastifyRequest,
  reply: FastifyReply,
  state: ScimState & { directoryId: string },
): ScimRequestEntry {
  const { error, userId, groupId, changes, sent, answer } = state
  const actor = provenDirectory(state)
  const { body, method, url, ip } = request
  const status = reply.statusCode
  return {
    id: newId(),
    directoryId: state.directoryId,
    at: state.at,
    requestId: request.id,
    tokenId: actor?.tokenId ?? null,
    tokenPreview: state.tokenPreview,
    method,
    path: pathOf(url),
    status,
    outcome: state.outcome ?? (status < 400 ? 'OK' : 'REFUSED'),
    scimType: error?.scimType ?? null,
    detail: error?.detail.slice(0, PATH_LENGTH) ?? null,
    durationMs: Math.round(performance.now() - state.startedAt),
    resourceType: typeOf(url),
    directoryUserId: userId,
    directoryGroupId: groupId,
    memberId: state.memberId,
    isDryRun: actor?.isDryRun ?? false,
    changes: changes.slice(0, MOST_CHANGES).map(({ action, targets }) => ({ action, targets })),
    // What somebody unproven sends is nobody's data, and could be anything.
    requestBody:
      actor && typeof body === 'string'
        ? maskedBody(sent === undefined ? { text: body } : { text: body, read: () => sent })
        : null,
    responseBody: answer && maskedBody(answer),
    userAgent: request.headers['user-agent']?.slice(0, AGENT_LENGTH) ?? null,
    ip,
  }
}

/** Below the base URL. */
function pathOf(url: string): string {
  return redactText(url.replace(/^\/scim\/v2\/[^/?]*/, '') || '/').slice(0, PATH_LENGTH)
}

function typeOf(url: string): ScimRequestEntry['resourceType'] {
  const [endpoint] = /\/(?:Users|Groups)(?=[/?]|$)/.exec(url) ?? []
  if (endpoint === '/Users') return 'USER'
  return endpoint === '/Groups' ? 'GROUP' : 'OTHER'
}
