import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import { type DomainJoinPolicy, type DomainRow, type DomainStatus, dnsRecord } from '../../modules/domains'
import { CopyableValue } from '../copyable-value.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'
import { Payload } from '../payload.type'

const DomainStatusEnum = { PENDING: 'PENDING', VERIFIED: 'VERIFIED', FAILED: 'FAILED' } as const
registerEnumType(DomainStatusEnum, {
  name: 'DomainStatus',
  description: 'How far a claim to a domain has come.',
  valuesConfig: {
    PENDING: { description: 'Its TXT record was not found yet.' },
    VERIFIED: { description: 'Its TXT record proves that it belongs to the organization.' },
    FAILED: { description: 'Another organization has proven it, or its record is gone for a week.' },
  },
})

export const DomainJoinPolicyEnum = { NONE: 'NONE', REQUEST: 'REQUEST' } as const
registerEnumType(DomainJoinPolicyEnum, {
  name: 'DomainJoinPolicy',
  description: 'Who may come in by an address of the domain. Sharing a domain never joins anybody by itself.',
  valuesConfig: {
    NONE: { description: 'Nobody.' },
    REQUEST: { description: 'People with a verified address may ask; an Admin decides.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'The TXT record that proves a domain.' })
export class DnsRecord {
  @Field(() => String, { description: 'TXT.' }) type: string
  @Field(() => CopyableValue, { description: 'Name of the record.' }) host: CopyableValue
  @Field(() => CopyableValue, { description: 'Its content.' }) value: CopyableValue
}

@ObjectType('Domain', {
  implements: Node,
  simpleResolvers: true,
  description: 'A DNS domain that the organization claims.',
})
export class DomainType extends Node {
  @Field(() => String, { description: 'In lower case; international names as A-labels.' }) name: string
  @Field(() => DomainStatusEnum, { description: 'How far the claim has come.' }) status: DomainStatus
  @Field(() => DomainJoinPolicyEnum, { description: 'Who may ask to be let in.' }) joinPolicy: DomainJoinPolicy
  @Field(() => DnsRecord, { description: 'To be entered at the name server; leave it there.' }) dnsRecord: DnsRecord
  @Field(() => DateTime, { nullable: true, description: 'When the record was last looked for.' })
  lastCheckedAt: Date | null
  @Field(() => String, { nullable: true, description: 'Why the last look did not prove it.' }) lastCheckError:
    | string
    | null
  @Field(() => DateTime, { nullable: true, description: 'Since when it is proven.' }) verifiedAt: Date | null
  @Field(() => DateTime, { description: 'When it was claimed.' }) createdAt: Date
}

@ObjectType({ implements: Payload, description: 'The domain as it is after the change.' })
export class DomainPayload extends Payload {
  @Field(() => DomainType, { nullable: true, description: 'The domain; null when nothing changed.' })
  domain?: DomainType | null
}

/** The GraphQL object of a domain row. */
export function domainNode(row: DomainRow): DomainType {
  const { host, value } = dnsRecord(row)
  return {
    typeName: 'Domain' satisfies IdType,
    id: toTypeId('Domain', row.id),
    name: row.name,
    status: row.status,
    joinPolicy: row.joinPolicy,
    dnsRecord: {
      type: 'TXT',
      host: {
        key: 'host',
        label: 'Name',
        value: host,
        help: 'Some consoles add the domain by themselves: then enter only what stands before it.',
      },
      value: { key: 'value', label: 'Content', value, help: null },
    },
    lastCheckedAt: row.lastCheckedAt,
    lastCheckError: row.lastCheckError,
    verifiedAt: row.verifiedAt,
    createdAt: row.createdAt,
  }
}
