import { Field, ObjectType, registerEnumType } from 'type-graphql'

const DenialReasonEnum = {
  MISSING_PERMISSION: 'MISSING_PERMISSION',
  MEMBERSHIP_MODE: 'MEMBERSHIP_MODE',
  MANAGED_BY_DIRECTORY: 'MANAGED_BY_DIRECTORY',
  LAST_ADMIN: 'LAST_ADMIN',
  LAST_WAY_IN: 'LAST_WAY_IN',
  SELF: 'SELF',
  WRONG_STATE: 'WRONG_STATE',
} as const

export type DenialReason = keyof typeof DenialReasonEnum

registerEnumType(DenialReasonEnum, {
  name: 'DenialReason',
  description: 'Why a control is off.',
  valuesConfig: {
    MISSING_PERMISSION: { description: 'The role does not allow it.' },
    MEMBERSHIP_MODE: { description: 'The membership mode of the organization does not allow it.' },
    MANAGED_BY_DIRECTORY: { description: 'A directory of the identity provider decides this.' },
    LAST_ADMIN: { description: 'The organization would be left without an Admin.' },
    LAST_WAY_IN: { description: 'No Admin with recovery codes would be left while members come by SSO.' },
    SELF: { description: 'Nobody can do this to themselves.' },
    WRONG_STATE: { description: 'The state of the object does not allow it.' },
  },
})

@ObjectType({
  simpleResolvers: true,
  description: 'Why a control is on or off. reason is stable; message is for people.',
})
export class Capability {
  @Field(() => Boolean, { description: 'Whether the mutation would be let through.' }) allowed: boolean
  @Field(() => DenialReasonEnum, { nullable: true, description: 'Null when allowed.' }) reason: DenialReason | null
  @Field(() => String, { nullable: true, description: 'For a disabled control; null when allowed.' }) message:
    | string
    | null
}

/** The control is on. */
export const ALLOWED: Capability = { allowed: true, reason: null, message: null }

/** The control is off. */
export function denied(reason: DenialReason, message: string): Capability {
  return { allowed: false, reason, message }
}
