import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, parseTypeId, toTypeId } from '../../kernel/ids'
import type { AuditEventRow } from '../../modules/audit'
import { PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Json } from '../json.scalar'
import { Node } from '../node'

export const ActorKindEnum = {
  MEMBER: 'member',
  ACCOUNT: 'account',
  KEY: 'key',
  DIRECTORY: 'directory',
  SETUP: 'setup',
  OPERATOR: 'operator',
  SYSTEM: 'system',
  ANONYMOUS: 'anonymous',
} as const
registerEnumType(ActorKindEnum, {
  name: 'ActorKind',
  description: 'Who acts.',
  valuesConfig: {
    MEMBER: { description: 'A member, in a session of the organization.' },
    ACCOUNT: { description: 'A person on the account side, for example while accepting an invitation.' },
    KEY: { description: 'An API key.' },
    DIRECTORY: { description: 'A directory, by SCIM.' },
    SETUP: { description: 'Whoever holds a set-up link.' },
    OPERATOR: { description: 'Whoever runs the installation.' },
    SYSTEM: { description: 'Gatehouse itself.' },
    ANONYMOUS: { description: 'Somebody who had not signed in.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'What an event was done to.' })
export class AuditTarget {
  @Field(() => String, { description: 'The kind of object, for example Member.' }) type: string
  @Field(() => ID, { description: 'Its global id.' }) id: string
  @Field(() => String, { nullable: true, description: 'Its name as it was then; null when it had none or was erased.' })
  label: string | null
}

@ObjectType({ simpleResolvers: true, description: 'One value that an event changed.' })
export class AuditChange {
  @Field(() => String, { description: 'The name of the field.' }) field: string
  @Field(() => Json, { nullable: true, description: 'The value until then.' }) before: unknown
  @Field(() => Json, { nullable: true, description: 'The value since then.' }) after: unknown
}

@ObjectType('AuditEvent', {
  implements: Node,
  simpleResolvers: true,
  description: 'Something that happened. It is never changed; only its personal part can be erased.',
})
export class AuditEventType extends Node {
  @Field(() => DateTime, { description: 'When the change began.' }) at: Date
  @Field(() => String, { description: 'What was done, for example member.role.updated.' }) action: string
  @Field(() => ActorKindEnum, { description: 'Which kind of actor did it.' }) actorKind: string
  @Field(() => ID, {
    nullable: true,
    description:
      'The account of the person who did it, the API key, the directory or the set-up link; null for others.',
  })
  actorId: string | null
  @Field(() => String, { nullable: true, description: 'The name of the actor as it was then; null after an erasure.' })
  actorLabel: string | null
  // Both stand in the row of the event: nothing is read for them.
  @Directive('@listSize(assumedSize: 2)')
  @Field(() => [AuditTarget], { description: 'What it was done to.' })
  targets: AuditTarget[]
  @Directive('@listSize(assumedSize: 3)')
  @Field(() => [AuditChange], { description: 'What changed; empty after an erasure.' })
  changes: AuditChange[]
  @Field(() => String, { nullable: true, description: 'Network address of the request.' }) ip: string | null
  @Field(() => String, { nullable: true, description: 'What the client called itself.' }) userAgent: string | null
  @Field(() => String, { nullable: true, description: 'Names the request in the log.' }) requestId: string | null
  @Field(() => Boolean, { description: 'Whether its place in the chain is fixed, seconds after it happened.' })
  isSealed: boolean
}

@ObjectType({ simpleResolvers: true, description: 'An event and its place in a list.' })
export class AuditEventEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => AuditEventType, { description: 'The event.' }) node: AuditEventType
}

@ObjectType({ simpleResolvers: true, description: 'A page of events.' })
export class AuditEventConnection {
  @Field(() => [AuditEventEdge], { description: 'The events with their cursors.' }) edges: AuditEventEdge[]
  @Field(() => [AuditEventType], { description: 'The events alone.' }) nodes: AuditEventType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
}

/** The GraphQL object of an audit row. */
export function auditEventNode(row: AuditEventRow): AuditEventType {
  const { actor, changes, ip, userAgent } = row.details
  return {
    typeName: 'AuditEvent' satisfies IdType,
    id: toTypeId('AuditEvent', row.id),
    at: row.at,
    action: row.action,
    actorKind: row.actorKind,
    actorId: actorIdOf(row),
    actorLabel: actor ?? null,
    targets: targetsOf(row),
    changes: (changes ?? []).map(({ field, before, after }) => ({
      field,
      before: before ?? null,
      after: after ?? null,
    })),
    ip: ip ?? null,
    userAgent: userAgent ?? null,
    requestId: row.requestId,
    isSealed: row.isSealed,
  }
}

function actorIdOf({ actorKind, actorId }: AuditEventRow): string | null {
  if (actorId === null) return null
  if (actorKind === 'key') return toTypeId('ApiKey', actorId)
  if (actorKind === 'directory') return toTypeId('Directory', actorId)
  if (actorKind === 'setup') return toTypeId('SetupLink', actorId)
  return actorKind === 'member' || actorKind === 'account' ? toTypeId('User', actorId) : null
}

/** After an erasure the ids are left, and they tell the types. */
function targetsOf({ details, targetIds }: AuditEventRow): AuditTarget[] {
  if (details.targets) return details.targets.map(({ type, id, label }) => ({ type, id, label: label ?? null }))
  return targetIds.map((id) => ({ type: parseTypeId(id)?.type ?? 'Unknown', id, label: null }))
}
