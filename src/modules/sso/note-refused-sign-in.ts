import { OWN_ORGANIZATION, readUseCase, writeUseCase } from '../../access'
import {
  findSsoRefusals,
  insertSsoRefusal,
  KEPT_REFUSALS,
  type SsoRefusalDraft,
  type SsoRefusalRow,
} from './sso-refusal.store'

/** Notes a sign-in that was refused, for Admins. Strangers can set it off, so it is bounded and not in the audit log. */
export const noteRefusedSignIn = writeUseCase({
  name: 'noteRefusedSignIn',
  requires: 'anyone',
  organization: (input: SsoRefusalDraft & { organizationId: string }) => input.organizationId,
  locks: 'share',
  unaudited: true,
  async run({ tx, request }, { organizationId, ...draft }): Promise<void> {
    await insertSsoRefusal(tx, organizationId, draft, request)
  },
})

/** The newest refused sign-ins of connections, newest first, by connection. */
export const getRefusedSignIns = readUseCase({
  name: 'getRefusedSignIns',
  requires: 'sso.read',
  organization: () => OWN_ORGANIZATION,
  async run(
    { tx, organizationId },
    { providerIds, each }: { providerIds: readonly string[]; each: number },
  ): Promise<Map<string, SsoRefusalRow[]>> {
    const most = Math.min(Math.max(each, 1), KEPT_REFUSALS)
    const byProvider = new Map<string, SsoRefusalRow[]>()
    for (const row of await findSsoRefusals(tx, organizationId, providerIds, most))
      byProvider.set(row.providerId, [...(byProvider.get(row.providerId) ?? []), row])
    return byProvider
  },
})
