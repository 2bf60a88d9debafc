import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { projectViewer } from './project-access'
import { listGrantsOfMembers, type ProjectGrantRow } from './project-grant.store'

/** The grants of each of these members, oldest first; only those in projects that the actor can see. */
export const listMemberGrants = readUseCase({
  name: 'listMemberGrants',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, actor, organizationId }, { memberIds }: { memberIds: readonly string[] }) {
    const grants = new Map<string, ProjectGrantRow[]>(memberIds.map((id) => [id, []]))
    for (const grant of await listGrantsOfMembers(tx, organizationId, projectViewer(actor), memberIds))
      grants.get(grant.memberId)!.push(grant)
    return grants
  },
})
