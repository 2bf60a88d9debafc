import { actorLabel, actorUserId, type WriteContext, writeUseCase } from '../../access'
import { InputProblems } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { findBreakGlassStandings, type IssuedCodes } from '../recovery-codes'
import { listSsoProviderRows } from '../sso'
import { enterInvitationMode } from './enter-invitation-mode'
import { enterSsoMode } from './enter-sso-mode'
import { modeAudit, tellAdmins, tellUnlinked } from './mode-audit'
import { workOnEverybody } from './mode-change.store'
import { insertModeSwitch } from './mode-switch.store'
import { chosenProviders, readSwitchFacts } from './switch-facts'
import { graceEnd, REVERTIBLE_DAYS, requirePreviewed, type SwitchPlan, USUAL_GRACE_HOURS } from './switch-plan'

/** A switch of the membership mode, as it was previewed. */
export interface SwitchMembershipMode extends SwitchPlan {
  previewToken: string
  /** How long members have to link a sign-in through the company, 1..720; a week when nothing is said. */
  graceHours: number | null
  /** Whether they are written to. */
  notifyMembers: boolean
}

/** The switch, and the codes that are shown once. */
export interface MembershipModeSwitched {
  switchId: string
  recoveryCodes: IssuedCodes[]
}

/**
 * Switches between invitations and SSO, in one transaction behind the organization row, as previewed
 * (docs/adr/0015-membership-mode.md). To SSO: pending invitations are revoked, the connections activated, sessions opened
 * from accounts ended but those of the break-glass Admins, who get recovery codes; everybody else links a sign-in through
 * the company before the deadline, or is suspended then. To invitations: connections and directories stop, their sessions
 * end, and members without an account of their own are suspended. `revertMembershipMode` restores what was taken.
 *
 * @throws CONFLICT  what was previewed has changed
 * @throws WRONG_STATE, REQUIRED, INVALID, NOT_FOUND, TOO_MANY, LAST_WAY_IN  the blockers of the preview
 */
export const switchMembershipMode = writeUseCase({
  name: 'switchMembershipMode',
  requires: 'organization.membership_mode.switch',
  organization: (input: SwitchMembershipMode) => input.organizationId,
  locks: 'update',
  takesLong: true,
  async run(context, input): Promise<MembershipModeSwitched> {
    const graceEndsAt = input.to === 'SSO' ? graceEnd(input.graceHours ?? USUAL_GRACE_HOURS) : null
    const facts = await readSwitchFacts(context.tx, input)
    const [blocker, ...others] = facts.blockers
    if (blocker) throw new InputProblems([blocker, ...others])
    requirePreviewed(input.previewToken, input, facts)

    await workOnEverybody(context.tx)
    const switchId = newId()
    await insertModeSwitch(context.tx, input.organizationId, {
      id: switchId,
      from: facts.from,
      to: input.to,
      startedById: actorUserId(context.actor),
      startedByName: actorLabel(context.actor),
      graceEndsAt,
      revertibleDays: REVERTIBLE_DAYS,
    })
    if (input.to === 'INVITATION') {
      const ended = await enterInvitationMode(context, switchId)
      modeAudit(context, 'switched', switchId, facts, { outcomes: facts.outcomes, sessionsEnded: ended.sessionsEnded })
      await tellAdmins(context, { to: input.to, isRevert: false, graceEndsAt, suspended: ended.membersSuspended })
      return { switchId, recoveryCodes: [] }
    }
    const entered = await enterAsPlanned(context, input, switchId)
    const { sessionsEnded, recoveryCodes } = entered
    modeAudit(context, 'switched', switchId, facts, { outcomes: facts.outcomes, sessionsEnded })
    await tellAdmins(context, { to: input.to, isRevert: false, graceEndsAt, suspended: 0 })
    if (input.notifyMembers) await tellUnlinked(context, graceEndsAt!, input.breakGlassMemberIds)
    return { switchId, recoveryCodes }
  },
})

async function enterAsPlanned(context: WriteContext, plan: SwitchPlan, switchId: string) {
  const { tx, organizationId } = context
  const providers = chosenProviders(plan, await listSsoProviderRows(tx, organizationId))
  const standings = await findBreakGlassStandings(tx, organizationId, plan.breakGlassMemberIds)
  const breakGlass = standings.map(({ memberId, name }) => ({ memberId, name, getsCodes: true }))
  return enterSsoMode(context, { switchId, providers, directories: [], breakGlass })
}
