import { INSTALLATION_ID, readUseCase } from '../../access'
import { findSlug } from './organization.store'

/**
 * The organization that has a slug; for a free slug the nil UUID, which no organization has. So both go the same way
 * through the decision who may see it, and nobody learns from the answer which slugs are taken.
 */
export const findOrganizationId = readUseCase({
  name: 'findOrganizationId',
  requires: 'anyone',
  organization: () => null,
  run: async ({ tx }, { slug }: { slug: string }): Promise<string> => (await findSlug(tx, slug)) ?? INSTALLATION_ID,
})
