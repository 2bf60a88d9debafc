import { Arg, Ctx, Directive, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { AppError } from '../../kernel/errors'
import { switchMembershipMode } from '../../modules/membership-mode'
import type { MembershipMode } from '../../modules/organizations'
import type { GraphQLContext } from '../context'
import { nullWhenNotFound } from '../guard'
import { readId } from '../id'
import { loadOrganization } from '../organizations/organization.query'
import { MembershipModeEnum, OrganizationType } from '../organizations/organization.type'
import { Payload, payload } from '../payload.type'
import { readPlan } from './membership-mode-preview.query'
import { loadModeSwitch } from './membership-mode-switch.query'
import { IssuedRecoveryCodes, issuedCodes, MembershipModeSwitchType } from './membership-mode-switch.type'

@InputType({ description: 'A switch of the membership mode, as it was previewed.' })
export class SwitchMembershipModeInput {
  @Field(() => MembershipModeEnum, { description: 'The other mode.' }) to: MembershipMode
  @Field(() => String, { description: 'Token of membershipModePreview with the same connections and Admins.' })
  previewToken: string
  @Field(() => [ID], { nullable: true, description: 'As previewed.' }) ssoProviderIds?: string[] | null
  @Field(() => [ID], { defaultValue: [], description: 'As previewed; for SSO at least one.' })
  breakGlassMemberIds: string[]
  @Field(() => Int, {
    nullable: true,
    description: 'Hours that members have to link their sign-in, for SSO: 1 to 720, a week when absent.',
  })
  graceHours?: number | null
  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether members who have to link their sign-in get a mail.',
  })
  notifyMembers: boolean
}

@ObjectType({ implements: Payload, description: 'The switch.' })
export class MembershipModeSwitchPayload extends Payload {
  @Field(() => MembershipModeSwitchType, {
    nullable: true,
    description: 'The switch; null as well when the caller has lost access by it.',
  })
  membershipModeSwitch?: MembershipModeSwitchType | null
  @Field(() => OrganizationType, { nullable: true, description: 'The organization in its new mode.' })
  organization?: OrganizationType | null
  @Field(() => [IssuedRecoveryCodes], {
    nullable: true,
    description: 'Recovery codes of the break-glass Admins, shown once.',
  })
  recoveryCodes?: IssuedRecoveryCodes[] | null
}

@Resolver()
export class SwitchMembershipModeMutation {
  @Directive('@can(do: "organization.membership_mode.switch")')
  @Mutation(() => MembershipModeSwitchPayload, {
    nullable: true,
    description:
      'Switches between invitations and SSO, in one transaction. Can be reverted for 90 days; only sessions are lost.',
  })
  async switchMembershipMode(
    @Arg('organizationId', () => ID, { description: 'Which organization.' }) id: string,
    @Arg('input', () => SwitchMembershipModeInput, { description: 'What was previewed.' })
    input: SwitchMembershipModeInput,
    @Ctx() context: GraphQLContext,
  ): Promise<MembershipModeSwitchPayload> {
    return payload(async () => {
      const organizationId = readId('Organization', id, ['organizationId'])
      const { switchId, recoveryCodes } = await context.operation.execute(switchMembershipMode, {
        ...readPlan(organizationId, input),
        previewToken: input.previewToken,
        graceHours: input.graceHours ?? null,
        notifyMembers: input.notifyMembers,
      })
      return {
        ...(await readSwitched(context, organizationId, switchId)),
        recoveryCodes: recoveryCodes.map(issuedCodes),
      }
    })
  }
}

/**
 * What a switch is answered with. Whoever signed in the old way cannot read it any more, and is not told that it failed;
 * neither is anybody while the database has just become unavailable: the recovery codes are shown once.
 */
export async function readSwitched(
  context: GraphQLContext,
  organizationId: string,
  switchId: string,
): Promise<Pick<MembershipModeSwitchPayload, 'membershipModeSwitch' | 'organization'>> {
  try {
    return {
      membershipModeSwitch: await loadModeSwitch(context, switchId),
      organization: await nullWhenNotFound(() => loadOrganization(context, organizationId)),
    }
  } catch (error) {
    if (error instanceof AppError && (error.code === 'FORBIDDEN' || error.code === 'UNAVAILABLE'))
      return { membershipModeSwitch: null, organization: null }
    throw error
  }
}
