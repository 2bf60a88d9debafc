import type { LockedOrganization } from '../../access'
import { AppError } from '../../kernel/errors'

/**
 * The locked organization, if its people come by invitation.
 * @throws MEMBERSHIP_MODE  its identity provider decides who joins
 */
export function requireInvitationMode(organization: LockedOrganization | null): LockedOrganization {
  if (organization!.membership_mode === 'INVITATION') return organization!
  throw new AppError(
    'MEMBERSHIP_MODE',
    `The identity provider of ${organization!.name} decides who joins; give the person access there.`,
  )
}
