import { OWN_ORGANIZATION, readUseCase } from '../../access'
import type { OrganizationEntity } from './organization.entity'
import { findAdminCount } from './organization.store'
import {
  decideOrganizationAction,
  type OrganizationAction,
  type OrganizationDecision,
} from './organization-action.model'

export type { OrganizationAction } from './organization-action.model'

/** Whether the actor could do something to an organization that was read before, and why not. */
export const explainOrganizationAction = readUseCase({
  name: 'explainOrganizationAction',
  requires: 'member',
  organization: () => OWN_ORGANIZATION,
  object: async (_context, input: { organization: OrganizationEntity; action: OrganizationAction }) => ({
    organizationId: input.organization.organizationId,
  }),
  async run({ tx, actor }, { organization, action }): Promise<OrganizationDecision> {
    const mayBeLast = action === 'LEAVE' && actor.kind === 'member' && actor.roleKey === 'admin'
    return decideOrganizationAction(action, {
      organization,
      permissions: 'permissions' in actor ? actor.permissions : 'all',
      isMember: actor.kind === 'member',
      isLastAdmin: mayBeLast && (await findAdminCount(tx, organization.organizationId)) <= 1,
    })
  },
})
