import { readUseCase } from '../../access'
import { readSwitchFacts } from './switch-facts'
import { PREVIEW_MINUTES, previewToken, type SwitchFacts, type SwitchPlan } from './switch-plan'

/** What a switch would mean, and the token with which it can be asked for. */
export interface SwitchPreview extends SwitchFacts {
  plan: SwitchPlan
  token: string
  expiresAt: Date
}

/** What a switch of the membership mode would start, stop and mean for people. Nothing is kept of it. */
export const previewMembershipMode = readUseCase({
  name: 'previewMembershipMode',
  requires: 'organization.membership_mode.switch',
  organization: (input: SwitchPlan) => input.organizationId,
  async run({ tx }, plan): Promise<SwitchPreview> {
    const facts = await readSwitchFacts(tx, plan)
    const expiresAt = new Date(Math.floor(Date.now() / 1000) * 1000 + PREVIEW_MINUTES * 60_000)
    return { ...facts, plan, token: previewToken(plan, facts, expiresAt), expiresAt }
  },
})
