import { arrangeAccess } from '../support/access'
import { countStatements, totalOf } from '../support/count-statements'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { found, join, memberTypeId, type TestOrganization } from '../support/world'

/** What the pages of a frontend ask for; each takes the organization's id and the size of its page. */
const PAGES = {
  shell: `query ($id: ID!) { viewer { user { name email } memberships { organization { name } } can(action: CREATE_ORGANIZATION) { allowed } }
    organization(by: { id: $id }) { name membershipMode viewerPermissions viewerCan(action: INVITE) { allowed } memberStats { joined invited } } }`,
  members: `query ($id: ID!, $first: Int!) { organization(by: { id: $id }) { members(first: $first) { totalCount { value }
    nodes { email role { name memberCount permissions { key } } invitation { status } grants { project { name } role { name } } } } } }`,
  invitations: `query ($id: ID!, $first: Int!) { organization(by: { id: $id }) { invitations(first: $first) { totalCount { value }
    nodes { email status role { name } member { status grants { project { name } } } } } } }`,
  projects: `query ($id: ID!, $first: Int!) { organization(by: { id: $id }) { defaultProject { name } projects(first: $first) { totalCount { value }
    nodes { name viewerCan(action: UPDATE) { allowed } } } } }`,
  access: `query ($id: ID!, $first: Int!) { organization(by: { id: $id }) { defaultProject { grants(first: $first) { nodes { role { name } principal { __typename } } }
    access(first: $first) { totalCount { value } nodes { via member { email } role { name } reasons { team { name } } } } } } }`,
  audit: `query ($id: ID!, $first: Int!) { organization(by: { id: $id }) { auditEvents(first: $first) { nodes { action actorLabel targets { label } } } } }`,
  teams: `query ($id: ID!, $first: Int!) { organization(by: { id: $id }) { viewerCan(action: CREATE_TEAM) { allowed } teams(first: $first) { totalCount { value }
    nodes { name memberCount viewerCan(action: ADD_MEMBERS) { allowed } parent { name } grants { project { name } role { name } principal { __typename } }
      members(first: 3) { totalCount { value } nodes { email } } children(first: 3) { totalCount { value } nodes { name } } } } } }`,
  memberAccess: `query ($id: ID!, $first: Int!) { organization(by: { id: $id }) { members(first: $first) {
    nodes { teams(first: 2) { totalCount { value } nodes { name } } projectAccess(first: 2) { totalCount { value } nodes { via project { name } role { name } team { name } } } } } } }`,
  settings: `query ($id: ID!) { organization(by: { id: $id }) { name billingEmail settings { invitationLifetimeDays } roles { name memberCount permissions { key } } viewerMembership { role { name } } } }`,
} as const

describe('the statements of a page, beside BEGIN and COMMIT', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    const emails = Array.from({ length: 20 }, (_, n) => `guest.${n}@example.com`)
    const admin = acme.admin.organization
    await admin.send(
      'mutation ($id: ID!, $emails: [String!]!) { inviteMembers(organizationId: $id, input: { emails: $emails }) { userErrors { code } } }',
      {
        id: acme.id,
        emails,
      },
    )
    const { data } = await admin.send(
      'query ($id: ID!) { organization(by: { id: $id }) { roles(scope: PROJECT) { id } } }',
      { id: acme.id },
    )
    const arrange = arrangeAccess(gatehouse, acme)
    const top = await arrange.team()
    // The only one with grants; first in the list, so that a short page shows it as well as a long one.
    await gatehouse.superuser.rows(`UPDATE teams SET name = 'All of us' WHERE id = $1`, [top.uuid])
    for (let n = 0; n < 30; n += 1) await arrange.team(n % 2 === 0 ? top : undefined)
    for (let n = 0; n < 5; n += 1) {
      const member = await join(gatehouse, acme)
      await arrange.putIn(top, member)
      await arrange.grant(await arrange.project(), { team: top })
      const created = await admin.send(
        'mutation ($id: ID!, $name: String!) { createProject(organizationId: $id, input: { name: $name }) { project { id } } }',
        {
          id: acme.id,
          name: `Project ${n}`,
        },
      )
      await admin.send(
        'mutation ($p: ID!, $m: ID!, $r: ID!) { setProjectGrant(projectId: $p, principalId: $m, roleId: $r) { grant { id } } }',
        {
          p: created.data.createProject.project.id,
          m: memberTypeId(member),
          r: data.organization.roles[0].id,
        },
      )
    }
  })
  afterAll(() => gatehouse.close())

  async function statementsOf(page: string, first: number): Promise<number> {
    let errors: unknown
    const counts = await countStatements(async () => {
      const answer = await acme.admin.organization.send(page, { id: acme.id, first })
      errors = answer.errors
    })
    expect(errors).toBeUndefined()
    return totalOf(counts)
  }

  it.each(Object.entries(PAGES))(
    'are at most 12 for the %s page, and no more for a long page than for a short one',
    async (_name, page) => {
      await statementsOf(page, 22)
      const [short, long] = [await statementsOf(page, 22), await statementsOf(page, 26)]
      expect(long).toBeLessThanOrEqual(12)
      expect(long).toBe(short)
    },
  )
})
