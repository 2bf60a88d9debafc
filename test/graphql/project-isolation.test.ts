import { type AccessArranger, type Arranged, arrangeAccess, slugsSeenBy } from '../support/access'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

// Stands in everything that belongs to the project that is not to be seen.
const MARK = 'Quokka'

describe('a project other than the default one', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let arrange: AccessArranger
  let outsider: OrganizationMember
  let insider: OrganizationMember
  let secret: Arranged & { slug: string }
  let above: Arranged
  let team: Arranged
  let grants: Arranged[]

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    arrange = arrangeAccess(gatehouse, acme)
    outsider = await join(gatehouse, acme)
    insider = await join(gatehouse, acme)
    secret = await arrange.project(MARK)
    above = await arrange.team()
    team = await arrange.team(above)
    await arrange.putIn(team, insider)
    grants = [
      await arrange.grant(secret, { team: above }, 'project_admin'),
      await arrange.grant(secret, { member: insider }, 'project_admin'),
    ]
    // Something in the audit log that names it.
    await acme.admin.organization.send(
      'mutation ($id: ID!) { updateProject(id: $id, input: { description: "Quokkas" }) { userErrors { code } } }',
      { id: secret.id },
    )
  })
  afterAll(() => gatehouse.close())

  const QUERIES: readonly string[] = [
    'node(id: $project) { id ... on Project { name access { nodes { via } } grants { nodes { id } } } }',
    'nodes(ids: [$project, $grant, $teamGrant]) { id }',
    'node(id: $grant) { id }',
    'node(id: $teamGrant) { id }',
    `organization(by: { id: $id }) { project(slug: $slug) { id } projects(first: 100, filter: { status: [ACTIVE, ARCHIVED] }) { nodes { name } totalCount { value } } }`,
    'organization(by: { id: $id }) { projects(filter: { search: "Quok" }) { nodes { name } totalCount { value } } }',
    'organization(by: { id: $id }) { members(filter: { projectId: $project }) { nodes { id } totalCount { value } } }',
    'organization(by: { id: $id }) { teams(filter: { projectId: $project }) { nodes { id } totalCount { value } } }',
    'organization(by: { id: $id }) { auditEvents(first: 100) { nodes { action targets { label } } } }',
    'organization(by: { id: $id }) { defaultProject { access { nodes { reasons { grantId: via } member { grants { id project { name } } } } } } }',
    'node(id: $member) { ... on Member { grants { id project { name } } projectAccess { totalCount { value } nodes { project { name } } } } }',
    'node(id: $team) { ... on Team { grants { id project { name } } } }',
    'node(id: $above) { ... on Team { grants { id project { name } } members { nodes { grants { id } } } } }',
    'organization(by: { id: $id }) { members(first: 5) { nodes { grants { id project { name } } projectAccess(first: 5) { nodes { project { name } } } } } }',
  ]
  const MUTATIONS: readonly string[] = [
    'updateProject(id: $project, input: { name: "x" }) { project { id } userErrors { code message } }',
    'archiveProject(id: $project, archived: true) { project { id } userErrors { code message } }',
    'makeProjectDefault(id: $project) { project { id } userErrors { code message } }',
    'deleteProject(id: $project, input: { confirmSlug: $slug, contents: { delete: true } }) { userErrors { code message } }',
    'setProjectGrant(projectId: $project, principalId: $me, roleId: $role) { grant { id } userErrors { code message } }',
    'setProjectGrants(projectId: $project, principalIds: [$me], roleId: $role) { results { key } userErrors { code message } }',
    'removeProjectGrant(id: $grant) { userErrors { code message } }',
    'removeProjectGrant(id: $teamGrant) { userErrors { code message } }',
  ]

  async function ask(kind: 'query' | 'mutation', body: string, member = outsider): Promise<Answer> {
    const variables: Record<string, string> = {
      id: acme.id,
      project: secret.id,
      slug: secret.slug,
      grant: grants[1]!.id,
      teamGrant: grants[0]!.id,
      member: memberTypeId(insider),
      me: memberTypeId(member),
      team: team.id,
      above: above.id,
      role: (await arrange.role('PROJECT', 'project_member')).id,
    }
    const used = Object.keys(variables).filter((name) => new RegExp(`\\$${name}\\b`).test(body))
    const declared = used.map((name) => `$${name}: ${name === 'slug' ? 'String!' : 'ID!'}`)
    const answer = await member.organization.send(
      `${kind} ${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${body} }`,
      Object.fromEntries(used.map((name) => [name, variables[name]])),
    )
    expect(answer.errors?.map((error) => error.message) ?? []).toEqual([])
    return answer
  }

  it.each(QUERIES)('is not seen without a grant: %s', async (query) => {
    const answer = await ask('query', query)
    const text = JSON.stringify(answer)
    for (const trace of [MARK, secret.slug, secret.id, ...grants.map(({ id }) => id)]) expect(text).not.toContain(trace)
    for (const count of text.match(/"value":\d+/g) ?? []) expect(['"value":0', '"value":1']).toContain(count)
  })

  it.each(MUTATIONS)('does not exist for whoever has no grant: %s', async (mutation) => {
    const { data } = await ask('mutation', mutation)
    const [{ userErrors }] = Object.values(data) as [Answer]
    expect(userErrors.map((error: Answer) => error.code)).toEqual(['NOT_FOUND'])
    expect(JSON.stringify(userErrors)).not.toContain(MARK)
  })

  it('changed nothing for all these tries', async () => {
    const rows = await gatehouse.superuser.rows(
      'SELECT name, status, is_default, (SELECT count(*)::int FROM project_grants g WHERE g.project_id = p.id) AS grants FROM projects p WHERE id = $1',
      [secret.uuid],
    )
    expect(rows).toEqual([{ name: MARK, status: 'ACTIVE', is_default: false, grants: 2 }])
  })

  it('is seen through a team below the one that has the grant, until the very next request after leaving it', async () => {
    const someone = await join(gatehouse, acme)
    expect(await slugsSeenBy(someone, acme)).toEqual(['default'])
    const change = (mutation: 'addTeamMembers' | 'removeTeamMembers') =>
      acme.admin.organization.send(
        `mutation ($t: ID!, $m: [ID!]!) { ${mutation}(teamId: $t, memberIds: $m) { userErrors { code } } }`,
        { t: team.id, m: [memberTypeId(someone)] },
      )
    await change('addTeamMembers')
    expect(await slugsSeenBy(someone, acme)).toEqual(['default', secret.slug])
    const renamed = await ask(
      'mutation',
      'updateProject(id: $project, input: { description: "Seen" }) { userErrors { code } }',
      someone,
    )
    expect(renamed.data.updateProject.userErrors).toEqual([])
    await change('removeTeamMembers')
    expect(await slugsSeenBy(someone, acme)).toEqual(['default'])
    const { data } = await ask(
      'mutation',
      'updateProject(id: $project, input: { description: "x" }) { userErrors { code } }',
      someone,
    )
    expect(data.updateProject.userErrors).toEqual([{ code: 'NOT_FOUND' }])
  })

  it('is seen by whoever holds project.read in the organization, and its grants show whom they are for', async () => {
    const overseer = await join(gatehouse, acme)
    await arrange.giveRole(
      overseer,
      await arrange.customRole('ORGANIZATION', ['organization.read', 'project.read', 'team.read']),
    )
    expect(await slugsSeenBy(overseer, acme)).toEqual(['default', secret.slug])
    const { data } = await ask(
      'query',
      'node(id: $team) { ... on Team { id } } other: node(id: $above) { ... on Team { grants { id principal { __typename } } } }',
      overseer,
    )
    expect(data.other.grants).toEqual([{ id: grants[0]!.id, principal: { __typename: 'Team' } }])
  })
})
