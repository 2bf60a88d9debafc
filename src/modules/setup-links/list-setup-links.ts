import { notFound, OWN_ORGANIZATION, readUseCase } from '../../access'
import { findSetupLinkRow, findSetupLinks, type SetupLinkRow } from './setup-link.store'

/** The set-up links that still work, newest first, at most 100. */
export const listSetupLinks = readUseCase({
  name: 'listSetupLinks',
  requires: 'setup_link.manage',
  organization: (input: { organizationId: string }) => input.organizationId,
  run: ({ tx, organizationId }): Promise<SetupLinkRow[]> => findSetupLinks(tx, organizationId),
})

/** One link of the caller's organization. @throws NOT_FOUND */
export const getSetupLink = readUseCase({
  name: 'getSetupLink',
  requires: 'setup_link.manage',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { linkId }: { linkId: string }): Promise<SetupLinkRow> {
    const row = await findSetupLinkRow(tx, organizationId, linkId)
    if (!row) throw notFound('The set-up link')
    return row
  },
})

/** The link that the caller holds, for the page that it opens. @throws NOT_FOUND  the caller holds none that works */
export const getOwnSetupLink = readUseCase({
  name: 'getOwnSetupLink',
  requires: 'organization.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, actor, organizationId }, _input: Record<string, never>): Promise<SetupLinkRow> {
    const row = actor.kind === 'setup' ? await findSetupLinkRow(tx, organizationId, actor.linkId) : null
    if (!row) throw notFound('The set-up link')
    return row
  },
})
