import { actorLabel, type WriteContext } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { findAdminAddresses } from '../members'
import type { MembershipMode } from '../organizations'
import { writeToUnlinked } from './mode-change.store'

/** Records a switch or a revert of one. */
export function modeAudit(
  context: WriteContext,
  verb: 'switched' | 'reverted' | 'settled',
  switchId: string,
  { from }: { from: MembershipMode },
  effects: Readonly<Record<string, unknown>>,
): void {
  const { organizationId, locked } = context
  const to: MembershipMode = from === 'SSO' ? 'INVITATION' : 'SSO'
  context.audit({
    action: `organization.membership_mode.${verb}`,
    targets: [
      { type: 'Organization', id: toTypeId('Organization', organizationId), label: locked!.name },
      { type: 'MembershipModeSwitch', id: toTypeId('MembershipModeSwitch', switchId) },
    ],
    changes: [
      ...(verb === 'settled' ? [] : [{ field: 'membershipMode', before: from, after: to }]),
      ...Object.entries(effects).map(([field, after]) => ({ field, before: null, after })),
    ],
  })
}

/** Tells every Admin, at most 20, also the one who asked: a stolen session must not switch in silence. */
export async function tellAdmins(
  context: WriteContext,
  facts: { to: MembershipMode; isRevert: boolean; graceEndsAt: Date | null; suspended: number },
): Promise<void> {
  const { name, slug } = context.locked!
  const payload = { ...facts, organizationName: name, slug, changedByName: actorLabel(context.actor) }
  for (const destination of await findAdminAddresses(context.tx, context.organizationId))
    context.send({ kind: 'mail.membership-mode', destination, payload })
}

/** Writes to the members who have to link a sign-in through the company. */
export async function tellUnlinked(
  context: WriteContext,
  graceEndsAt: Date,
  exceptMemberIds: readonly string[],
): Promise<void> {
  const { name, slug } = context.locked!
  const payload = { organizationName: name, slug, graceEndsAt }
  await writeToUnlinked(context.tx, context.organizationId, { kind: 'mail.link-sign-in', payload, exceptMemberIds })
}
