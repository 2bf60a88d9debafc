import type { Database } from '../../platform/database'
import {
  hasMemberships,
  lockMembershipPolicy,
  type MembershipPolicy,
  setMembershipPolicy,
} from './membership-policy.store'

/**
 * Brings the setting into the database, which holds it against every membership. To be called at start, before
 * anything is served. It can be changed as long as nobody is in an organization.
 *
 * @throws Error  naming setting and remedy, when people are in organizations already under the other policy
 */
export async function applyMembershipPolicy(database: Database, wanted: MembershipPolicy): Promise<void> {
  await database.write({ kind: 'account' }, async (tx) => {
    const held = await lockMembershipPolicy(tx)
    if (held === wanted) return
    if (await hasMemberships(tx))
      throw new Error(
        `GATEHOUSE_MEMBERSHIPS is "${wanted}", but people have joined organizations under "${held}", and the ` +
          `database holds them to that. Set GATEHOUSE_MEMBERSHIPS=${held}, or start with an empty database.`,
      )
    await setMembershipPolicy(tx, wanted)
  })
}
