import type { GraphQLResolveInfo } from 'graphql'
import { Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { getModeSwitch, getNewestModeSwitch, listLockedOutMembers } from '../../modules/membership-mode'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden, nullWhenNotFound } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { SwitchMemberConnection } from './membership-mode-preview.type'
import { IssuedRecoveryCodes, MembershipModeSwitchType, modeSwitchNode } from './membership-mode-switch.type'

@Resolver(() => OrganizationType)
export class OrganizationModeSwitchQuery {
  @Directive('@can(do: "organization.membership_mode.switch")')
  @FieldResolver(() => MembershipModeSwitchType, {
    nullable: true,
    description: 'The newest switch of the membership mode; null when there was none.',
  })
  async membershipModeSwitch(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MembershipModeSwitchType | null> {
    const organizationId = organization.uuid
    const newest = await nullWhenForbidden(context, info, () =>
      context.operation.execute(getNewestModeSwitch, { organizationId }),
    )
    return newest && modeSwitchNode(newest)
  }
}

@Resolver(() => MembershipModeSwitchType)
export class LockedOutMembersQuery {
  @FieldResolver(() => SwitchMemberConnection, {
    nullable: true,
    description:
      'Whom it has suspended and nobody has decided about since, oldest first. Those of LOSES_ACCESS have no way to sign in: inviting their address makes them whoever proves it, with the role of the invitation and the teams and grants they had.',
  })
  async lockedOut(
    @Root() { uuid: switchId }: MembershipModeSwitchType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SwitchMemberConnection | null> {
    const rows = await nullWhenForbidden(context, info, () =>
      context.operation.execute(listLockedOutMembers, { switchId, page }),
    )
    return rows && connectionOf(rows, ({ memberId, outcome }) => ({ memberUuid: memberId, outcome }))
  }
}

@Resolver(() => IssuedRecoveryCodes)
export class IssuedRecoveryCodesFields {
  @FieldResolver(() => MemberType, {
    nullable: true,
    description: 'Whose they are; null when the caller cannot see members.',
  })
  async member(
    @Root() { memberUuid }: IssuedRecoveryCodes,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => nullWhenNotFound(() => loadMember(context, memberUuid)))
  }
}

/** The switch as the caller sees it. @throws NOT_FOUND */
export async function loadModeSwitch(context: GraphQLContext, switchId: string): Promise<MembershipModeSwitchType> {
  return modeSwitchNode(await context.operation.execute(getModeSwitch, { switchId }))
}

registerNode('MembershipModeSwitch', loadModeSwitch)
