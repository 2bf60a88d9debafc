import type { WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { findTeamCandidates, type TeamCandidate } from './team-member.store'

/** What became of each named member, in the order of the input. */
export interface TeamMembersChanged {
  items: { memberId: string | null; error: AppError | null }[]
}

/** Which members of which team: by UUID, null standing for what is no member's id; at most 1,000. */
export interface ChangeTeamMembers {
  teamId: string
  memberIds: readonly (string | null)[]
}

const MAXIMUM_MEMBERS = 1_000

/**
 * Judges each named member and changes those whom nothing stands in the way of.
 *
 * @param obstacle  why somebody cannot be changed, or null
 * @param apply  changes the others; told of those alone who are not as they should be already
 * @throws REQUIRED, TOO_MANY  about the list
 */
export async function changeTeamMembers(
  { tx, organizationId }: WriteContext,
  { teamId, memberIds }: ChangeTeamMembers,
  change: {
    isDone: (candidate: TeamCandidate) => boolean
    obstacle: (candidate: TeamCandidate) => AppError | null
    apply: (candidates: readonly TeamCandidate[]) => Promise<void>
  },
): Promise<TeamMembersChanged> {
  if (memberIds.length === 0) throw new AppError('REQUIRED', 'Name at least one member.', { path: ['memberIds'] })
  if (memberIds.length > MAXIMUM_MEMBERS)
    throw new AppError('TOO_MANY', `At most ${MAXIMUM_MEMBERS} members at once.`, { path: ['memberIds'] })
  const known = await findTeamCandidates(
    tx,
    organizationId,
    teamId,
    memberIds.flatMap((id) => id ?? []),
  )
  const seen = new Set<string>()
  const accepted: TeamCandidate[] = []
  const items = memberIds.map((id) => {
    const candidate = id === null ? undefined : known.get(id)
    if (!candidate) return { memberId: null, error: new AppError('NOT_FOUND', 'No such member here.') }
    const memberId = candidate.id
    if (seen.has(memberId)) return { memberId, error: new AppError('INVALID', 'The member is named twice.') }
    seen.add(memberId)
    const error = change.obstacle(candidate)
    if (!error && !change.isDone(candidate)) accepted.push(candidate)
    return { memberId, error }
  })
  if (accepted.length > 0) await change.apply(accepted)
  return { items }
}
