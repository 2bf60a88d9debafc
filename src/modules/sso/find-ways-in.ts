import { readUseCase } from '../../access'
import { emailDomain, normalizeEmail } from '../../kernel/email-address'
import { findOrganizationOfDomain } from '../domains'
import { findWaysInRow, type WaysIn } from './ways-in.store'

/**
 * The organization that has proven the domain of an address, or null. Nobody looks for the address itself, so that the
 * answer tells nothing of it.
 */
export const findOrganizationOfAddress = readUseCase({
  name: 'findOrganizationOfAddress',
  requires: 'anyone',
  organization: () => null,
  async run({ tx }, { email }: { email: string }): Promise<string | null> {
    const address = normalizeEmail(email)
    return address ? findOrganizationOfDomain(tx, emailDomain(address)) : null
  },
})

/** How people come into an organization, for whoever is about to; null when there is none. */
export const findWaysIn = readUseCase({
  name: 'findWaysIn',
  requires: 'anyone',
  organization: (input: { organizationId: string }) => input.organizationId,
  run: ({ tx, organizationId }): Promise<WaysIn | null> => findWaysInRow(tx, organizationId),
})
