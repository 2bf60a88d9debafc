import type { Permission } from '../../access'
import type { OrganizationEntity } from './organization.entity'

export type OrganizationAction =
  | 'UPDATE'
  | 'DELETE'
  | 'LEAVE'
  | 'INVITE'
  | 'ADD_MEMBER'
  | 'CREATE_PROJECT'
  | 'CREATE_TEAM'
  | 'MANAGE_ROLES'
  | 'READ_AUDIT'

/** Why something is off; null when it is on. */
export type OrganizationDecision = {
  reason: 'MISSING_PERMISSION' | 'MEMBERSHIP_MODE' | 'LAST_ADMIN' | 'WRONG_STATE'
  message: string
} | null

/** What the decision depends on. */
export interface OrganizationStanding {
  organization: Pick<OrganizationEntity, 'status' | 'membershipMode'>
  permissions: ReadonlySet<string> | 'all'
  /** False for the operator. */
  isMember: boolean
  isLastAdmin: boolean
}

const NEEDED: Readonly<Record<Exclude<OrganizationAction, 'LEAVE'>, Permission>> = {
  UPDATE: 'organization.update',
  DELETE: 'organization.delete',
  INVITE: 'invitation.create',
  ADD_MEMBER: 'member.add',
  CREATE_PROJECT: 'project.create',
  CREATE_TEAM: 'team.create',
  MANAGE_ROLES: 'role.manage',
  READ_AUDIT: 'audit.read',
}

/** Decides what a control in the organization looks like; the use cases decide again when it is used. */
export function decideOrganizationAction(
  action: OrganizationAction,
  standing: OrganizationStanding,
): OrganizationDecision {
  const { organization, permissions } = standing
  if (action === 'LEAVE' && !standing.isMember)
    return { reason: 'WRONG_STATE', message: 'You are not a member of this organization.' }
  if (action !== 'LEAVE' && permissions !== 'all' && !permissions.has(NEEDED[action]))
    return { reason: 'MISSING_PERMISSION', message: `This needs the permission ${NEEDED[action]}; ask an Admin.` }
  if (organization.status !== 'ACTIVE' && action !== 'READ_AUDIT')
    return { reason: 'WRONG_STATE', message: 'The organization is waiting for its deletion.' }
  if ((action === 'INVITE' || action === 'ADD_MEMBER') && organization.membershipMode !== 'INVITATION')
    return { reason: 'MEMBERSHIP_MODE', message: 'The identity provider decides who belongs to this organization.' }
  if (action === 'LEAVE' && standing.isLastAdmin)
    return { reason: 'LAST_ADMIN', message: 'You are the last Admin; make somebody else Admin first.' }
  return null
}
