import { decide, OWN_ORGANIZATION, type Permission, permissionBeyond, readUseCase } from '../../access'
import type { Role } from './role.store'

export type RoleAction = 'UPDATE' | 'DELETE' | 'ASSIGN'

/** Why something is off; null when it is on. */
export type RoleDecision = { reason: 'MISSING_PERMISSION' | 'WRONG_STATE'; message: string } | null

// Any of them is a way to give a role to somebody.
const GIVING: Readonly<Record<Role['scope'], readonly Permission[]>> = {
  ORGANIZATION: ['member.role.update', 'invitation.create', 'member.add'],
  PROJECT: ['project.grant', 'service_account.manage'],
}

/**
 * Whether the actor could change, delete or give a role that was read before, and why not. Giving is judged by what
 * the actor holds in the whole organization: in a project a grant may allow it besides.
 */
export const explainRoleAction = readUseCase({
  name: 'explainRoleAction',
  requires: 'inside',
  organization: () => OWN_ORGANIZATION,
  async run(
    { actor, organizationId },
    { role, action }: { role: Pick<Role, 'scope' | 'isSystem' | 'permissions'>; action: RoleAction },
  ): Promise<RoleDecision> {
    const needed = action === 'ASSIGN' ? GIVING[role.scope] : (['role.manage'] as const)
    if (!needed.some((permission) => decide(actor, permission, { organizationId }) === 'allowed'))
      return { reason: 'MISSING_PERMISSION', message: `This needs the permission ${needed[0]}; ask an Admin.` }
    if (action !== 'ASSIGN' && role.isSystem)
      return { reason: 'WRONG_STATE', message: 'The role is built in and stays as it is.' }
    const beyond = permissionBeyond(actor, role.permissions)
    if (beyond === null) return null
    return { reason: 'MISSING_PERMISSION', message: `The role allows ${beyond}, which you do not hold yourself.` }
  },
})
