import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, Directive, FieldResolver, Info, Resolver, Root, registerEnumType } from 'type-graphql'
import { notFound, type Permission, permissionBeyond } from '../../access'
import { getInvitations, getInvitationsOfMembers, type InvitationRow } from '../../modules/invitations'
import { getActor } from '../../modules/sessions'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { loadMemberSurroundings } from '../members/member-fields.query'
import { registerNode } from '../node'
import { loadRoleByKey } from '../roles/role.query'
import { RoleType } from '../roles/role.type'
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
  @FieldResolver(() => RoleType, { description: 'The role the person has on joining; later that of the member.' })
  async role(@Root() { row }: InvitationType, @Ctx() context: GraphQLContext): Promise<RoleType> {
    return loadRoleByKey(context, 'ORGANIZATION', row.roleKey)
  }

  @Directive('@can(do: "member.read")')
  @FieldResolver(() => MemberType, {
    nullable: true,
    description: 'The member it makes: INVITED until it is accepted, with the projects prepared so far.',
  })
  async member(
    @Root() { row }: InvitationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => loadMember(context, row.memberId))
  }

  @FieldResolver(() => Capability, { description: 'Whether the viewer may do something with it.' })
  async viewerCan(
    @Root() { status, row }: InvitationType,
    @Arg('action', () => InvitationActionEnum, { description: 'What they may want to do.' }) action: InvitationAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    const actor = await context.operation.execute(getActor, {})
    if ((actor.kind === 'member' || actor.kind === 'key') && !actor.permissions.has(NEEDS[action]))
      return denied('MISSING_PERMISSION', `This needs the permission ${NEEDS[action]}.`)
    if (status !== 'PENDING' && status !== 'EXPIRED')
      return denied('WRONG_STATE', `This invitation was ${status.toLowerCase()}.`)
    if (actor.kind !== 'member') return ALLOWED
    if (action === 'REVOKE') {
      const around = await loadMemberSurroundings(context, actor.organizationId)
      return around.isAbove(row.roleId)
        ? denied('MISSING_PERMISSION', 'It offers a role that allows more than yours.')
        : ALLOWED
    }
    const { granted } = await loadRoleByKey(context, 'ORGANIZATION', row.roleKey)
    if (permissionBeyond(actor, granted ?? []) === null) return ALLOWED
    return denied('MISSING_PERMISSION', 'It offers a role that allows more than you may do.')
  }
}

@Resolver(() => MemberType)
export class MemberInvitationResolver {
  @Directive('@can(do: "invitation.read")')
  @FieldResolver(() => InvitationType, {
    nullable: true,
    description: 'The newest invitation of the member; null for members who came in another way.',
  })
  async invitation(
    @Root() { uuid }: MemberType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InvitationType | null> {
    const loader = context.loaders.of<InvitationRow>('invitations-of-members', (operation, memberIds) =>
      operation.execute(getInvitationsOfMembers, { memberIds }),
    )
    const row = await nullWhenForbidden(context, info, () => loader.load(uuid))
    return row && invitationNode(row)
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
