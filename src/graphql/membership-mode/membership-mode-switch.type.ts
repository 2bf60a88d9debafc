import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ModeSwitchView } from '../../modules/membership-mode'
import type { MembershipMode } from '../../modules/organizations'
import type { IssuedCodes } from '../../modules/recovery-codes'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'
import { MembershipModeEnum } from '../organizations/organization.type'

const SwitchStatusEnum = { GRACE: 'GRACE', COMPLETED: 'COMPLETED', REVERTED: 'REVERTED' } as const
registerEnumType(SwitchStatusEnum, {
  name: 'SwitchStatus',
  description: 'How far a switch of the membership mode has come. The new mode counts from its first moment on.',
  valuesConfig: {
    GRACE: { description: 'Members have time to link their sign-in through the company.' },
    COMPLETED: { description: 'Nobody has anything left to do.' },
    REVERTED: { description: 'It was taken back.' },
  },
})

@ObjectType('MembershipModeSwitch', {
  implements: Node,
  simpleResolvers: true,
  description:
    'One switch of the membership mode. Nobody is deleted by it: whoever it suspends keeps role, teams and grants, and is back after a revert.',
})
export class MembershipModeSwitchType extends Node {
  readonly uuid: string
  @Field(() => MembershipModeEnum, { description: 'How people came to belong before.' }) from: MembershipMode
  @Field(() => MembershipModeEnum, { description: 'How they do since.' }) to: MembershipMode
  @Field(() => SwitchStatusEnum, { description: 'How far it has come.' }) status: keyof typeof SwitchStatusEnum
  @Field(() => String, { description: 'Who switched, by the name of then.' }) startedByName: string
  @Field(() => DateTime, { description: 'When.' }) startedAt: Date
  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when members are to link their sign-in; null when nobody has to.',
  })
  graceEndsAt: Date | null
  @Field(() => DateTime, { description: 'Until when it can be taken back.' }) revertibleUntil: Date
  @Field(() => Boolean, { description: 'Whether it is the newest one and can be taken back now.' })
  isRevertible: boolean
  @Field(() => Int, { description: 'Members who still have to link their sign-in.' }) waiting: number
  @Field(() => Int, { description: 'Members whom it has suspended.' }) suspended: number
}

@ObjectType({ simpleResolvers: true, description: 'New recovery codes of an Admin, shown once.' })
export class IssuedRecoveryCodes {
  readonly memberUuid: string
  @Field(() => [String], { description: 'Each works once, together with a sign-in to the account of this Admin.' })
  codes: string[]
}

/** The GraphQL object of a switch. */
export function modeSwitchNode(row: ModeSwitchView): MembershipModeSwitchType {
  return {
    typeName: 'MembershipModeSwitch' satisfies IdType,
    uuid: row.id,
    id: toTypeId('MembershipModeSwitch', row.id),
    from: row.from,
    to: row.to,
    status: statusOf(row),
    startedByName: row.startedByName,
    startedAt: row.startedAt,
    graceEndsAt: row.graceEndsAt,
    revertibleUntil: row.revertibleUntil,
    isRevertible: row.isRevertible,
    waiting: row.waiting,
    suspended: row.suspended,
  }
}

/** The GraphQL object of codes just issued. */
export function issuedCodes({ memberId, codes }: IssuedCodes): IssuedRecoveryCodes {
  return { memberUuid: memberId, codes }
}

function statusOf({ revertedAt, settledAt }: ModeSwitchView): keyof typeof SwitchStatusEnum {
  if (revertedAt) return 'REVERTED'
  return settledAt ? 'COMPLETED' : 'GRACE'
}
