import type { Statement, Transaction } from '../../platform/database'

/** In how many organizations one person may be. */
export type MembershipPolicy = 'many' | 'single'

/** The policy the database holds; until the commit no membership begins and no other process changes it. */
export async function lockMembershipPolicy(tx: Transaction): Promise<MembershipPolicy> {
  const [row] = await tx.query<{ exclusive_membership: boolean }>(LOCK_POLICY)
  return row!.exclusive_membership ? 'single' : 'many'
}

/** The policy the database holds. */
export async function findMembershipPolicy(tx: Transaction): Promise<MembershipPolicy> {
  const [row] = await tx.query<{ exclusive_membership: boolean }>(FIND_POLICY)
  return row!.exclusive_membership ? 'single' : 'many'
}

/** True when anybody is in an organization. */
export async function hasMemberships(tx: Transaction): Promise<boolean> {
  return (await tx.query(FIND_MEMBERSHIP)).length > 0
}

/** Sets the policy; refused by a constraint under memberships that break it. */
export async function setMembershipPolicy(tx: Transaction, policy: MembershipPolicy): Promise<void> {
  await tx.execute(SET_POLICY, [policy === 'single'])
}

const LOCK_POLICY: Statement = {
  name: 'lock-membership-policy',
  text: 'SELECT exclusive_membership FROM installation FOR UPDATE',
}
const FIND_POLICY: Statement = { name: 'find-membership-policy', text: 'SELECT exclusive_membership FROM installation' }
const FIND_MEMBERSHIP: Statement = { name: 'find-any-membership', text: 'SELECT 1 FROM user_memberships LIMIT 1' }
const SET_POLICY: Statement = {
  name: 'set-membership-policy',
  text: 'UPDATE installation SET exclusive_membership = $1',
}
