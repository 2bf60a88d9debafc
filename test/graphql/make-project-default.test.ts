import { type AccessArranger, type Arranged, arrangeAccess, slugsSeenBy } from '../support/access'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { found, join, type TestOrganization } from '../support/world'

const MAKE = `mutation ($id: ID!) { makeProjectDefault(id: $id) { project { isDefault viewerCan(action: ARCHIVE) { reason } }
  membersLosingAccess userErrors { code path } } }`

describe('makeProjectDefault', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  const newWorld = async (): Promise<[TestOrganization, AccessArranger]> => {
    const acme = await found(gatehouse, 'Acme')
    return [acme, arrangeAccess(gatehouse, acme)]
  }
  async function run(client: GraphQLClient, mutation: string, variables: Record<string, unknown>): Promise<Answer> {
    const { data } = await client.send(mutation, variables)
    return Object.values(data ?? {})[0] as Answer
  }
  const make = (client: GraphQLClient, project: Arranged) => run(client, MAKE, { id: project.id })
  const codes = (answer: Answer) => answer.userErrors.map((error: Answer) => error.code)
  const defaultsOf = (acme: TestOrganization) =>
    gatehouse.superuser.rows('SELECT id, status FROM projects WHERE organization_id = $1 AND is_default', [acme.uuid])

  it('puts everybody into the project, takes out who was in the former one by default alone, and counts them', async () => {
    const [acme, arrange] = await newWorld()
    const [former, next, team] = [await arrange.defaultProject(), await arrange.project(), await arrange.team()]
    const [plain, granted, viaTeam] = [
      await join(gatehouse, acme),
      await join(gatehouse, acme),
      await join(gatehouse, acme),
    ]
    await arrange.grant(former, { member: granted })
    await arrange.putIn(team, viaTeam)
    await arrange.grant(former, { team })
    await arrange.grant(next, { member: granted }, 'project_admin')
    expect(await make(acme.admin.organization, next)).toEqual({
      project: { isDefault: true, viewerCan: { reason: 'WRONG_STATE' } },
      membersLosingAccess: 1,
      userErrors: [],
    })
    expect(await slugsSeenBy(plain, acme)).toEqual([next.slug])
    for (const someone of [granted, viaTeam]) expect(await slugsSeenBy(someone, acme)).toEqual(['default', next.slug])
    expect(
      await gatehouse.superuser.rows('SELECT 1 FROM project_grants WHERE organization_id = $1', [acme.uuid]),
    ).toHaveLength(3)
    expect(await make(acme.admin.organization, next)).toMatchObject({ membersLosingAccess: 0, userErrors: [] })
    const audits = await gatehouse.superuser.rows<{ action: string }>(
      "SELECT action FROM audit_events WHERE organization_id = $1 AND action LIKE 'project.%default%' ORDER BY id",
      [acme.uuid],
    )
    expect(audits.map(({ action }) => action)).toEqual(['project.made_default', 'project.default_ended'])
  })

  it('is for those who may change the organization and see the project; an archived one is refused', async () => {
    const [acme, arrange] = await newWorld()
    const [project, archived] = [await arrange.project(), await arrange.project()]
    await gatehouse.superuser.rows("UPDATE projects SET status = 'ARCHIVED' WHERE id = $1", [archived.uuid])
    const [member, clerk] = [await join(gatehouse, acme), await join(gatehouse, acme)]
    await arrange.giveRole(
      clerk,
      await arrange.customRole('ORGANIZATION', ['organization.read', 'organization.update']),
    )
    for (const someone of [member, clerk])
      expect(codes(await make(someone.organization, project))).toEqual(['NOT_FOUND'])
    const barely = await arrange.customRole('PROJECT', ['project.read'])
    for (const someone of [member, clerk]) {
      const grant = await arrange.grant(project, { member: someone })
      await gatehouse.superuser.rows('UPDATE project_grants SET role_id = $1 WHERE id = $2', [barely.uuid, grant.uuid])
    }
    expect(codes(await make(member.organization, project))).toEqual(['FORBIDDEN'])
    expect((await make(clerk.organization, project)).userErrors).toEqual([{ code: 'FORBIDDEN', path: ['id'] }])
    const rival = await found(gatehouse, 'Rival')
    expect(codes(await make(rival.admin.organization, project))).toEqual(['NOT_FOUND'])
    expect(codes(await make(acme.admin.organization, archived))).toEqual(['WRONG_STATE'])
    expect(await defaultsOf(acme)).toEqual([{ id: (await arrange.defaultProject()).uuid, status: 'ACTIVE' }])
    await gatehouse.superuser.rows(
      "UPDATE project_grants g SET role_id = r.id FROM roles r WHERE g.member_id = $1 AND r.organization_id = g.organization_id AND r.key = 'project_member'",
      [clerk.memberId],
    )
    expect(codes(await make(clerk.organization, project))).toEqual([])
  })

  it(`leaves exactly one active default project, in ${RACES} races with another, an archiving and a deletion`, async () => {
    const [acme, arrange] = await newWorld()
    const admin = acme.admin.organization
    let made = 0
    for (let round = 0; round < RACES; round += 1) {
      const [one, other] = [await arrange.project(), await arrange.project()]
      const [first, second] = await Promise.all([
        make(admin, one),
        make(admin, other),
        run(admin, 'mutation ($id: ID!) { archiveProject(id: $id, archived: true) { userErrors { code } } }', {
          id: one.id,
        }),
        run(
          admin,
          'mutation ($id: ID!, $s: String!) { deleteProject(id: $id, input: { confirmSlug: $s, contents: { delete: true } }) { userErrors { code } } }',
          { id: other.id, s: other.slug },
        ),
      ])
      made += [first, second].filter((answer) => answer.project).length
      expect(await defaultsOf(acme)).toEqual([{ id: expect.any(String), status: 'ACTIVE' }])
    }
    expect(made).toBeGreaterThan(0)
  })
})
