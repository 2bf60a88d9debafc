import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import {
  REVERTIBLE_DAYS,
  type SwitchedParty,
  type SwitchOutcome,
  type SwitchPreview,
} from '../../modules/membership-mode'
import type { MembershipMode } from '../../modules/organizations'
import { PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { MembershipModeEnum } from '../organizations/organization.type'
import { UserError, userErrorsOf } from '../user-error.type'

export const SwitchOutcomeEnum = {
  KEEP: 'KEEP',
  MUST_LINK_IDENTITY: 'MUST_LINK_IDENTITY',
  LOSES_ACCESS: 'LOSES_ACCESS',
  BREAK_GLASS: 'BREAK_GLASS',
  INVITATION_REVOKED: 'INVITATION_REVOKED',
  UNAFFECTED: 'UNAFFECTED',
} as const
registerEnumType(SwitchOutcomeEnum, {
  name: 'SwitchOutcome',
  description: 'What a switch of the membership mode means for one person.',
  valuesConfig: {
    KEEP: { description: 'Can sign in the new way already, and goes on.' },
    MUST_LINK_IDENTITY: {
      description: 'Links a sign-in through the company before the deadline, or is suspended then.',
    },
    LOSES_ACCESS: { description: 'Has no account of its own and is suspended; role, teams and grants are kept.' },
    BREAK_GLASS: { description: 'An Admin who keeps another way in by recovery codes.' },
    INVITATION_REVOKED: { description: 'The invitation is revoked.' },
    UNAFFECTED: { description: 'Suspended before, and stays so.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'How many people a switch touches in one way.' })
export class SwitchOutcomeCount {
  @Field(() => SwitchOutcomeEnum, { description: 'What it means for them.' }) outcome: SwitchOutcome
  @Field(() => Int, { description: 'How many people.' }) count: number
}

@ObjectType({ simpleResolvers: true, description: 'A connection or directory that a switch starts or stops.' })
export class SwitchedConnection {
  @Field(() => ID, { description: 'Its global id.' }) id: string
  @Field(() => String, { description: 'What people call it.' }) name: string
}

@ObjectType({ simpleResolvers: true, description: 'What a switch would mean for one member.' })
export class SwitchMember {
  readonly memberUuid: string
  @Field(() => SwitchOutcomeEnum, { description: 'What it means.' }) outcome: SwitchOutcome
}

@ObjectType({ simpleResolvers: true, description: 'A member of a preview and its place in the list.' })
export class SwitchMemberEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => SwitchMember, { description: 'The member.' }) node: SwitchMember
}

@ObjectType({ simpleResolvers: true, description: 'A page of the members of a preview.' })
export class SwitchMemberConnection {
  @Field(() => [SwitchMemberEdge], { description: 'The members with their cursors.' }) edges: SwitchMemberEdge[]
  @Field(() => [SwitchMember], { description: 'The members.' }) nodes: SwitchMember[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
}

@ObjectType({
  simpleResolvers: true,
  description:
    'What a switch of the membership mode would start, stop and mean for people. Computed, not stored: switchMembershipMode takes the token and fails with CONFLICT when anything of it has changed.',
})
export class MembershipModePreview {
  readonly preview: SwitchPreview
  @Field(() => MembershipModeEnum, { description: 'How people come to belong now.' }) from: MembershipMode
  @Field(() => MembershipModeEnum, { description: 'How they would.' }) to: MembershipMode
  @Field(() => String, { description: 'For switchMembershipMode, with the same connections and Admins.' }) token: string
  @Field(() => DateTime, { description: 'Until when the token works.' }) expiresAt: Date
  @Field(() => [UserError], { description: 'What has to be solved first, each with how; empty when nothing.' })
  blockers: UserError[]
  @Field(() => [SwitchOutcomeCount], { description: 'How many people it touches, and how.' })
  outcomes: SwitchOutcomeCount[]
  @Field(() => [SwitchedConnection], { description: 'Connections that start.' }) starts: SwitchedConnection[]
  @Field(() => [SwitchedConnection], { description: 'Connections that stop.' }) stops: SwitchedConnection[]
  @Field(() => [SwitchedConnection], { description: 'Directories that stop.' })
  stopsDirectories: SwitchedConnection[]
  @Field(() => Int, { description: 'For how many days the switch can be taken back.' }) revertibleForDays: number
}

/** The GraphQL object of a preview. */
export function previewNode(preview: SwitchPreview): MembershipModePreview {
  const { from, plan, token, expiresAt, blockers, outcomes, starts, stops, stopsDirectories } = preview
  return {
    preview,
    from,
    to: plan.to,
    token,
    expiresAt,
    blockers: blockers.flatMap(userErrorsOf),
    outcomes: Object.entries(outcomes).map(([outcome, count]) => ({ outcome: outcome as SwitchOutcome, count })),
    starts: starts.map((party) => connectionNode('SsoProvider', party)),
    stops: stops.map((party) => connectionNode('SsoProvider', party)),
    stopsDirectories: stopsDirectories.map((party) => connectionNode('Directory', party)),
    revertibleForDays: REVERTIBLE_DAYS,
  }
}

function connectionNode(type: 'SsoProvider' | 'Directory', { id, name }: SwitchedParty): SwitchedConnection {
  return { id: toTypeId(type, id), name }
}
