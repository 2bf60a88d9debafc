import { type AccountSession, notFound, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { findAdminAddresses } from '../members'
import { insertJoinRequest, type NewJoinRequest } from './join-request.store'
import { joinRequestAudit } from './join-request-audit'
import { findOwnJoinRequests, findSuggestions, type OwnJoinRequest } from './own-join-request.store'

/** Who asks whom. */
export interface CreateJoinRequest {
  organizationId: string
  /** For those who decide; at most 500 characters. */
  message: string | null
}

const MESSAGE_LENGTH = 500
const DAYS_AFTER_DECLINE = 7

/**
 * Asks an organization to be let in, which has proven the domain of an address that a provider has verified for the
 * person, and lets people ask. Its Admins are told and decide. Asking while a request waits changes nothing.
 *
 * @returns the id of the request that waits
 * @throws TOO_LONG  the message
 * @throws NOT_FOUND  no such organization, or the person may not ask it
 * @throws MEMBERSHIP_MODE  its identity provider decides who joins
 * @throws WRONG_STATE  it has declined within the last seven days
 */
export const createJoinRequest = writeUseCase({
  name: 'createJoinRequest',
  requires: 'account',
  organization: (input: CreateJoinRequest) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, message }): Promise<string> {
    const { tx, locked } = context
    const { userId, name } = context.actor as AccountSession
    const note = message?.trim() || null
    if (note && note.length > MESSAGE_LENGTH)
      throw new AppError('TOO_LONG', `A message has at most ${MESSAGE_LENGTH} characters.`, { path: ['message'] })
    const before = (await findOwnJoinRequests(tx, userId)).find((each) => each.organizationId === organizationId)
    if (before?.status === 'PENDING') return before.id
    const [suggestion] = await findSuggestions(tx, userId, organizationId)
    if (!suggestion)
      throw locked!.membership_mode === 'SSO' && before ? closed(locked!.name) : notFound('The organization')
    if (before && isDeclinedLately(before))
      throw new AppError('WRONG_STATE', 'Your request was declined lately; ask an Admin of the organization in person.')

    const { email, domain } = suggestion
    const request = { id: newId(), userId, name: name || email, email, domain, message: note }
    if (!(await insertJoinRequest(tx, organizationId, request)))
      throw new AppError('CONFLICT', 'You have asked at the same time elsewhere; look at your requests.')
    context.audit(joinRequestAudit('join_request.created', request))
    await tellAdmins(context, request)
    return request.id
  },
})

function closed(name: string): AppError {
  return new AppError('MEMBERSHIP_MODE', `The identity provider of ${name} decides who joins.`)
}

/** Whether a request was declined within the last seven days, so that the organization cannot be asked again yet. */
export function isDeclinedLately({ status, decidedAt }: Pick<OwnJoinRequest, 'status' | 'decidedAt'>): boolean {
  if (status !== 'DECLINED' || decidedAt === null) return false
  return decidedAt.getTime() > Date.now() - DAYS_AFTER_DECLINE * 86_400_000
}

async function tellAdmins(context: WriteContext, { name, email, message }: NewJoinRequest): Promise<void> {
  const { name: organizationName, slug } = context.locked!
  const payload = { organizationName, slug, name, email, message }
  for (const destination of await findAdminAddresses(context.tx, context.organizationId))
    context.send({ kind: 'mail.join-request', destination, payload })
}
