import { readUseCase } from '../../access'
import { findMembershipPolicy, type MembershipPolicy } from './membership-policy.store'

/** In how many organizations one person may be, as the database holds it. */
export const getMembershipPolicy = readUseCase({
  name: 'getMembershipPolicy',
  requires: 'anyone',
  organization: () => null,
  run: ({ tx }, _input: Record<string, never>): Promise<MembershipPolicy> => findMembershipPolicy(tx),
})
