import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { IdpVendor } from '../../kernel/idp-vendor'
import { type IdType, toTypeId } from '../../kernel/ids'
import {
  type DeprovisionAction,
  type DirectoryRow,
  type DirectoryStatus,
  type LinkKey,
  scimBaseUrl,
} from '../../modules/directories'
import { filledScimGuide } from '../../modules/sso'
import { CopyableValue } from '../copyable-value.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'
import { RoleType, roleNode } from '../roles/role.type'
import { IdpVendorEnum, SetupGuideStep } from '../sso/sso-provider.type'

const DirectoryStatusEnum = { WAITING: 'WAITING', ACTIVE: 'ACTIVE', PAUSED: 'PAUSED' } as const
registerEnumType(DirectoryStatusEnum, {
  name: 'DirectoryStatus',
  description: 'How a directory stands.',
  valuesConfig: {
    WAITING: { description: 'The identity provider has not come yet.' },
    ACTIVE: { description: 'It has, with a valid token.' },
    PAUSED: { description: 'Its requests are refused, and nothing changes.' },
  },
})

export const DeprovisionActionEnum: Record<DeprovisionAction, DeprovisionAction> = {
  SUSPEND: 'SUSPEND',
  REMOVE: 'REMOVE',
}
registerEnumType(DeprovisionActionEnum, {
  name: 'DeprovisionAction',
  description:
    'What becomes of a member when the identity provider deletes the person. One it deactivates is suspended.',
  valuesConfig: {
    SUSPEND: { description: 'Suspended: role, teams and projects are kept.' },
    REMOVE: { description: 'Removed.' },
  },
})

export const LinkKeyEnum: Record<LinkKey, LinkKey> = {
  EXTERNAL_ID: 'EXTERNAL_ID',
  USER_NAME: 'USER_NAME',
  EMAIL: 'EMAIL',
}
registerEnumType(LinkKeyEnum, {
  name: 'DirectoryLinkKey',
  description: 'What of a sign-in names the person of the directory.',
  valuesConfig: {
    EXTERNAL_ID: { description: 'The subject is the externalId.' },
    USER_NAME: { description: 'The subject or user name is the userName.' },
    EMAIL: { description: 'The verified address is one of the emails.' },
  },
})

@ObjectType('Directory', {
  implements: Node,
  simpleResolvers: true,
  description: 'An identity provider that provisions people and groups by SCIM 2.0.',
})
export class DirectoryType extends Node {
  /** The directory as the module knows it. */
  readonly row: DirectoryRow
  @Field(() => String, { description: 'Display name.' }) name: string
  @Field(() => IdpVendorEnum, { description: 'Who makes it; it chooses guide and presets.' }) vendor: IdpVendor
  @Field(() => DirectoryStatusEnum, { description: 'How it stands.' }) status: DirectoryStatus
  @Field(() => Boolean, { description: 'Computes and logs what it would change, and changes nothing.' })
  isDryRun: boolean
  @Field(() => Boolean, { description: 'Takes nothing that the RFCs do not allow; for conformance tests.' })
  isStrict: boolean
  @Field(() => DeprovisionActionEnum, { description: 'What becomes of a member whom the provider deletes.' })
  deprovisionAction: DeprovisionAction
  @Field(() => RoleType, { description: 'The role of people to whom no rule gives one.' }) defaultRole: RoleType
  @Field(() => Boolean, { description: 'Takes over members with an address of a proven domain without asking.' })
  adoptsVerifiedDomains: boolean
  @Field(() => [LinkKeyEnum], { description: 'How a sign-in finds its person, in the order in which it is tried.' })
  linkKeys: readonly LinkKey[]
  @Field(() => Int, { description: 'Send back as expectedVersion to detect concurrent edits.' }) version: number
  @Field(() => CopyableValue, { description: 'Where the identity provider pushes to.' }) baseUrl: CopyableValue
  @Directive('@listSize(assumedSize: 6)')
  @Field(() => [SetupGuideStep], {
    description: 'What to do there, for this vendor. The token is filled in where it is shown at all.',
  })
  setupGuide: SetupGuideStep[]
  @Field(() => Int, { description: 'People it holds, deactivated ones too.' }) userCount: number
  @Field(() => Int, { description: 'Groups it holds.' }) groupCount: number
  @Field(() => DateTime, { nullable: true, description: 'When it last asked with a valid token, to ten seconds.' })
  lastRequestAt: Date | null
  @Field(() => DateTime, { description: 'When it was made.' }) createdAt: Date
}

/**
 * The GraphQL object of a directory.
 * @param secret  its token, in the answer that shows it
 */
export function directoryNode(row: DirectoryRow, publicUrl: string, secret: string | null = null): DirectoryType {
  const baseUrl = scimBaseUrl(publicUrl, row.id)
  return {
    typeName: 'Directory' satisfies IdType,
    row,
    id: toTypeId('Directory', row.id),
    name: row.name,
    vendor: row.vendor,
    status: row.status,
    isDryRun: row.isDryRun,
    isStrict: row.isStrict,
    deprovisionAction: row.deprovisionAction,
    defaultRole: roleNode({ ...row.defaultRole, scope: 'ORGANIZATION' }),
    adoptsVerifiedDomains: row.adoptsVerifiedDomains,
    linkKeys: row.linkKeys,
    version: row.version,
    baseUrl: { key: 'scimBaseUrl', label: 'SCIM base URL', value: baseUrl, help: null },
    setupGuide: filledScimGuide(row.vendor, baseUrl, secret),
    userCount: row.userCount,
    groupCount: row.groupCount,
    lastRequestAt: row.lastRequestAt,
    createdAt: row.createdAt,
  }
}
