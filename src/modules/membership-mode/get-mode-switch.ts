import { notFound, OWN_ORGANIZATION, readUseCase } from '../../access'
import { countUnlinked, findModeSwitch, findNewestSwitch, type ModeSwitch } from './mode-switch.store'

/** A switch with the numbers of those whom it concerns still. */
export interface ModeSwitchView extends ModeSwitch {
  /** Members who still have to link a sign-in. */
  waiting: number
  /** Members who were suspended by it. */
  suspended: number
  /** The newest one, young enough and not reverted. */
  isRevertible: boolean
}

/** The newest switch of an organization; null when there was none. */
export const getNewestModeSwitch = readUseCase({
  name: 'getNewestModeSwitch',
  requires: 'organization.membership_mode.switch',
  organization: (input: { organizationId: string }) => input.organizationId,
  async run({ tx, organizationId }): Promise<ModeSwitchView | null> {
    const newest = await findNewestSwitch(tx, organizationId)
    if (!newest) return null
    const counts = await countUnlinked(tx, organizationId, newest.id)
    return { ...newest, ...counts, isRevertible: isRevertible(newest) }
  },
})

/** One switch of the caller's organization. @throws NOT_FOUND */
export const getModeSwitch = readUseCase({
  name: 'getModeSwitch',
  requires: 'organization.membership_mode.switch',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { switchId }: { switchId: string }): Promise<ModeSwitchView> {
    const found = await findModeSwitch(tx, organizationId, switchId)
    if (!found) throw notFound('The switch')
    const newest = await findNewestSwitch(tx, organizationId)
    const counts = await countUnlinked(tx, organizationId, switchId)
    return { ...found, ...counts, isRevertible: newest?.id === switchId && isRevertible(found) }
  },
})

function isRevertible({ revertedAt, revertibleUntil }: ModeSwitch): boolean {
  return revertedAt === null && revertibleUntil.getTime() > Date.now()
}
