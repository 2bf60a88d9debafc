import { actorLabel, writeUseCase } from '../../access'
import { type ChangeMembers, changeMembers, type MembersChanged } from './change-members'
import { endMembership } from './end-membership'
import { findAdmittingConnections, liftMemberBlocks } from './member-block.store'

/** Removes members. */
export interface RemoveMembers extends ChangeMembers {
  /** They may come back at their next sign-in through the company. */
  mayReturn?: boolean
}

/** What became of it, and what the company's identity provider would do. */
export interface MembersRemoved extends MembersChanged {
  /** Active connections that make members of whomever the identity provider lets in, unless they are blocked. */
  admittingConnections: string[]
}

/**
 * Removes members, invited ones too: sessions and personal keys end, grants go, pending invitations close. What they
 * made stays, and so does their account. Unless they may return, no sign-in through the company makes them members again
 * (docs/adr/0014-single-sign-on.md). Who cannot be removed fails alone with WRONG_STATE, FORBIDDEN, LAST_ADMIN, SELF or
 * NOT_FOUND.
 *
 * @throws TOO_MANY, COUNT_MISMATCH  the selection
 */
export const removeMembers = writeUseCase({
  name: 'removeMembers',
  requires: 'member.remove',
  organization: (input: RemoveMembers) => input.organizationId,
  locks: 'update',
  async run(context, input): Promise<MembersRemoved> {
    const { organizationId, mayReturn = false } = input
    const changed = await changeMembers(context, input, {
      action: 'REMOVE',
      async apply(members) {
        const memberIds = members.map((member) => member.id)
        if (mayReturn) await liftMemberBlocks(context.tx, organizationId, { memberIds }, actorLabel(context.actor))
        const block = mayReturn ? undefined : 'ADMIN'
        return endMembership(context, organizationId, members, { to: 'REMOVED', action: 'member.removed', block })
      },
    })
    return { ...changed, admittingConnections: await findAdmittingConnections(context.tx, organizationId) }
  },
})
