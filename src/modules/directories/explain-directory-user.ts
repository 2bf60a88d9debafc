import { OWN_ORGANIZATION, type ReadContext, readUseCase } from '../../access'
import { type DirectoryUserRow, findDirectoryUsers, findDirectoryUsersOfMembers } from './directory-user-page.store'
import { findGroupRules, findGroupRulesById, type GroupRuleRow } from './group-rule.store'
import { evaluateRules, type GivenByRules } from './group-rules.model'
import { findGroupsOfUsers } from './user-groups.store'

/** What the rules of their directory give people, and by which rule; by id, without those who are gone. */
export const explainDirectoryUsers = readUseCase({
  name: 'explainDirectoryUsers',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run(context, { ids }: { ids: readonly string[] }): Promise<Map<string, GivenByRules<GroupRuleRow>>> {
    return givenTo(context, [...(await findDirectoryUsers(context.tx, context.organizationId, ids)).values()])
  },
})

/** The rules by which members have their organization role, by member; without those whose role none gives. */
export const explainGivenRoles = readUseCase({
  name: 'explainGivenRoles',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run(context, { memberIds }: { memberIds: readonly string[] }): Promise<Map<string, GroupRuleRow>> {
    const users = await findDirectoryUsersOfMembers(context.tx, context.organizationId, memberIds)
    const given = await givenTo(
      context,
      [...users.values()].filter(({ givenRole }) => givenRole),
    )
    return new Map(
      [...users].flatMap(([memberId, { id }]): [string, GroupRuleRow][] => {
        const rule = given.get(id)?.organizationRole
        return rule ? [[memberId, rule]] : []
      }),
    )
  },
})

/** The rules that give these grants in projects, by grant. */
export const explainGrants = readUseCase({
  name: 'explainGrants',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { grantIds }: { grantIds: readonly string[] }): Promise<Map<string, GroupRuleRow>> {
    const rows = await findGroupRulesById(tx, organizationId, grantIds)
    return new Map(rows.map((rule) => [rule.id, rule]))
  },
})

async function givenTo(
  { tx, organizationId }: ReadContext,
  users: readonly DirectoryUserRow[],
): Promise<Map<string, GivenByRules<GroupRuleRow>>> {
  const given = new Map<string, GivenByRules<GroupRuleRow>>()
  for (const directoryId of new Set(users.map((user) => user.directoryId))) {
    const ids = users.filter((user) => user.directoryId === directoryId).map(({ id }) => id)
    const rules = await findGroupRules(tx, organizationId, [directoryId])
    const groups = await findGroupsOfUsers(tx, { organizationId, directoryId }, ids)
    for (const id of ids) {
      const own = groups.filter(({ userId }) => userId === id).map((group) => group.id)
      given.set(id, evaluateRules(rules, new Set(own)))
    }
  }
  return given
}
