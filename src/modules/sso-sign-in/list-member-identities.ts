import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { findIdentitiesOfMembers, type MemberIdentityRow } from './sso-identity.store'

/** By which connections members of the caller's organization come, by member. */
export const getMemberIdentities = readUseCase({
  name: 'getMemberIdentities',
  requires: 'member.security.read',
  organization: () => OWN_ORGANIZATION,
  async run(
    { tx, organizationId },
    { memberIds }: { memberIds: readonly string[] },
  ): Promise<Map<string, MemberIdentityRow[]>> {
    const byMember = new Map<string, MemberIdentityRow[]>(memberIds.map((id) => [id, []]))
    for (const row of await findIdentitiesOfMembers(tx, organizationId, memberIds))
      byMember.get(row.memberId)?.push(row)
    return byMember
  },
})
