import { actorLabel, actorUserId, notFound, OWN_ORGANIZATION, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { findBreakGlassAdmins } from '../recovery-codes'
import { isReadyForUse, listSsoProviderRows } from '../sso'
import { enterInvitationMode } from './enter-invitation-mode'
import { enterSsoMode } from './enter-sso-mode'
import { modeAudit, tellAdmins, tellUnlinked } from './mode-audit'
import { restoreInvitations, restoreSuspended, workOnEverybody } from './mode-change.store'
import { findModeSwitch, findNewestSwitch, insertModeSwitch, type ModeSwitch, markReverted } from './mode-switch.store'
import { countWithAccount } from './switch-facts.store'
import { graceEnd, USUAL_GRACE_HOURS } from './switch-plan'

/**
 * Takes the newest switch of the membership mode back, within 90 days: the mode, whom it suspended, with role, teams and
 * projects, the invitations it revoked, with what was prepared for them, and the connections and directories it stopped.
 * What it cannot give back are sessions. A revert is itself recorded as a switch, and is not reverted again.
 *
 * @returns  the switch that the revert is
 * @throws NOT_FOUND  no such switch
 * @throws WRONG_STATE  not the newest one, reverted before, or too old; or nobody could come in
 */
export const revertMembershipMode = writeUseCase({
  name: 'revertMembershipMode',
  requires: 'organization.membership_mode.switch',
  organization: () => OWN_ORGANIZATION,
  locks: 'update',
  takesLong: true,
  async run(context, { switchId }: { switchId: string }): Promise<{ switchId: string; organizationId: string }> {
    const { tx, organizationId } = context
    const reverted = await findModeSwitch(tx, organizationId, switchId)
    if (!reverted) throw notFound('The switch')
    await requireRevertible(context, reverted)
    await workOnEverybody(tx)
    const id = newId()
    const graceEndsAt = reverted.from === 'SSO' ? graceEnd(USUAL_GRACE_HOURS) : null
    await insertModeSwitch(tx, organizationId, {
      id,
      from: reverted.to,
      to: reverted.from,
      startedById: actorUserId(context.actor),
      startedByName: actorLabel(context.actor),
      graceEndsAt,
      revertibleDays: 0,
    })
    await markReverted(tx, organizationId, switchId)
    const effects =
      reverted.from === 'SSO' ? await backToSso(context, id, reverted) : await backToInvitation(context, id, reverted)
    modeAudit(context, 'reverted', switchId, { from: reverted.to }, effects)
    await tellAdmins(context, {
      to: reverted.from,
      isRevert: true,
      graceEndsAt,
      suspended: effects.membersSuspended,
    })
    return { switchId: id, organizationId }
  },
})

async function requireRevertible({ tx, organizationId, locked }: WriteContext, it: ModeSwitch): Promise<void> {
  const newest = await findNewestSwitch(tx, organizationId)
  if (newest?.id !== it.id || locked!.membership_mode !== it.to || it.revertedAt)
    throw new AppError('WRONG_STATE', 'Only the newest switch can be reverted, and once; switch by a preview instead.')
  if (it.revertibleUntil.getTime() <= Date.now())
    throw new AppError('WRONG_STATE', 'This switch is too old to be reverted; switch by a preview instead.')
}

async function backToInvitation(context: WriteContext, id: string, { id: switchId }: ModeSwitch) {
  const { tx, organizationId } = context
  const { membersSuspended, sessionsEnded } = await enterInvitationMode(context, id)
  const restored = await restoreSuspended(tx, organizationId, switchId)
  const invitationsRestored = await restoreInvitations(tx, organizationId, switchId)
  const { readyAdmins } = await countWithAccount(tx, organizationId)
  if (readyAdmins === 0)
    throw new AppError('LAST_WAY_IN', 'No Admin could sign in without the company; one needs an account of their own.')
  context.count({
    joined: restored.members,
    suspended: -restored.members,
    admins: restored.admins,
    invited: invitationsRestored,
  })
  return { membersRestored: restored.members, invitationsRestored, membersSuspended, sessionsEnded }
}

async function backToSso(context: WriteContext, id: string, { id: switchId, parties }: ModeSwitch) {
  const { tx, organizationId } = context
  const stopped = new Set(parties.filter(({ kind }) => kind === 'SSO_PROVIDER').map((party) => party.id))
  const all = await listSsoProviderRows(tx, organizationId)
  const providers = all.filter((provider) => stopped.has(provider.id) && isReadyForUse(provider))
  const breakGlass = (await findBreakGlassAdmins(tx, organizationId)).filter(({ codesLeft }) => codesLeft > 0)
  if (providers.length === 0 || breakGlass.length === 0)
    throw new AppError(
      'WRONG_STATE',
      'None of the connections it stopped is ready for use, or no Admin has recovery codes left; switch by a preview instead.',
    )
  const { sessionsEnded, invitationsRevoked } = await enterSsoMode(context, {
    switchId: id,
    providers,
    directories: parties.filter(({ kind }) => kind === 'DIRECTORY'),
    breakGlass: breakGlass.map(({ memberId }) => ({ memberId, name: '', getsCodes: false })),
  })
  const restored = await restoreSuspended(tx, organizationId, switchId)
  context.count({ joined: restored.members, suspended: -restored.members, admins: restored.admins })
  const except = breakGlass.map(({ memberId }) => memberId)
  await tellUnlinked(context, graceEnd(USUAL_GRACE_HOURS), except)
  return { membersRestored: restored.members, invitationsRevoked, membersSuspended: 0, sessionsEnded }
}
