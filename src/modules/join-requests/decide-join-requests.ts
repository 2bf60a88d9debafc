import {
  actorLabel,
  actorUserId,
  notFound,
  refuseEscalation,
  SYSTEM_ROLES,
  type WriteContext,
  writeUseCase,
} from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import {
  announceNewAdmins,
  countersBetween,
  insertMembers,
  insertUserMembership,
  liftMemberBlocks,
  memberTarget,
} from '../members'
import { findRole, findRoles, type Role } from '../roles'
import { endJoinRequests, type LockedJoinRequest, lockJoinRequests } from './join-request.store'
import { joinRequestAudit } from './join-request-audit'

/** What is decided about whom. */
export interface DecideJoinRequests {
  organizationId: string
  /** UUIDs; null for what is no request's id. 1..100 */
  ids: readonly (string | null)[]
  approve: boolean
  /** UUID of a role of the scope ORGANIZATION, for those who are let in; null for Member. */
  roleId: string | null
}

/** What became of one request. */
export interface DecidedJoinRequest {
  id: string | null
  error: AppError | null
}

const MOST_AT_ONCE = 100

/**
 * Lets people in who have asked, with a role, or declines them; each is told by mail. Who cannot be let in fails alone:
 * NOT_FOUND, WRONG_STATE when it was decided or taken back, ALREADY_MEMBER, OTHER_ORGANIZATION.
 *
 * @throws REQUIRED, TOO_MANY  about the list
 * @throws NOT_FOUND, FORBIDDEN  the role does not exist, or allows more than the actor may do
 * @throws MEMBERSHIP_MODE  the identity provider decides who joins
 */
export const decideJoinRequests = writeUseCase({
  name: 'decideJoinRequests',
  requires: 'join_request.decide',
  organization: (input: DecideJoinRequests) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, ids, approve, roleId }): Promise<DecidedJoinRequest[]> {
    if (ids.length === 0) throw new AppError('REQUIRED', 'Name at least one request.', { path: ['ids'] })
    if (ids.length > MOST_AT_ONCE)
      throw new AppError('TOO_MANY', `At most ${MOST_AT_ONCE} requests at once.`, { path: ['ids'] })
    const role = approve ? await givenRole(context, roleId) : null
    const distinct = [...new Set(ids.flatMap((id) => id ?? []))]
    const locked = await lockJoinRequests(context.tx, organizationId, distinct)
    const decided: DecidedJoinRequest[] = []
    const done = new Set<string>()
    for (const id of ids) {
      const request = id ? locked.get(id) : undefined
      const error = obstacleTo(request, approve, id !== null && done.has(id))
      decided.push({ id: request?.id ?? null, error: error ?? (await decide(context, request!, role)) })
      if (id) done.add(id)
    }
    return decided
  },
})

async function givenRole({ tx, organizationId, actor, locked }: WriteContext, roleId: string | null): Promise<Role> {
  if (locked!.membership_mode !== 'INVITATION')
    throw new AppError('MEMBERSHIP_MODE', `The identity provider of ${locked!.name} decides who joins.`)
  const role = roleId
    ? await findRole(tx, organizationId, roleId)
    : (await findRoles(tx, organizationId, 'ORGANIZATION')).find(({ key }) => key === SYSTEM_ROLES.MEMBER.key)
  if (role?.scope !== 'ORGANIZATION') throw notFound('The role')
  refuseEscalation(actor, role.permissions, {}, ['roleId'])
  return role
}

function obstacleTo(request: LockedJoinRequest | undefined, approve: boolean, isDone: boolean): AppError | null {
  if (!request) return new AppError('NOT_FOUND', 'No such request here.')
  if (isDone) return new AppError('INVALID', 'The request is named twice.')
  if (request.status !== 'PENDING')
    return new AppError('WRONG_STATE', `This request was ${request.status.toLowerCase()} already.`)
  if (!approve) return null
  if (request.isUserDisabled) return new AppError('NOT_FOUND', 'The account cannot be used any more.')
  if (!request.isBoundElsewhere) return null
  return new AppError('OTHER_ORGANIZATION', 'This person belongs to another organization and has to leave it first.')
}

/** @param role  what is given to whoever is let in; null declines */
async function decide(context: WriteContext, request: LockedJoinRequest, role: Role | null): Promise<AppError | null> {
  const { tx, organizationId, actor } = context
  if (role && !(await letIn(context, request, role)))
    return new AppError('ALREADY_MEMBER', 'This person, or somebody with this address, is a member already.')
  const status = role ? 'APPROVED' : 'DECLINED'
  const by = { byId: actorUserId(actor), byName: actorLabel(actor) }
  await endJoinRequests(tx, organizationId, [request.id], { status, ...by })
  const changes = [{ field: 'status', before: 'PENDING', after: status }]
  context.audit(joinRequestAudit(role ? 'join_request.approved' : 'join_request.declined', request, changes))
  const payload = { organizationName: context.locked!.name, isApproved: role !== null }
  context.send({ kind: 'mail.join-request-decided', destination: request.email, payload })
  return null
}

async function letIn(context: WriteContext, { userId, name, email }: LockedJoinRequest, role: Role): Promise<boolean> {
  const { tx, organizationId, actor } = context
  const member = {
    id: newId(),
    userId,
    name,
    email,
    status: 'JOINED',
    source: 'JOIN_REQUEST',
    roleId: role.id,
  } as const
  if (!(await insertMembers(tx, organizationId, [member])).has(member.id)) return false
  await insertUserMembership(tx, { organizationId, memberId: member.id, userId, roleKey: role.key })
  await liftMemberBlocks(tx, organizationId, { userIds: [userId] }, actorLabel(actor))
  context.count(countersBetween({ roleKey: role.key }, null, 'JOINED'))
  context.audit({
    action: 'member.joined',
    targets: [memberTarget(member)],
    changes: [{ field: 'role', before: null, after: role.key }],
  })
  if (role.key === SYSTEM_ROLES.ADMIN.key) await announceNewAdmins(context, organizationId, [member])
  return true
}
