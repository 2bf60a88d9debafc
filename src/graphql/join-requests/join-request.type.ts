import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type {
  JoinRequestRow,
  JoinRequestStatus,
  OrganizationSuggestion,
  OwnJoinRequest,
} from '../../modules/join-requests'
import { PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'

export const JoinRequestStatusEnum = {
  PENDING: 'PENDING',
  APPROVED: 'APPROVED',
  DECLINED: 'DECLINED',
  CANCELLED: 'CANCELLED',
} as const
registerEnumType(JoinRequestStatusEnum, {
  name: 'JoinRequestStatus',
  description: 'What became of a request to be let in.',
  valuesConfig: {
    PENDING: { description: 'It waits for a decision.' },
    APPROVED: { description: 'The person was let in.' },
    DECLINED: { description: 'It was declined.' },
    CANCELLED: { description: 'The person has taken it back.' },
  },
})

@ObjectType('JoinRequest', {
  implements: Node,
  simpleResolvers: true,
  description: 'A person with a verified address of a proven domain asks to be let in.',
})
export class JoinRequestType extends Node {
  @Field(() => ID, { description: 'The account of the person.' }) userId: string
  @Field(() => String, { description: 'The name of the person.' }) name: string
  @Field(() => String, { description: 'The verified address.' }) email: string
  @Field(() => String, { description: 'The domain by which the person may ask.' }) domain: string
  @Field(() => String, { nullable: true, description: 'What the person says.' }) message: string | null
  @Field(() => JoinRequestStatusEnum, { description: 'What became of it.' }) status: JoinRequestStatus
  @Field(() => DateTime, { description: 'When the person asked.' }) createdAt: Date
  @Field(() => DateTime, { nullable: true, description: 'When it ended.' }) decidedAt: Date | null
  @Field(() => String, { nullable: true, description: 'Who ended it, by the name of then.' })
  decidedByName: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A request and its place in a list.' })
export class JoinRequestEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => JoinRequestType, { description: 'The request.' }) node: JoinRequestType
}

@ObjectType({ simpleResolvers: true, description: 'A page of requests.' })
export class JoinRequestConnection {
  @Field(() => [JoinRequestEdge], { description: 'The requests with their cursors.' }) edges: JoinRequestEdge[]
  @Field(() => [JoinRequestType], { description: 'The requests alone.' }) nodes: JoinRequestType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
}

@ObjectType('OwnJoinRequest', { simpleResolvers: true, description: 'A request of the viewer to be let in.' })
export class OwnJoinRequestType {
  @Field(() => ID, { description: 'Its global id.' }) id: string
  @Field(() => ID, { description: 'Of the organization.' }) organizationId: string
  @Field(() => String, { description: 'Name of the organization.' }) organizationName: string
  @Field(() => String, { description: 'The domain by which the viewer may ask.' }) domain: string
  @Field(() => String, { nullable: true, description: 'What the viewer said.' }) message: string | null
  @Field(() => JoinRequestStatusEnum, { description: 'What became of it.' }) status: JoinRequestStatus
  @Field(() => DateTime, { description: 'When the viewer asked.' }) createdAt: Date
  @Field(() => DateTime, { nullable: true, description: 'When it ended.' }) decidedAt: Date | null
}

@ObjectType('OrganizationSuggestion', {
  simpleResolvers: true,
  description: 'An organization that the viewer may ask to be let in: no more than its name and logo.',
})
export class OrganizationSuggestionType {
  @Field(() => ID, { description: 'Of the organization.' }) organizationId: string
  @Field(() => String, { description: 'Its name.' }) name: string
  @Field(() => String, { nullable: true, description: 'Address of its logo.' }) logoUrl: string | null
  @Field(() => String, { description: 'The domain of a verified address of the viewer, which it has proven.' })
  domain: string
}

/** The GraphQL object of a request. */
export function joinRequestNode(row: JoinRequestRow): JoinRequestType {
  const { id, userId, ...rest } = row
  return {
    typeName: 'JoinRequest' satisfies IdType,
    ...rest,
    id: toTypeId('JoinRequest', id),
    userId: toTypeId('User', userId),
  }
}

/** The GraphQL object of an own request. */
export function ownJoinRequest({ id, organizationId, ...rest }: OwnJoinRequest): OwnJoinRequestType {
  return { ...rest, id: toTypeId('JoinRequest', id), organizationId: toTypeId('Organization', organizationId) }
}

/** The GraphQL object of a suggestion. */
export function suggestionOf({
  organizationId,
  name,
  logoUrl,
  domain,
}: OrganizationSuggestion): OrganizationSuggestionType {
  return { organizationId: toTypeId('Organization', organizationId), name, logoUrl, domain }
}
