import { readUseCase } from '../../access'
import { emailDomain } from '../../kernel/email-address'
import { findOrganizationOfDomain } from '../domains'

/** Whether an address is of a domain that the organization has proven; for a test, which makes nobody a member. */
export const rehearseSignIn = readUseCase({
  name: 'rehearseSignIn',
  requires: 'anyone',
  organization: (input: { organizationId: string; email: string }) => input.organizationId,
  run: async ({ tx }, { organizationId, email }): Promise<{ isProvenDomain: boolean }> => ({
    isProvenDomain: (await findOrganizationOfDomain(tx, emailDomain(email))) === organizationId,
  }),
})
