import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { findSessionsOfMembers, type MemberSession } from './organization-session.store'

export type { MemberSession } from './organization-session.store'

/** The live sessions of members of the caller's organization, by member, latest first, at most 100 each. */
export const getMemberSessions = readUseCase({
  name: 'getMemberSessions',
  requires: 'member.security.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, actor, organizationId }, input: { memberIds: readonly string[] }) {
    const current = actor.kind === 'member' ? actor.sessionId : null
    const byMember = new Map<string, MemberSession[]>(input.memberIds.map((id) => [id, []]))
    for (const session of await findSessionsOfMembers(tx, organizationId, input.memberIds, current))
      byMember.get(session.memberId)?.push(session)
    return byMember
  },
})
