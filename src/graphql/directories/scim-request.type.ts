import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ScimRequestRow, ScimResourceType } from '../../modules/directories'
import { PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Json } from '../json.scalar'
import { Node } from '../node'

const ScimResourceTypeEnum: Record<ScimResourceType, ScimResourceType> = {
  USER: 'USER',
  GROUP: 'GROUP',
  OTHER: 'OTHER',
}
registerEnumType(ScimResourceTypeEnum, {
  name: 'ScimResourceType',
  description: 'What a request was about.',
  valuesConfig: {
    USER: { description: 'People.' },
    GROUP: { description: 'Groups.' },
    OTHER: { description: 'Anything else: discovery, bulk, searches over everything.' },
  },
})

@InputType('ScimRequestFilter', { description: 'Which requests; all given fields must match.' })
export class ScimRequestFilterInput {
  @Field(() => Boolean, { nullable: true, description: 'Only what was refused or failed.' }) onlyErrors?: boolean | null
  @Field(() => [String], { nullable: true, description: 'Any of these HTTP methods.' }) method?: string[] | null
  @Field(() => ScimResourceTypeEnum, { nullable: true, description: 'About this.' })
  resourceType?: ScimResourceType | null
  @Field(() => ID, { nullable: true, description: 'About this person.' }) directoryUserId?: string | null
  @Field(() => ID, { nullable: true, description: 'That changed this member.' }) memberId?: string | null
  @Field(() => String, {
    nullable: true,
    description: 'Part of the path or of the detail, in the newest 50,000 that match otherwise.',
  })
  search?: string | null
  @Field(() => DateTime, { nullable: true, description: 'Not earlier.' }) from?: Date | null
  @Field(() => DateTime, { nullable: true, description: 'Not later.' }) to?: Date | null
}

@ObjectType('ScimRequest', {
  implements: Node,
  simpleResolvers: true,
  description: 'A request of an identity provider and its answer, without secrets; kept for 30 days.',
})
export class ScimRequestType extends Node {
  /** The request as the module knows it. */
  readonly row: ScimRequestRow
  @Field(() => DateTime, { description: 'When it came.' }) at: Date
  @Field(() => String, { description: 'HTTP method.' }) method: string
  @Field(() => String, { description: 'Below the base URL, with the query.' }) path: string
  @Field(() => Int, { description: 'HTTP status of the answer.' }) status: number
  @Field(() => Int, { description: 'How long it took, in milliseconds.' }) durationMs: number
  @Field(() => ScimResourceTypeEnum, { description: 'What it was about.' }) resourceType: ScimResourceType
  @Field(() => String, {
    description:
      'What became of it: OK, CREATED, CHANGED, UNCHANGED, DELETED, DEACTIVATED, REACTIVATED, ADOPTED, CONFLICT, REFUSED or FAILED.',
  })
  outcome: string
  @Field(() => String, { nullable: true, description: 'The error code of SCIM (RFC 7644 §3.12).' })
  scimType: string | null
  @Field(() => String, { nullable: true, description: 'What was wrong, in words.' }) detail: string | null
  @Field(() => Boolean, { description: 'Whether it was a rehearsal and changed nothing.' }) isDryRun: boolean
  @Field(() => Json, {
    description: 'What was done, or in a rehearsal would have been: actions and targets, as in the audit log.',
  })
  changes: unknown
  @Field(() => Json, {
    nullable: true,
    description: 'What was sent, secrets masked; null when it was nothing or too long.',
  })
  requestBody: unknown
  @Field(() => Json, { nullable: true, description: 'What was answered.' }) responseBody: unknown
  @Field(() => String, { nullable: true, description: 'Which token was presented; null for none and for wrong ones.' })
  tokenPreview: string | null
  @Field(() => String, { nullable: true, description: 'What the client called itself.' }) userAgent: string | null
  @Field(() => String, { nullable: true, description: 'Network address.' }) ip: string | null
  @Field(() => String, { description: 'requestId of the audit events that it caused.' }) requestId: string
}

@ObjectType({ simpleResolvers: true, description: 'A request and its place in a list.' })
export class ScimRequestEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => ScimRequestType, { description: 'The request.' }) node: ScimRequestType
}

@ObjectType({ simpleResolvers: true, description: 'A page of requests.' })
export class ScimRequestConnection {
  @Field(() => [ScimRequestEdge], { description: 'The requests with their cursors.' }) edges: ScimRequestEdge[]
  @Field(() => [ScimRequestType], { description: 'The requests alone.' }) nodes: ScimRequestType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
}

/** The GraphQL object of a request. */
export function scimRequestNode(row: ScimRequestRow): ScimRequestType {
  return {
    typeName: 'ScimRequest' satisfies IdType,
    row,
    id: toTypeId('ScimRequest', row.id),
    at: row.at,
    method: row.method,
    path: row.path,
    status: row.status,
    durationMs: row.durationMs,
    resourceType: row.resourceType,
    outcome: row.outcome,
    scimType: row.scimType,
    detail: row.detail,
    isDryRun: row.isDryRun,
    changes: row.changes,
    requestBody: row.requestBody,
    responseBody: row.responseBody,
    tokenPreview: row.tokenPreview,
    userAgent: row.userAgent,
    ip: row.ip,
    requestId: row.requestId,
  }
}
