import { actorLabel, notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { memberTarget } from './end-membership'
import { lockMembers } from './locked-member.store'
import { liftMemberBlocks } from './member-block.store'

/**
 * Lets somebody who was removed come in again: not by itself, but at their next sign-in through the company, if it admits
 * them. Asking for somebody who is not blocked changes nothing.
 *
 * @throws NOT_FOUND  no such member, removed ones included
 */
export const liftMemberBlock = writeUseCase({
  name: 'liftMemberBlock',
  requires: 'member.remove',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  async run(context, { memberId }: { memberId: string }): Promise<void> {
    const { tx, organizationId, actor } = context
    const member = (await lockMembers(tx, organizationId, [memberId])).get(memberId)
    if (!member) throw notFound('The member')
    const people = { memberIds: [memberId], userIds: member.userId ? [member.userId] : [] }
    const lifted = await liftMemberBlocks(tx, organizationId, people, actorLabel(actor))
    if (lifted === 0) return
    context.audit({
      action: 'member.block_lifted',
      targets: [memberTarget(member)],
      changes: [{ field: 'isBlocked', before: true, after: false }],
    })
  },
})
