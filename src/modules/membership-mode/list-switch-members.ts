import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { listLockedOutRows, listSwitchMemberRows, type SwitchMember } from './switch-members.store'
import type { SwitchOutcome, SwitchPlan } from './switch-plan'

/** Whom of a preview a list shows. */
export interface ListSwitchMembers {
  plan: SwitchPlan
  /** UUIDs of the connections that it starts. */
  starts: readonly string[]
  outcomes: readonly SwitchOutcome[]
  page: PageArguments
}

/** The members of an organization with what a switch would mean for each, oldest first. */
export const listSwitchMembers = readUseCase({
  name: 'listSwitchMembers',
  requires: 'organization.membership_mode.switch',
  organization: (input: ListSwitchMembers) => input.plan.organizationId,
  async run({ tx }, { plan, starts, outcomes, page }): Promise<ListPage<SwitchMember>> {
    const binding = `switch-members/${plan.organizationId}/${plan.to}/${starts.join()}/${plan.breakGlassMemberIds.join()}/${outcomes.join()}`
    const checked = readPage(page, binding)
    const rows = await listSwitchMemberRows(tx, { plan, starts, outcomes }, checked)
    return listPage(rows, checked, binding, ({ memberId }) => [memberId])
  },
})

/** Whom a switch has suspended and nobody has decided about since, oldest first. */
export const listLockedOutMembers = readUseCase({
  name: 'listLockedOutMembers',
  requires: 'organization.membership_mode.switch',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, input: { switchId: string; page: PageArguments }): Promise<ListPage<SwitchMember>> {
    const { switchId, page } = input
    const binding = `locked-out-members/${organizationId}/${switchId}`
    const checked = readPage(page, binding)
    const rows = await listLockedOutRows(tx, organizationId, switchId, checked)
    return listPage(rows, checked, binding, ({ memberId }) => [memberId])
  },
})
