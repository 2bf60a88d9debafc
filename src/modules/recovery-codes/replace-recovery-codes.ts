import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { type IssuedCodes, issueCodes, obstacleToBreakGlass } from './break-glass'
import { findBreakGlassStandings } from './recovery-code.store'

/**
 * Gives an Admin ten new recovery codes, and so another way in while members come by SSO; older codes are dead. All
 * Admins learn of it by mail.
 *
 * @returns the codes, shown once: the database keeps their hashes
 * @throws NOT_FOUND  no such member
 * @throws INVALID  no joined Admin, or one without an account of their own
 */
export const replaceRecoveryCodes = writeUseCase({
  name: 'replaceRecoveryCodes',
  requires: 'organization.membership_mode.switch',
  organization: () => OWN_ORGANIZATION,
  locks: 'update',
  async run(context, { memberId }: { memberId: string }): Promise<IssuedCodes> {
    const [standing] = await findBreakGlassStandings(context.tx, context.organizationId, [memberId])
    const obstacle = obstacleToBreakGlass(standing, ['memberId'])
    if (obstacle) throw obstacle
    return issueCodes(context, standing!)
  },
})
