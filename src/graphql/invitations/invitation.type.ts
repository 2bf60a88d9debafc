import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { InvitationRow, InvitationStatus } from '../../modules/invitations'
import { Count, PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'

export const InvitationStatusEnum = {
  PENDING: 'PENDING',
  EXPIRED: 'EXPIRED',
  ACCEPTED: 'ACCEPTED',
  DECLINED: 'DECLINED',
  REVOKED: 'REVOKED',
} as const
registerEnumType(InvitationStatusEnum, {
  name: 'InvitationStatus',
  description: 'What became of an invitation.',
  valuesConfig: {
    PENDING: { description: 'Waits for an answer.' },
    EXPIRED: { description: 'Got no answer in time; it can be sent again.' },
    ACCEPTED: { description: 'The person has joined.' },
    DECLINED: { description: 'The person has refused.' },
    REVOKED: { description: 'The organization has withdrawn it.' },
  },
})

@ObjectType('Invitation', {
  implements: Node,
  simpleResolvers: true,
  description: 'An invitation by e-mail. It expires after 7 days unless the organization says otherwise.',
})
export class InvitationType extends Node {
  /** The invitation as the module knows it. */
  readonly row: InvitationRow
  @Field(() => String, { description: 'The invited address.' }) email: string
  @Field(() => InvitationStatusEnum, { description: 'What became of it.' }) status: InvitationStatus
  @Field(() => String, { nullable: true, description: "The inviter's own words." }) message: string | null
  @Field(() => String, { description: 'Name of whoever invited, as it was then.' }) invitedByName: string
  @Field(() => DateTime, { description: 'When the person was first invited.' }) createdAt: Date
  @Field(() => DateTime, { description: 'Until when it can be accepted.' }) expiresAt: Date
  @Field(() => DateTime, { nullable: true, description: 'When its mail last left; null when none has.' })
  lastSentAt: Date | null
  @Field(() => Int, { description: 'How many mails have left.' }) sendCount: number
  @Field(() => String, {
    nullable: true,
    description: 'Why its newest mail could not be delivered; null when nothing is known to be wrong.',
  })
  deliveryError: string | null
}

@ObjectType({ simpleResolvers: true, description: 'An invitation and its place in a list.' })
export class InvitationEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => InvitationType, { description: 'The invitation.' }) node: InvitationType
}

@ObjectType({ description: 'A page of invitations.' })
export class InvitationConnection {
  @Field(() => [InvitationEdge], { description: 'The invitations with their cursors.' }) edges: InvitationEdge[]
  @Field(() => [InvitationType], { description: 'The invitations alone.' }) nodes: InvitationType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counted when selected. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many invitations the list holds.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

/** The GraphQL object of an invitation row. */
export function invitationNode(row: InvitationRow): InvitationType {
  return {
    typeName: 'Invitation' satisfies IdType,
    row,
    id: toTypeId('Invitation', row.id),
    email: row.email,
    status: row.status,
    message: row.message,
    invitedByName: row.invitedByName,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    lastSentAt: row.lastSentAt,
    sendCount: row.sendCount,
    deliveryError: row.deliveryError,
  }
}
