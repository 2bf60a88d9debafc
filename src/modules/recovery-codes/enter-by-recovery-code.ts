import { type AccountSession, notFound, SYSTEM_ROLES, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { findJoinedMember } from '../members'
import { type OpenedSession, openOrganizationSession } from '../sessions'
import { alertAdmins } from './break-glass'
import { hashRecoveryCode } from './recovery-code'
import { lockBreakGlassAdmin, noteFailures, spendCode } from './recovery-code.store'

/** A session, or why there is none: that is an answer and no exception, since what was tried must be remembered. */
export type RecoveryAttempt = { session: OpenedSession } | { refusal: AppError }

/** Wrong codes of one Admin within 15 minutes, after which even a right one is refused. */
const MOST_FAILURES = 5
const LIFETIME_HOURS = 1

/**
 * Opens a session of an organization in SSO mode for a break-glass Admin who has proven their account and knows a recovery
 * code. The code is used up, the session lives for an hour, and all Admins are told.
 *
 * @throws NOT_FOUND  when the person has not joined the organization
 * @throws WRONG_STATE  members come by invitation, so no code is needed
 * @throws INVALID  the person has no codes; a wrong one is refused in the answer
 * @throws RATE_LIMITED  after five wrong codes within 15 minutes
 */
export const enterByRecoveryCode = writeUseCase({
  name: 'enterByRecoveryCode',
  requires: 'account',
  organization: (input: { organizationId: string; code: string }) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, code }): Promise<RecoveryAttempt> {
    const { tx, locked } = context
    const person = context.actor as AccountSession
    const member = await findJoinedMember(tx, organizationId, person.userId)
    if (!member) throw notFound('The organization')
    if (locked!.membership_mode !== 'SSO')
      throw new AppError('WRONG_STATE', 'No recovery code is needed here: open the organization as usual.')
    const { memberId, roleKey } = member
    const isAdmin = roleKey === SYSTEM_ROLES.ADMIN.key
    const held = isAdmin ? await lockBreakGlassAdmin(tx, organizationId, memberId) : null
    if (!held) throw wrongCode()
    if (held.failures >= MOST_FAILURES) throw tooManyFailures()
    const codesLeft = await spendCode(tx, organizationId, memberId, hashRecoveryCode(code))
    if (codesLeft === null) return refuseCode(context, memberId, held.failures + 1)

    await noteFailures(tx, organizationId, memberId, 0)
    const adminName = person.name || person.email
    const target = { type: 'Member', id: toTypeId('Member', memberId), label: adminName }
    context.audit({ action: 'recovery_code.used', targets: [target], changes: [leftAfter(codesLeft)] })
    await alertAdmins(context, { event: 'USED', adminName, codesLeft })
    const account = { ...person, provider: 'RECOVERY_CODE' }
    const session = await openOrganizationSession(context, account, { organizationId, ...member }, LIFETIME_HOURS)
    return { session }
  },
})

async function refuseCode(context: WriteContext, memberId: string, failures: number): Promise<{ refusal: AppError }> {
  await noteFailures(context.tx, context.organizationId, memberId, failures)
  context.audit({ action: 'recovery_code.refused', targets: [{ type: 'Member', id: toTypeId('Member', memberId) }] })
  return { refusal: wrongCode() }
}

function wrongCode(): AppError {
  return new AppError('INVALID', 'This is not one of your unused recovery codes.', { path: ['recoveryCode'] })
}

function leftAfter(codesLeft: number) {
  return { field: 'codesLeft', before: codesLeft + 1, after: codesLeft }
}

function tooManyFailures(): AppError {
  return new AppError('RATE_LIMITED', 'Too many wrong recovery codes; wait a quarter of an hour.', {
    retryAfterSeconds: 900,
  })
}
