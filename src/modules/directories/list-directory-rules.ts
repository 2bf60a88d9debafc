import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { findGroupRules, type GroupRuleRow } from './group-rule.store'

/** The rules of directories in the order in which they count, by directory; directories without any are left out. */
export const getDirectoryRules = readUseCase({
  name: 'getDirectoryRules',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run(
    { tx, organizationId },
    { directoryIds }: { directoryIds: readonly string[] },
  ): Promise<Map<string, GroupRuleRow[]>> {
    const byDirectory = new Map<string, GroupRuleRow[]>()
    for (const rule of await findGroupRules(tx, organizationId, directoryIds))
      byDirectory.set(rule.directoryId, [...(byDirectory.get(rule.directoryId) ?? []), rule])
    return byDirectory
  },
})
