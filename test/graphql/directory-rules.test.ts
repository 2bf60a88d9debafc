import { toTypeId } from '../../src/kernel/ids'
import { AccessFixtures, idOf } from '../support/access-fixtures'
import {
  type ArrangedDirectory,
  type ArrangedGroup,
  type ArrangedUser,
  arrangeDirectory,
  arrangeDirectoryGroup,
  arrangeDirectoryUser,
} from '../support/directories'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { enterSsoMode } from '../support/sso'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

const RULE = 'position kind groupId groupName roleName projectName teamName'
const SET = `mutation ($id: ID!, $rules: [DirectoryRuleInput!]!, $version: Int, $dryRun: Boolean) {
  setDirectoryRules(id: $id, rules: $rules, expectedVersion: $version, dryRun: $dryRun) {
    directory { version } rules { ${RULE} } changeCount changes { roleBefore roleAfter rule { groupName } member { email } }
    userErrors { code path message } } }`
const READ = `query ($id: ID!) { node(id: $id) { ... on Directory { version rules { ${RULE} } groups { nodes { displayName rules { kind } } } } } }`
const ACCESS = `query ($id: ID!) { node(id: $id) { ... on DirectoryUser { givenRole { key } access { counts label rule { ${RULE} } } } } }`

describe('the rules of a directory', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let arrange: AccessFixtures
  let weak: OrganizationMember
  let roles: Record<'admin' | 'member' | 'viewer' | 'projectMember' | 'projectViewer', string>
  let directory: ArrangedDirectory
  let people: ArrangedUser[]
  let staff: ArrangedGroup
  let leads: ArrangedGroup

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse)
    await enterSsoMode(gatehouse, acme)
    weak = await join(gatehouse, acme)
    arrange = new AccessFixtures(gatehouse, acme.uuid)
    roles = {
      admin: idOf.role(await arrange.builtInRole('ORGANIZATION', 'admin')),
      member: idOf.role(await arrange.builtInRole('ORGANIZATION', 'member')),
      projectMember: idOf.role(await arrange.builtInRole('PROJECT', 'project_member')),
      projectViewer: idOf.role(await arrange.role('PROJECT', ['project.read'], 'Project viewer')),
      viewer: idOf.role(await arrange.role('ORGANIZATION', ['member.read'], 'Viewer')),
    }
  })
  afterAll(() => gatehouse.close())
  beforeEach(async () => {
    directory = await arrangeDirectory(gatehouse, acme)
    people = []
    for (let n = 0; n < 3; n += 1) people.push(await arrangeDirectoryUser(gatehouse, directory))
    leads = await arrangeDirectoryGroup(gatehouse, directory, `Leads ${directory.uuid}`, [people[0]!])
    staff = await arrangeDirectoryGroup(gatehouse, directory, `Staff ${directory.uuid}`, people.slice(1), [leads])
  })

  const set = async (rules: object[], more: object = {}, client = acme.admin.organization) =>
    (await client.send(SET, { id: directory.id, rules, ...more })).data.setDirectoryRules as Answer
  const codes = ({ userErrors }: Answer) => userErrors.map(({ code }: Answer) => code)
  const read = async (document = READ, id = directory.id) =>
    (await acme.admin.organization.send(document, { id })).data.node as Answer
  const roleOf = async ({ memberId }: { memberId: string }) => {
    const [row] = await gatehouse.superuser.rows<{ id: string }>('SELECT role_id AS id FROM members WHERE id = $1', [
      memberId,
    ])
    return idOf.role(row!.id)
  }
  const rolesNow = () => Promise.all(people.map(roleOf))
  const count = async (sql: string, values: unknown[]) =>
    (await gatehouse.superuser.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, values))[0]!.n

  it('give everybody in a group, and in groups below it, the role of the first rule that names one of theirs', async () => {
    const answer = await set([
      { groupId: leads.id, roleId: roles.admin },
      { groupId: staff.id, roleId: roles.viewer },
    ])
    expect(answer.rules).toMatchObject([
      { position: 1, kind: 'ORGANIZATION_ROLE', groupId: leads.id, roleName: 'Admin' },
      { position: 2, roleName: 'Viewer' },
    ])
    expect([answer.changeCount, await rolesNow()]).toEqual([3, [roles.admin, roles.viewer, roles.viewer]])
    expect(answer.changes.map(({ roleBefore, roleAfter }: Answer) => [roleBefore, roleAfter])).toEqual([
      ['Member', 'Admin'],
      ['Member', 'Viewer'],
      ['Member', 'Viewer'],
    ])
    const turned = await set([
      { groupId: staff.id, roleId: roles.viewer },
      { groupId: leads.id, roleId: roles.admin },
    ])
    expect([turned.changeCount, await rolesNow()]).toEqual([1, Array(3).fill(roles.viewer)])
  })

  it('give the default role back when no rule gives one any more', async () => {
    await set([{ groupId: staff.id, roleId: roles.viewer }])
    const answer = await set([])
    expect([answer.changeCount, await rolesNow()]).toEqual([3, Array(3).fill(roles.member)])
    expect(await count('directory_users WHERE directory_id = $1 AND given_role_id IS NOT NULL', [directory.uuid])).toBe(
      0,
    )
  })

  it('give teams roles in projects and places under teams, and take both back', async () => {
    const project = await arrange.project()
    const team = await arrange.team('Everybody', [])
    const rules = [
      { groupId: staff.id, roleId: roles.projectMember, projectId: idOf.project(project) },
      { groupId: staff.id, teamId: idOf.team(team) },
    ]
    const answer = await set(rules)
    expect(codes(answer)).toEqual([])
    expect(answer.rules).toMatchObject([
      { kind: 'PROJECT_ROLE', projectName: 'Project' },
      { kind: 'TEAM', teamName: 'Everybody' },
    ])
    expect(await count('project_grants WHERE team_id = $1 AND project_id = $2', [staff.teamId, project])).toBe(1)
    expect(await count('teams WHERE id = $1 AND parent_id = $2', [staff.teamId, team])).toBe(1)
    const again = await set(rules)
    expect([codes(again), again.rules]).toEqual([[], answer.rules])
    await set([])
    expect(await count('project_grants WHERE team_id = $1', [staff.teamId])).toBe(0)
    expect(await count('teams WHERE id = $1 AND parent_id IS NULL', [staff.teamId])).toBe(1)
  })

  it('give what nobody changes by hand, until the directory is paused', async () => {
    const project = idOf.project(await arrange.project())
    await set([{ groupId: staff.id, roleId: roles.projectMember, projectId: project }])
    const [grant] = await gatehouse.superuser.rows<{ id: string }>('SELECT id FROM project_grants WHERE team_id = $1', [
      staff.teamId,
    ])
    const team = toTypeId('Team', staff.teamId)
    const run = async (document: string, variables: Record<string, unknown>) => {
      const { data } = await acme.admin.organization.send(document, variables)
      return codes(Object.values(data)[0] as Answer)
    }
    const remove = () =>
      run('mutation ($id: ID!) { removeProjectGrant(id: $id) { userErrors { code } } }', {
        id: toTypeId('ProjectGrant', grant!.id),
      })
    const give = (roleId: string) =>
      run(
        `mutation ($project: ID!, $team: ID!, $role: ID!) {
           setProjectGrant(projectId: $project, principalId: $team, roleId: $role) { userErrors { code } } }`,
        { project, team, role: roleId },
      )
    const rename = (name: string) =>
      run(
        'mutation ($id: ID!, $name: String!) { updateTeam(id: $id, input: { name: $name }) { userErrors { code } } }',
        {
          id: team,
          name,
        },
      )
    expect(await give(roles.projectMember)).toEqual([])
    expect([await remove(), await give(roles.projectViewer)]).toEqual([
      ['MANAGED_BY_DIRECTORY'],
      ['MANAGED_BY_DIRECTORY'],
    ])
    expect([await rename('By hand'), await rename(`Staff ${directory.uuid}`)]).toEqual([['MANAGED_BY_DIRECTORY'], []])
    await gatehouse.superuser.rows(`UPDATE directories SET status = 'PAUSED', organization_mode = NULL WHERE id = $1`, [
      directory.uuid,
    ])
    expect([await give(roles.projectViewer), await remove()]).toEqual([[], []])
  })

  it('are rehearsed by the same work, which then is taken back', async () => {
    const project = await arrange.project()
    const rules = [
      { groupId: leads.id, roleId: roles.viewer },
      { groupId: staff.id, roleId: roles.projectMember, projectId: idOf.project(project) },
    ]
    const before = await read()
    const rehearsal = await set(rules, { dryRun: true })
    expect([rehearsal.changeCount, rehearsal.changes[0].member.email]).toEqual([1, people[0]!.email])
    expect([await read(), await rolesNow()]).toEqual([before, Array(3).fill(roles.member)])
    expect(await count('project_grants WHERE project_id = $1', [project])).toBe(0)
    expect(
      await count(`audit_events WHERE organization_id = $1 AND details::text LIKE '%' || $2 || '%'`, [
        acme.uuid,
        directory.id,
      ]),
    ).toBe(0)
    const real = await set(rules)
    expect({ ...real, directory: null }).toEqual({ ...rehearsal, directory: null })
  })

  it('are explained for one person: which count, and which another one overrules', async () => {
    await set([
      { groupId: leads.id, roleId: roles.admin },
      { groupId: staff.id, roleId: roles.viewer },
    ])
    const { givenRole, access } = await read(ACCESS, people[0]!.id)
    expect(givenRole.key).toBe('admin')
    expect(access.map(({ counts, rule }: Answer) => [counts, rule.position])).toEqual([
      [true, 1],
      [false, 2],
    ])
    expect(access[1].label).toMatch(/^Staff .* → role Viewer, overruled by Leads .* → role Admin$/)
    expect((await read(ACCESS, people[1]!.id)).access.map(({ rule }: Answer) => rule.position)).toEqual([2])
  })

  it('are named by accessExplain where a role comes from them', async () => {
    const project = await arrange.project()
    await set([
      { groupId: leads.id, roleId: roles.admin },
      { groupId: staff.id, roleId: roles.projectMember, projectId: idOf.project(project) },
    ])
    const explain = async (memberId: string, permission: string, projectId: string | null) =>
      (
        await acme.admin.organization.send(
          `query ($id: ID!, $who: ID!, $permission: String!, $project: ID) { organization(by: { id: $id }) {
             accessExplain(principalId: $who, permission: $permission, projectId: $project) { allowed reasons { kind directoryRule { groupName kind } } } } }`,
          { id: acme.id, who: toTypeId('Member', memberId), permission, project: projectId },
        )
      ).data.organization.accessExplain as Answer
    const role = await explain(people[0]!.memberId, 'role.manage', null)
    expect(role.reasons).toEqual([
      { kind: 'ROLE', directoryRule: { groupName: `Leads ${directory.uuid}`, kind: 'ORGANIZATION_ROLE' } },
    ])
    const grant = await explain(people[1]!.memberId, 'project.read', idOf.project(project))
    expect(grant.reasons).toEqual([
      { kind: 'TEAM_GRANT', directoryRule: { groupName: `Staff ${directory.uuid}`, kind: 'PROJECT_ROLE' } },
    ])
    const [hand] = (await explain(acme.admin.memberId, 'role.manage', null)).reasons
    expect(hand.directoryRule).toBeNull()
  })

  it('refuse what makes no sense, changing nothing', async () => {
    const other = await arrangeDirectory(gatehouse, acme)
    const foreign = await arrangeDirectoryGroup(gatehouse, other, 'Foreign')
    for (const [rules, code] of [
      [[{ groupId: foreign.id, roleId: roles.viewer }], 'NOT_FOUND'],
      [[{ groupId: staff.id }], 'INVALID'],
      [[{ groupId: staff.id, roleId: roles.projectMember }], 'INVALID'],
      [[{ groupId: staff.id, roleId: roles.viewer, teamId: idOf.team(staff.teamId) }], 'INVALID'],
      [
        [
          { groupId: staff.id, roleId: roles.viewer },
          { groupId: staff.id, roleId: roles.admin },
        ],
        'NOT_UNIQUE',
      ],
      [[{ groupId: staff.id, teamId: idOf.team(staff.teamId) }], 'INVALID'],
      [Array.from({ length: 201 }, () => ({ groupId: staff.id, roleId: roles.viewer })), 'TOO_MANY'],
    ] as const)
      expect([code, codes(await set([...rules]))]).toEqual([code, [code]])
    expect([(await read()).rules, await rolesNow()]).toEqual([[], Array(3).fill(roles.member)])
  })

  it('leave somebody an Admin', async () => {
    const lonely = await found(gatehouse, 'Lonely')
    await enterSsoMode(gatehouse, lonely)
    directory = await arrangeDirectory(gatehouse, lonely)
    const ada = await arrangeDirectoryUser(gatehouse, directory, { role: 'admin' })
    const group = await arrangeDirectoryGroup(gatehouse, directory, 'All', [ada])
    const [member] = await gatehouse.superuser.rows<{ id: string }>(
      `SELECT id FROM roles WHERE organization_id = $1 AND scope = 'ORGANIZATION' AND key = 'member'`,
      [lonely.uuid],
    )
    await gatehouse.superuser.rows('UPDATE members SET role_id = $1 WHERE id = $2', [member!.id, lonely.admin.memberId])
    await gatehouse.superuser.rows('UPDATE organization_counters SET admins = 1 WHERE organization_id = $1', [
      lonely.uuid,
    ])
    const response = await fetch(`${gatehouse.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${gatehouse.operator.token}`,
        'gatehouse-organization': lonely.id,
      },
      body: JSON.stringify({
        query: SET,
        variables: { id: directory.id, rules: [{ groupId: group.id, roleId: idOf.role(member!.id) }] },
      }),
    })
    expect(codes(((await response.json()) as Answer).data.setDirectoryRules)).toEqual(['LAST_ADMIN'])
  })

  it('are set by those who may, from the version they have seen', async () => {
    const rules = [{ groupId: staff.id, roleId: roles.viewer }]
    const stranger = (await found(gatehouse, 'Rival')).admin
    expect(codes(await set(rules, {}, stranger.organization))).toEqual(['NOT_FOUND'])
    expect(codes(await set(rules, {}, weak.organization))).toEqual(['FORBIDDEN'])
    const { version } = await read()
    expect(codes(await set(rules, { version: version - 1 }))).toEqual(['VERSION_MISMATCH'])
    expect((await set(rules, { version })).directory.version).toBe(version + 1)
    const manager = await join(gatehouse, acme)
    const it = await arrange.role('ORGANIZATION', ['directory.read', 'directory.manage'], 'IT')
    await arrange.giveRole(manager.memberId, it)
    expect(codes(await set([{ groupId: leads.id, roleId: roles.admin }], {}, manager.organization))).toEqual([
      'FORBIDDEN',
    ])
    expect(await roleOf(people[0]!)).toBe(roles.viewer)
    expect(memberTypeId(manager)).toMatch(/^mem_/)
  })

  it('stand in the audit log, with everybody whose role they changed', async () => {
    await set([{ groupId: leads.id, roleId: roles.viewer }])
    const events = async (target: string) =>
      (
        await acme.admin.organization.send(
          `query ($id: ID!, $target: ID!) { organization(by: { id: $id }) { auditEvents(filter: { targetId: $target }) { nodes { action changes { field after } } } } }`,
          { id: acme.id, target },
        )
      ).data.organization.auditEvents.nodes as Answer[]
    expect(await events(directory.id)).toMatchObject([
      {
        action: 'directory.rules_updated',
        changes: [
          { field: 'rules', after: [expect.stringContaining('→ role Viewer')] },
          { field: 'rolesChanged', after: 1 },
        ],
      },
    ])
    expect((await events(toTypeId('Member', people[0]!.memberId)))[0]?.action).toBe('member.role.updated')
  })
})
