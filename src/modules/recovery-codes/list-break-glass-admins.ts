import { readUseCase } from '../../access'
import { type BreakGlassAdmin, findBreakGlassAdmins } from './recovery-code.store'

/** The Admins who keep another way in while members come by SSO. */
export const listBreakGlassAdmins = readUseCase({
  name: 'listBreakGlassAdmins',
  requires: 'organization.membership_mode.switch',
  organization: (input: { organizationId: string }) => input.organizationId,
  run: ({ tx, organizationId }): Promise<BreakGlassAdmin[]> => findBreakGlassAdmins(tx, organizationId),
})
