import { Arg, Ctx, FieldResolver, Resolver, Root, registerEnumType } from 'type-graphql'
import type { Permission } from '../../access'
import { notFound } from '../../access'
import { getInvitations } from '../../modules/invitations'
import { getActor } from '../../modules/sessions'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { registerNode } from '../node'
import { InvitationType, invitationNode } from './invitation.type'

const InvitationActionEnum = { RESEND: 'RESEND', REVOKE: 'REVOKE' } as const
type InvitationAction = keyof typeof InvitationActionEnum
registerEnumType(InvitationActionEnum, {
  name: 'InvitationAction',
  description: 'What the viewer may want to do with an invitation.',
  valuesConfig: {
    RESEND: { description: 'Send it again, change what it offers, or make a link.' },
    REVOKE: { description: 'Withdraw it.' },
  },
})

const NEEDS: Record<InvitationAction, Permission> = { RESEND: 'invitation.create', REVOKE: 'invitation.revoke' }

@Resolver(() => InvitationType)
export class InvitationResolver {
  @FieldResolver(() => Capability, { description: 'Whether the viewer may do something with it.' })
  async viewerCan(
    @Root() { status }: InvitationType,
    @Arg('action', () => InvitationActionEnum, { description: 'What they may want to do.' }) action: InvitationAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    const actor = await context.operation.execute(getActor, {})
    if (actor.kind === 'member' && !actor.permissions.has(NEEDS[action]))
      return denied('MISSING_PERMISSION', `This needs the permission ${NEEDS[action]}.`)
    if (status === 'PENDING' || status === 'EXPIRED') return ALLOWED
    return denied('WRONG_STATE', `This invitation was ${status.toLowerCase()}.`)
  }
}

/** Loads invitations by UUID, all of one tick in one statement. */
export async function loadInvitation(context: GraphQLContext, id: string): Promise<InvitationType | null> {
  const row = await context.loaders
    .of('invitations', (operation, ids) => operation.execute(getInvitations, { ids }))
    .load(id)
  return row && invitationNode(row)
}

registerNode('Invitation', async (context, id) => {
  const invitation = await loadInvitation(context, id)
  if (!invitation) throw notFound('The invitation')
  return invitation
})
