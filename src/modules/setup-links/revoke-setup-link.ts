import { notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { revokeLink } from './setup-link.store'

/**
 * Ends a set-up link at once. What was set up with it stays.
 * @throws NOT_FOUND  no such link, or it was revoked before
 */
export const revokeSetupLink = writeUseCase({
  name: 'revokeSetupLink',
  requires: 'setup_link.manage',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  async run(context, { linkId }: { linkId: string }): Promise<void> {
    if (!(await revokeLink(context.tx, context.organizationId, linkId))) throw notFound('The set-up link')
    const target = { type: 'SetupLink', id: toTypeId('SetupLink', linkId) }
    context.audit({ action: 'setup_link.revoked', targets: [target] })
  },
})
