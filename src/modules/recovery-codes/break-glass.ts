import type { WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { findAdminAddresses } from '../members'
import { CODES_PER_ADMIN, hashRecoveryCode, makeRecoveryCode } from './recovery-code'
import { type BreakGlassStanding, replaceCodes } from './recovery-code.store'

/** Codes of one Admin, shown once. */
export interface IssuedCodes {
  memberId: string
  codes: string[]
}

/** Why somebody cannot be a break-glass Admin; null when nothing stands in the way. */
export function obstacleToBreakGlass(
  standing: BreakGlassStanding | undefined,
  path: readonly string[],
): AppError | null {
  if (!standing) return new AppError('NOT_FOUND', 'There is no such member.', { path })
  if (!standing.isJoinedAdmin)
    return new AppError('INVALID', `${standing.name} is no joined Admin; only Admins get recovery codes.`, { path })
  if (standing.hasAccount) return null
  return new AppError(
    'INVALID',
    `${standing.name} can sign in through the company only, and would be locked out together with everybody else; name an Admin with an account of their own.`,
    { path },
  )
}

/** Gives an Admin new codes, the older ones are dead; recorded, and told to all Admins. */
export async function issueCodes(
  context: WriteContext,
  { memberId, name }: Pick<BreakGlassStanding, 'memberId' | 'name'>,
): Promise<IssuedCodes> {
  const codes = Array.from({ length: CODES_PER_ADMIN }, makeRecoveryCode)
  const hashes = codes.map((code) => hashRecoveryCode(code)!)
  await replaceCodes(context.tx, context.organizationId, memberId, hashes)
  context.audit({
    action: 'recovery_codes.issued',
    targets: [{ type: 'Member', id: toTypeId('Member', memberId), label: name }],
    changes: [{ field: 'codes', before: null, after: codes.length }],
  })
  await alertAdmins(context, { event: 'ISSUED', adminName: name, codesLeft: codes.length })
  return { memberId, codes }
}

/** Tells every Admin, at most 20, also the one it is about: whoever has a stolen code acts in their name. */
export async function alertAdmins(
  context: WriteContext,
  alert: { event: 'ISSUED' | 'USED'; adminName: string; codesLeft: number },
): Promise<void> {
  const payload = { ...alert, organizationName: context.locked!.name, ip: context.request.ip }
  for (const destination of await findAdminAddresses(context.tx, context.organizationId))
    context.send({ kind: 'mail.break-glass', destination, payload })
}
