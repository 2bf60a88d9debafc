import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ViewerIdentity, ViewerMembership, ViewerView } from '../../modules/viewer'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'
import { OrganizationType, organizationNode } from '../organizations/organization.type'
import { OrganizationCard, organizationCard } from '../organizations/organization-card.type'
import { IdentityProviderKind, SessionType, sessionNode } from '../sessions/session.type'
import { UserType, userNode } from '../users/user.type'

const ViewerMembershipStatusEnum = { JOINED: 'JOINED', SUSPENDED: 'SUSPENDED' } as const
registerEnumType(ViewerMembershipStatusEnum, {
  name: 'ViewerMembershipStatus',
  description: 'Where the viewer stands in an organization.',
  valuesConfig: {
    JOINED: { description: 'May switch to it.' },
    SUSPENDED: { description: 'Belongs to it, without access.' },
  },
})

const ViewerActionEnum = { CREATE_ORGANIZATION: 'CREATE_ORGANIZATION' } as const
export type ViewerAction = keyof typeof ViewerActionEnum
export const ViewerActions = ViewerActionEnum
registerEnumType(ViewerActionEnum, {
  name: 'ViewerAction',
  description: 'What the viewer may want to do outside any organization.',
  valuesConfig: { CREATE_ORGANIZATION: { description: 'Found a new organization.' } },
})

@ObjectType('ViewerMembership', {
  simpleResolvers: true,
  description: 'One of "my organizations", as the account side knows it.',
})
export class ViewerMembershipType {
  @Field(() => OrganizationCard, { description: 'The organization.' }) organization: OrganizationCard
  @Field(() => ViewerMembershipStatusEnum, { description: 'Where the viewer stands in it.' })
  status: 'JOINED' | 'SUSPENDED'
  @Field(() => String, { description: "Key of the viewer's role in it, e.g. admin." }) roleKey: string
  @Field(() => String, { description: "Display name of the viewer's role in it." }) roleName: string
  @Field(() => DateTime, { description: 'When the viewer joined.' }) joinedAt: Date
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A proven way to sign in to an account.' })
export class ExternalIdentity extends Node {
  @Field(() => IdentityProviderKind, { description: 'Who proves the person.' }) kind: string
  @Field(() => String, { nullable: true, description: 'Address the provider told.' }) email: string | null
  @Field(() => DateTime, { description: 'When it was linked to the account.' }) linkedAt: Date
  @Field(() => DateTime, { description: 'When it was last used to sign in.' }) lastUsedAt: Date
}

@ObjectType('Viewer', {
  simpleResolvers: true,
  description: 'The signed-in person, with everything an account page needs.',
})
export class ViewerType {
  /** What the fields below are made of. */
  readonly view: ViewerView
  @Field(() => UserType, { description: 'The account.' }) user: UserType
  @Field(() => OrganizationType, {
    nullable: true,
    description: 'The organization of the current session; null on the account side.',
  })
  activeOrganization: OrganizationType | null
  @Field(() => [SessionType], {
    description:
      'Signed-in browsers of the account and, in an organization, its sessions; last used first, at most 100.',
  })
  sessions: SessionType[]
  @Field(() => [ExternalIdentity], { description: 'Ways to sign in.' }) identities: ExternalIdentity[]
}

/** The GraphQL object of a viewer. */
export function viewerNode(view: ViewerView): ViewerType {
  return {
    view,
    user: userNode(view.user),
    activeOrganization: view.activeOrganization && organizationNode(view.activeOrganization),
    sessions: view.sessions.map(sessionNode),
    identities: view.identities.map(identityNode),
  }
}

/** The GraphQL object of a membership seen from the account side. */
export function viewerMembership(row: ViewerMembership): ViewerMembershipType {
  return {
    organization: organizationCard({ ...row, status: row.organizationStatus }),
    status: row.status,
    roleKey: row.roleKey,
    roleName: row.roleName,
    joinedAt: row.joinedAt,
  }
}

function identityNode(row: ViewerIdentity): ExternalIdentity {
  return {
    typeName: 'ExternalIdentity' satisfies IdType,
    id: toTypeId('ExternalIdentity', row.id),
    kind: row.provider,
    email: row.email,
    linkedAt: row.linkedAt,
    lastUsedAt: row.lastUsedAt,
  }
}
