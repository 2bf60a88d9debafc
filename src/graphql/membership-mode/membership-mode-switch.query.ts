import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { getModeSwitch, getNewestModeSwitch } from '../../modules/membership-mode'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden, nullWhenNotFound } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
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
