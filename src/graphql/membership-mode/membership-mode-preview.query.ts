import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Info, Resolver, Root } from 'type-graphql'
import { listSwitchMembers, previewMembershipMode, type SwitchOutcome } from '../../modules/membership-mode'
import type { MembershipMode } from '../../modules/organizations'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden, nullWhenNotFound } from '../guard'
import { readId } from '../id'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { MembershipModeEnum, OrganizationType } from '../organizations/organization.type'
import {
  MembershipModePreview,
  previewNode,
  SwitchMember,
  SwitchMemberConnection,
  SwitchOutcomeEnum,
} from './membership-mode-preview.type'

@Resolver(() => OrganizationType)
export class MembershipModePreviewQuery {
  @Directive('@can(do: "organization.membership_mode.switch")')
  @FieldResolver(() => MembershipModePreview, {
    nullable: true,
    description: 'What a switch of the membership mode would mean; changes nothing.',
  })
  async membershipModePreview(
    @Root() organization: OrganizationType,
    @Arg('to', () => MembershipModeEnum, { description: 'The other mode.' }) to: MembershipMode,
    @Arg('ssoProviderIds', () => [ID], {
      nullable: true,
      description: 'Connections to begin with, for SSO; all that have passed their test when absent.',
    })
    ssoProviderIds: string[] | null,
    @Arg('breakGlassMemberIds', () => [ID], {
      defaultValue: [],
      description: 'Admins who keep another way in, for SSO; 1 to 10.',
    })
    breakGlassMemberIds: string[],
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MembershipModePreview | null> {
    const plan = readPlan(organization.uuid, { to, ssoProviderIds, breakGlassMemberIds })
    const preview = await nullWhenForbidden(context, info, () => context.operation.execute(previewMembershipMode, plan))
    return preview && previewNode(preview)
  }
}

@Resolver(() => MembershipModePreview)
export class SwitchMembersQuery {
  @FieldResolver(() => SwitchMemberConnection, { description: 'Who, oldest first.' })
  async members(
    @Root() { preview }: MembershipModePreview,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('outcome', () => [SwitchOutcomeEnum], { nullable: true, description: 'Only these; everybody when absent.' })
    outcome: SwitchOutcome[] | null,
    @Ctx() context: GraphQLContext,
  ): Promise<SwitchMemberConnection> {
    const { plan, starts } = preview
    const outcomes = outcome ?? Object.values(SwitchOutcomeEnum)
    const input = { plan, starts: starts.map(({ id }) => id), outcomes, page }
    const rows = await context.operation.execute(listSwitchMembers, input)
    return connectionOf(rows, ({ memberId, outcome }) => ({ memberUuid: memberId, outcome }))
  }
}

@Resolver(() => SwitchMember)
export class SwitchMemberFields {
  @FieldResolver(() => MemberType, {
    nullable: true,
    description: 'The member; null when the caller cannot see members.',
  })
  async member(
    @Root() { memberUuid }: SwitchMember,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => nullWhenNotFound(() => loadMember(context, memberUuid)))
  }
}

/** A plan as the use cases take it. @throws NOT_FOUND  for ids that name nothing of their kind */
export function readPlan(
  organizationId: string,
  plan: { to: MembershipMode; ssoProviderIds?: string[] | null; breakGlassMemberIds: string[] },
) {
  return {
    organizationId,
    to: plan.to,
    providerIds: plan.ssoProviderIds?.map((id) => readId('SsoProvider', id, ['input', 'ssoProviderIds'])) ?? null,
    breakGlassMemberIds: plan.breakGlassMemberIds.map((id) => readId('Member', id, ['input', 'breakGlassMemberIds'])),
  }
}
