import { Field, ObjectType, registerEnumType } from 'type-graphql'
import type { AccessReason, AccessRefusal } from '../../access'

type AllowingKind = Exclude<AccessReason['kind'], AccessRefusal>

/** What each kind means: for the schema, and as the label where a reason names nothing. */
const ALLOWING: Readonly<Record<AllowingKind, string>> = {
  ROLE: 'The role in the organization allows it.',
  DEFAULT_PROJECT: 'Every member is in the default project.',
  OWN_PROJECT: 'A service account has its role in its own project; the key of a project lists what it may do there.',
  GRANT: 'A role was given to the member in the project.',
  TEAM_GRANT: 'A role was given in the project to a team of the member, or to one above it.',
}
const REFUSING: Readonly<Record<AccessRefusal, string>> = {
  UNKNOWN_PERMISSION: 'There is no such permission, or it was retired.',
  UNKNOWN_SUBJECT: 'Nobody here is meant.',
  UNKNOWN_RESOURCE: 'There is no such project here.',
  ORGANIZATION_CLOSED: 'The organization waits for its deletion.',
  ACCOUNT_DISABLED: 'The account is disabled.',
  NOT_A_MEMBER: 'They have not joined yet, or were removed.',
  SUSPENDED: 'They are suspended.',
  SERVICE_ACCOUNT_DISABLED: 'The service account is disabled.',
  KEY_ENDED: 'The key was revoked, has expired, or is from before the access of its owner ended.',
  SESSION_ENDED: 'The session has ended.',
  KEY_LIMIT: 'The key is limited to other permissions.',
  KEY_PROJECT: 'The key works in another project only.',
  NO_GRANT: 'They are not in this project.',
  PROJECT_ARCHIVED: "The project is archived: the platform's permissions rest.",
  MISSING_PERMISSION: 'None of their roles here allows it.',
}
const MEANINGS = { ...ALLOWING, ...REFUSING }

const KindEnum = Object.fromEntries(Object.keys(MEANINGS).map((kind) => [kind, kind])) as Record<
  AccessReason['kind'],
  AccessReason['kind']
>
registerEnumType(KindEnum, {
  name: 'DecisionReasonKind',
  description: 'Why something is allowed or refused.',
  valuesConfig: Object.fromEntries(Object.entries(MEANINGS).map(([kind, description]) => [kind, { description }])),
})

const EffectEnum = { ALLOW: 'ALLOW', DENY: 'DENY' } as const
registerEnumType(EffectEnum, {
  name: 'DecisionEffect',
  description: 'What a reason speaks for.',
  valuesConfig: { ALLOW: { description: 'It allows.' }, DENY: { description: 'It refuses.' } },
})

@ObjectType({ description: 'One reason of a decision.' })
export class DecisionReason {
  /** TypeID of what it comes from; null when it comes from nothing that can be shown. */
  readonly sourceId: string | null
  /** What a rule of a directory may have given: the role of this member, or this grant; null for anything else. */
  readonly given: { readonly memberId: string } | { readonly grantId: string } | null
  @Field(() => KindEnum, { description: 'What kind of reason.' }) kind: AccessReason['kind']
  @Field(() => EffectEnum, { description: 'What it speaks for.' }) effect: keyof typeof EffectEnum
  @Field(() => String, { description: 'A sentence for people.' }) label: string
}

@ObjectType({ description: 'Outcome and reasons of one authorization question.' })
export class AccessDecision {
  @Field(() => Boolean, { description: 'Whether it is allowed at this instant.' }) allowed: boolean
  @Field(() => String, { description: 'The permission that was asked about.' }) permission: string
  @Field(() => [DecisionReason], {
    description: 'Everything that allows it, in the order in which it is looked at; of a refusal the one reason.',
  })
  reasons: DecisionReason[]
}

/** A sentence that says what the reason is and names what it comes from. */
export function labelOf(reason: AccessReason): string {
  if (!('role' in reason)) return REFUSING[reason.kind]
  const { kind, role } = reason
  if (kind === 'ROLE') return `The role ${role.name} in the organization.`
  if (kind === 'DEFAULT_PROJECT') return `The role ${role.name}, which every member has in the default project.`
  if ('grant' in reason) {
    const { team } = reason.grant
    return `The role ${role.name}, given in the project to ${team ? `the team ${team.name}` : 'the member'}.`
  }
  return role.id === null ? `The key ${role.name} lists it.` : `The role ${role.name} in its own project.`
}
