import type { WriteContext } from '../../access'
import { type IssuedCodes, issueCodes } from '../recovery-codes'
import { activateProviders, type SsoProviderRow } from '../sso'
import {
  declineAllJoinRequests,
  endSessionsOpenedBy,
  restartDirectories,
  revokeAllInvitations,
  writeMode,
} from './mode-change.store'
import { type SwitchedRow, writeSwitchedRows } from './mode-switch.store'

/** How an organization enters SSO mode. */
export interface EnterSsoMode {
  switchId: string
  providers: readonly SsoProviderRow[]
  /** Directories that go on where a switch stopped them. */
  directories: readonly SwitchedRow[]
  /** Joined Admins who keep another way in. */
  breakGlass: readonly { memberId: string; name: string; getsCodes: boolean }[]
}

/** What it has ended, and the codes that are shown once. */
export interface EnteredSsoMode {
  invitationsRevoked: number
  sessionsEnded: number
  recoveryCodes: IssuedCodes[]
}

/**
 * Brings an organization into SSO mode in the transaction of the caller, which holds the organization row for update: what
 * waits for an answer is revoked, the mode flipped, the connections activated, the old sessions ended but those of
 * break-glass Admins.
 */
export async function enterSsoMode(context: WriteContext, entry: EnterSsoMode): Promise<EnteredSsoMode> {
  const { tx, organizationId } = context
  const { switchId, providers, directories, breakGlass } = entry
  const invitationsRevoked = await revokeAllInvitations(tx, organizationId, switchId)
  await declineAllJoinRequests(tx, organizationId)
  await writeMode(tx, organizationId, 'SSO')
  await activateProviders(context, providers)
  await restartDirectories(tx, organizationId, directories)
  const started = providers.map(({ id, name, status }) => ({ id, name, statusBefore: status }))
  const parties = [...started.map((each) => ({ kind: 'SSO_PROVIDER' as const, ...each })), ...directories]
  await writeSwitchedRows(tx, organizationId, switchId, parties)
  const recoveryCodes: IssuedCodes[] = []
  for (const { memberId, name, getsCodes } of breakGlass)
    if (getsCodes) recoveryCodes.push(await issueCodes(context, { memberId, name }))
  const kept = breakGlass.map(({ memberId }) => memberId)
  const sessionsEnded = await endSessionsOpenedBy(tx, organizationId, 'ACCOUNT', kept)
  context.count({ invited: -invitationsRevoked })
  return { invitationsRevoked, sessionsEnded, recoveryCodes }
}
