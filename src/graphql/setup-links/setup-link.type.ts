import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { SetupIntent, SetupLinkRow } from '../../modules/setup-links'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'
import { Payload } from '../payload.type'

export const SetupIntentEnum = { SSO: 'SSO', DIRECTORY: 'DIRECTORY', DOMAINS: 'DOMAINS' } as const
registerEnumType(SetupIntentEnum, {
  name: 'SetupIntent',
  description: 'What a set-up link is for.',
  valuesConfig: {
    SSO: { description: 'Connections for signing in through the company.' },
    DIRECTORY: { description: 'Directories that push people and groups.' },
    DOMAINS: { description: 'Domains.' },
  },
})

@ObjectType('SetupLink', {
  implements: Node,
  simpleResolvers: true,
  description: 'A link with which somebody who is no member sets something up, and does nothing else.',
})
export class SetupLinkType extends Node {
  @Field(() => [SetupIntentEnum], { description: 'What it is for.' }) intents: SetupIntent[]
  @Field(() => String, {
    nullable: true,
    description: 'Who becomes Admin at the first sign-in through the company, while the organization has none.',
  })
  firstAdminEmail: string | null
  @Field(() => String, { description: 'Who has made it, by the name of then.' }) createdByName: string
  @Field(() => DateTime, { description: 'When it was made.' }) createdAt: Date
  @Field(() => DateTime, { description: 'Until when it works.' }) expiresAt: Date
  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to the hour.' })
  lastUsedAt: Date | null
  @Field(() => DateTime, { nullable: true, description: 'When it was revoked.' }) revokedAt: Date | null
}

@ObjectType({ implements: Payload, description: 'The new set-up link.' })
export class SetupLinkPayload extends Payload {
  @Field(() => SetupLinkType, { nullable: true, description: 'The link.' }) setupLink?: SetupLinkType | null
  @Field(() => String, {
    nullable: true,
    description: 'Its address, shown once. The last part of it (gsu_…) works as a bearer token of this API.',
  })
  url?: string | null
}

@ObjectType({ implements: Payload, description: 'The set-up link that was revoked.' })
export class RevokeSetupLinkPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Its global id.' }) revokedId?: string | null
}

/** The GraphQL object of a link. */
export function setupLinkNode(row: SetupLinkRow): SetupLinkType {
  return { typeName: 'SetupLink' satisfies IdType, ...row, id: toTypeId('SetupLink', row.id) }
}
