import { type AccessArranger, arrangeAccess, slugsSeenBy } from '../support/access'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { found, join, type OrganizationMember, signUp, type TestOrganization } from '../support/world'

const INVITE = `mutation ($id: ID!, $input: InviteMembersInput!) { inviteMembers(organizationId: $id, input: $input) {
  results { outcome invitation { id teams { id } grants { project { id } role { key } } } } userErrors { code path } } }`
const UPDATE = `mutation ($id: ID!, $input: UpdateInvitationInput!) { updateInvitation(id: $id, input: $input) {
  invitation { teams { id } grants { project { id } } } userErrors { code path } } }`
const ACCEPT = `mutation ($id: ID!) { acceptInvitation(input: { invitationId: $id }) { token userErrors { code } } }`

describe('what an invitation prepares', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let arrange: AccessArranger
  let people = 0

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    arrange = arrangeAccess(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const somebody = () => `visitor.${(people += 1)}@example.com`
  async function run(client: GraphQLClient, mutation: string, variables: Record<string, unknown>): Promise<Answer> {
    const { data } = await client.send(mutation, variables)
    return Object.values(data ?? {})[0] as Answer
  }
  const invite = (client: GraphQLClient, input: object) =>
    run(client, INVITE, { id: acme.id, input: { sendEmail: false, ...input } })
  const countsOf = async (...teams: { uuid: string }[]) => {
    const rows = await gatehouse.superuser.rows<{ id: string; member_count: number; rows: number }>(
      `SELECT id, member_count, (SELECT count(*)::int FROM team_members m WHERE m.team_id = t.id) AS rows FROM teams t WHERE id = ANY ($1)`,
      [teams.map(({ uuid }) => uuid)],
    )
    for (const row of rows) expect(row.member_count).toBe(row.rows)
    return teams.map(({ uuid }) => rows.find(({ id }) => id === uuid)!.member_count)
  }

  it('is shown with the invitation, can be changed, and counts from the moment the person accepts', async () => {
    const [project, direct] = [await arrange.project(), await arrange.project()]
    const [above, other] = [await arrange.team(), await arrange.team()]
    const team = await arrange.team(above)
    await arrange.grant(project, { team: above })
    const person = await signUp(gatehouse, 'Guest')
    const role = await arrange.role('PROJECT', 'project_member')
    const projectGrants = [{ projectId: direct.id, roleId: role.id }]
    const { results } = await invite(admin(), { emails: [person.email], teamIds: [other.id], projectGrants })
    const { invitation } = results[0]
    expect(invitation).toMatchObject({
      teams: [{ id: other.id }],
      grants: [{ project: { id: direct.id }, role: { key: 'project_member' } }],
    })
    const changed = await run(admin(), UPDATE, { id: invitation.id, input: { teamIds: [team.id] } })
    expect(changed).toEqual({
      invitation: { teams: [{ id: team.id }], grants: [{ project: { id: direct.id } }] },
      userErrors: [],
    })
    expect(await countsOf(team, other)).toEqual([1, 0])
    const accessOf = async () =>
      (
        await admin().send(
          'query ($id: ID!) { node(id: $id) { ... on Project { access { nodes { member { email } } } } } }',
          {
            id: project.id,
          },
        )
      ).data.node.access.nodes.map((node: Answer) => node.member.email)
    expect(await accessOf()).toEqual([acme.admin.email])
    const { token } = await run(person.account, ACCEPT, { id: invitation.id })
    const member = { ...person, organization: gatehouse.client(token) } as OrganizationMember
    expect(await slugsSeenBy(member, acme)).toEqual(['default', project.slug, direct.slug])
    expect(await accessOf()).toEqual([acme.admin.email, person.email])
  })

  it('leaves nothing behind when the invitation is revoked, declined, or renewed for something else', async () => {
    const team = await arrange.team()
    const emails = [somebody(), somebody(), somebody()]
    const { results } = await invite(admin(), { emails, teamIds: [team.id] })
    expect(await countsOf(team)).toEqual([3])
    const [revoked, declined, expired] = results.map((result: Answer) => result.invitation.id)
    await run(
      admin(),
      'mutation ($id: ID!, $i: [ID!]!) { revokeInvitations(organizationId: $id, ids: $i) { userErrors { code } } }',
      {
        id: acme.id,
        i: [revoked],
      },
    )
    const link = await run(
      admin(),
      'mutation ($id: ID!) { createInvitationLink(id: $id) { url userErrors { code } } }',
      { id: declined },
    )
    await run(
      gatehouse.client(),
      'mutation ($t: String!) { declineInvitation(input: { token: $t }) { userErrors { code } } }',
      {
        t: new URL(link.url).pathname.split('/').at(-1),
      },
    )
    expect(await countsOf(team)).toEqual([1])
    await gatehouse.superuser.rows("UPDATE invitations SET expires_at = now() - interval '1 second' WHERE email = $1", [
      emails[2],
    ])
    const renewed = await invite(admin(), { emails: [emails[2]] })
    expect(renewed.results[0]).toMatchObject({ outcome: 'RENEWED', invitation: { id: expired, teams: [] } })
    expect(await countsOf(team)).toEqual([0])
  })

  it('is refused where the inviter may not give it: team, project and what a team is granted', async () => {
    const [team, rich, secret, open] = [
      await arrange.team(),
      await arrange.team(),
      await arrange.project(),
      await arrange.project(),
    ]
    await arrange.grant(secret, { team: rich }, 'project_admin')
    const [recruiter, manager] = [await join(gatehouse, acme), await join(gatehouse, acme)]
    const plain = ['organization.read', 'member.read', 'team.read', 'invitation.create', 'invitation.read']
    const recruits = await arrange.customRole('ORGANIZATION', plain)
    for (const someone of [recruiter, manager]) await arrange.giveRole(someone, recruits)
    await arrange.putIn(rich, manager, 'MANAGER')
    const member = await arrange.role('PROJECT', 'project_member')
    const grants = (project: { id: string }) => ({ projectGrants: [{ projectId: project.id, roleId: member.id }] })
    const refused = async (client: GraphQLClient, input: object) => {
      const { results, userErrors } = await invite(client, { emails: [somebody()], ...input })
      expect(results).toBeNull()
      return userErrors.map((error: Answer) => error.code)
    }
    expect(await refused(recruiter.organization, { teamIds: [team.id] })).toEqual(['FORBIDDEN'])
    expect(await refused(recruiter.organization, grants(secret))).toEqual(['NOT_FOUND'])
    await arrange.grant(open, { member: recruiter })
    expect(await refused(recruiter.organization, grants(open))).toEqual(['FORBIDDEN'])
    await arrange.giveRole(
      recruiter,
      await arrange.customRole('ORGANIZATION', [...plain, 'team.member.manage', 'member.role.update']),
    )
    expect(await refused(recruiter.organization, { teamIds: [team.id, rich.id] })).toEqual(['FORBIDDEN'])
    const { id: roleId } = await arrange.role('ORGANIZATION', 'member')
    const fine = { emails: [somebody()], roleId }
    expect((await invite(recruiter.organization, { ...fine, teamIds: [team.id] })).userErrors).toEqual([])
    expect((await invite(manager.organization, { emails: [somebody()], teamIds: [rich.id] })).userErrors).toEqual([])
    expect(await refused(manager.organization, { teamIds: [team.id] })).toEqual(['FORBIDDEN'])
    expect(await countsOf(team, rich)).toEqual([1, 2])
  })

  it('names at most 20 teams, each once, and only those that are there', async () => {
    const [team, foreign] = [await arrange.team(), await found(gatehouse, 'Rival')]
    const theirs = await arrangeAccess(gatehouse, foreign).team()
    const errorsOf = async (teamIds: string[]) => (await invite(admin(), { emails: [somebody()], teamIds })).userErrors
    expect(await errorsOf([team.id, team.id])).toEqual([{ code: 'INVALID', path: ['input', 'teamIds'] }])
    expect(await errorsOf(Array.from({ length: 21 }, () => team.id))).toEqual([
      { code: 'TOO_MANY', path: ['input', 'teamIds'] },
    ])
    for (const id of [theirs.id, 'tem_x'])
      expect(await errorsOf([team.id, id])).toEqual([{ code: 'NOT_FOUND', path: ['input', 'teamIds', '1'] }])
  })

  it('is sent again by nobody who could not offer it', async () => {
    const [rich, secret] = [await arrange.team(), await arrange.project()]
    await arrange.grant(secret, { team: rich }, 'project_admin')
    const { results } = await invite(admin(), { emails: [somebody()], teamIds: [rich.id] })
    const recruiter = await join(gatehouse, acme)
    await arrange.giveRole(
      recruiter,
      await arrange.customRole('ORGANIZATION', ['organization.read', 'member.read', 'team.read', 'invitation.create']),
    )
    const link = () =>
      run(recruiter.organization, 'mutation ($id: ID!) { createInvitationLink(id: $id) { url userErrors { code } } }', {
        id: results[0].invitation.id,
      })
    expect((await link()).userErrors).toEqual([{ code: 'FORBIDDEN' }])
    await arrange.grant(secret, { member: recruiter }, 'project_admin')
    expect((await link()).userErrors).toEqual([])
  })
})
