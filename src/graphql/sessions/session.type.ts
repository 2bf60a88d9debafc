import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ViewerSession } from '../../modules/viewer'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'

const IdentityProviderKindEnum = {
  EMAIL: 'EMAIL',
  GOOGLE: 'GOOGLE',
  GITHUB: 'GITHUB',
  LOCAL: 'LOCAL',
  SSO: 'SSO',
  RECOVERY_CODE: 'RECOVERY_CODE',
} as const

/** The ways to sign in, for schema and types. */
export const IdentityProviderKind = IdentityProviderKindEnum

registerEnumType(IdentityProviderKindEnum, {
  name: 'IdentityProviderKind',
  description: 'A way to sign in.',
  valuesConfig: {
    EMAIL: { description: 'One-time code by e-mail.' },
    GOOGLE: { description: 'Google account.' },
    GITHUB: { description: 'GitHub account.' },
    LOCAL: { description: 'Local identity provider, in development only.' },
    SSO: { description: 'Through the company, by a connection of the organization.' },
    RECOVERY_CODE: { description: 'By an account and a recovery code, where members come by SSO.' },
  },
})

const SessionScopeEnum = { ACCOUNT: 'ACCOUNT', ORGANIZATION: 'ORGANIZATION' } as const
registerEnumType(SessionScopeEnum, {
  name: 'SessionScope',
  description: 'What a session opens.',
  valuesConfig: {
    ACCOUNT: { description: 'The account side: a signed-in browser. Ending it ends the sessions opened from it.' },
    ORGANIZATION: { description: 'One organization.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'A connection, as far as a session or identity names it.' })
export class NamedSsoProvider {
  @Field(() => ID, { description: 'The id of the connection.' }) id: string
  @Field(() => String, { description: 'Its name.' }) name: string
}

@ObjectType('Session', {
  implements: Node,
  simpleResolvers: true,
  description: 'A signed-in browser or device.',
})
export class SessionType extends Node {
  @Field(() => SessionScopeEnum, { description: 'What it opens.' }) scope: 'ACCOUNT' | 'ORGANIZATION'
  @Field(() => Boolean, { description: 'True for the session that asks, and for the one it was opened from.' })
  isCurrent: boolean
  @Field(() => IdentityProviderKindEnum, { description: 'How the person signed in.' }) authenticatedBy: string
  @Field(() => NamedSsoProvider, {
    nullable: true,
    description: 'The connection it began with, and with which it ends; null for sessions opened from an account.',
  })
  ssoProvider: NamedSsoProvider | null
  @Field(() => String, { nullable: true, description: 'Address it was opened from.' }) ip: string | null
  @Field(() => String, { nullable: true, description: 'What the browser said it is.' }) userAgent: string | null
  @Field(() => DateTime, { description: 'When it was opened.' }) createdAt: Date
  @Field(() => DateTime, { description: 'When it was last used, to the hour.' }) lastActiveAt: Date
  @Field(() => DateTime, { description: 'When it ends by itself.' }) expiresAt: Date
}

/** The GraphQL object of a session. */
export function sessionNode(row: ViewerSession): SessionType {
  return {
    typeName: 'Session' satisfies IdType,
    id: toTypeId('Session', row.id),
    scope: row.scope,
    isCurrent: row.isCurrent,
    authenticatedBy: row.provider,
    ssoProvider: row.ssoProvider && namedSsoProvider(row.ssoProvider),
    ip: row.ip,
    userAgent: row.userAgent,
    createdAt: row.createdAt,
    lastActiveAt: row.lastActiveAt,
    expiresAt: row.expiresAt,
  }
}

/** A connection by its row's id. */
export function namedSsoProvider({ id, name }: { id: string; name: string }): NamedSsoProvider {
  return { id: toTypeId('SsoProvider', id), name }
}
