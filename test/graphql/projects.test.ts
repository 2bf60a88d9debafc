import { toTypeId } from '../../src/kernel/ids'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

describe('projects', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let member: OrganizationMember
  let stranger: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    member = await join(gatehouse, acme)
    stranger = (await found(gatehouse, 'Rival')).admin
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const nobody = () => gatehouse.client()

  async function run(client: GraphQLClient, mutation: string, variables: Record<string, unknown> = {}) {
    const answer = await client.send(mutation, variables)
    return { ...answer, payload: Object.values(answer.data ?? {})[0] as Answer }
  }
  const CREATE = `mutation ($id: ID!, $input: ProjectInput!) { createProject(organizationId: $id, input: $input) {
    project { id slug name description isDefault status version createdByName } userErrors { code path } } }`
  const create = (client: GraphQLClient, input: object) => run(client, CREATE, { id: acme.id, input })
  const newProject = async (name: string) =>
    (await create(admin(), { name })).payload.project as { id: string; slug: string }

  const UPDATE = `mutation ($id: ID!, $input: ProjectInput!, $version: Int) { updateProject(id: $id, input: $input, expectedVersion: $version) {
    project { name slug description version } userErrors { code path } } }`
  const ARCHIVE = `mutation ($id: ID!, $archived: Boolean!) { archiveProject(id: $id, archived: $archived) {
    project { status } userErrors { code path } } }`
  const DELETE = `mutation ($id: ID!, $input: DeleteProjectInput!) { deleteProject(id: $id, input: $input) {
    deletedId userErrors { code path } } }`
  const GRANT = `mutation ($project: ID!, $member: ID!, $role: ID!) { setProjectGrant(projectId: $project, principalId: $member, roleId: $role) {
    grant { id project { id } } userErrors { code path } } }`
  const UNGRANT = `mutation ($id: ID!) { removeProjectGrant(id: $id) { deletedId userErrors { code path } } }`

  async function roleId(key: string): Promise<string> {
    const rows = await gatehouse.superuser.rows<{ id: string }>(
      'SELECT id FROM roles WHERE organization_id = $1 AND key = $2',
      [acme.uuid, key],
    )
    return toTypeId('Role', rows[0]!.id)
  }
  async function grant(project: string, to: OrganizationMember, role: string): Promise<string> {
    const answer = await run(admin(), GRANT, { project, member: memberTypeId(to), role: await roleId(role) })
    expect(answer.payload.userErrors).toEqual([])
    return answer.payload.grant.id
  }
  const slugsSeenBy = async (client: GraphQLClient): Promise<string[]> => {
    const { data } = await client.send(
      `query ($id: ID!) { organization(by: { id: $id }) {
      projects(first: 100, filter: { status: [ACTIVE, ARCHIVED] }) { nodes { slug } totalCount { value } } } }`,
      { id: acme.id },
    )
    const slugs = data.organization.projects.nodes.map((node: { slug: string }) => node.slug)
    expect(data.organization.projects.totalCount.value).toBe(slugs.length)
    return slugs
  }
  const codes = (answer: { payload: { userErrors: { code: string }[] } }) =>
    answer.payload.userErrors.map((error) => error.code)

  describe('visibility', () => {
    it('puts every member into the default project and shows no other without a grant', async () => {
      const secret = await newProject('Secret')
      expect(await slugsSeenBy(member.organization)).toEqual(['default'])
      expect(await slugsSeenBy(admin())).toEqual(expect.arrayContaining(['default', secret.slug]))
      const { data } = await member.organization.send('query ($id: ID!) { node(id: $id) { id } }', { id: secret.id })
      expect(data.node).toBeNull()
      await grant(secret.id, member, 'project_member')
      expect(await slugsSeenBy(member.organization)).toEqual(['default', secret.slug])
    })

    it('walks the list in pages of one, both ways, without loss or repeat', async () => {
      for (const name of ['Page one', 'Page two', 'Page three']) await newProject(name)
      const all = await slugsSeenBy(admin())
      const page = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { organization(by: { id: $id }) {
        projects(first: $first, after: $after, last: $last, before: $before, filter: { status: [ACTIVE, ARCHIVED] }) {
          nodes { slug } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`
      const forwards: string[] = []
      let after: string | null = null
      do {
        const { projects }: Answer = (await admin().send(page, { id: acme.id, first: 1, after })).data.organization
        forwards.push(...projects.nodes.map((node: { slug: string }) => node.slug))
        after = projects.pageInfo.hasNextPage ? projects.pageInfo.endCursor : null
      } while (after && forwards.length <= all.length)
      expect(forwards).toEqual(all)
      const backwards: string[] = []
      let before: string | null = null
      do {
        const { projects }: Answer = (await admin().send(page, { id: acme.id, last: 1, before })).data.organization
        backwards.unshift(...projects.nodes.map((node: { slug: string }) => node.slug))
        before = projects.pageInfo.hasPreviousPage ? projects.pageInfo.startCursor : null
      } while (before && backwards.length <= all.length)
      expect(backwards).toEqual(all)
    })

    it('refuses a cursor of another list', async () => {
      const { data, errors } = await admin().send(
        `query ($id: ID!) { organization(by: { id: $id }) { projects(after: "bm9wZQ") { nodes { id } } } }`,
        { id: acme.id },
      )
      expect([data.organization, errors?.[0]?.extensions.code]).toEqual([null, 'INVALID'])
    })
  })

  describe('createProject', () => {
    it('creates a project with a slug made from its name, counts and audits it', async () => {
      const { payload } = await create(admin(), { name: 'Über Models', description: ' Fine tuning ' })
      expect(payload.userErrors).toEqual([])
      expect(payload.project).toMatchObject({
        id: expect.stringMatching(/^prj_/),
        slug: 'uber-models',
        name: 'Über Models',
        description: 'Fine tuning',
        isDefault: false,
        status: 'ACTIVE',
        version: 1,
        createdByName: acme.admin.name,
      })
      const [counts] = await gatehouse.superuser.rows(
        'SELECT projects, (SELECT count(*)::int FROM projects p WHERE p.organization_id = c.organization_id) AS rows FROM organization_counters c WHERE organization_id = $1',
        [acme.uuid],
      )
      expect(counts!.projects).toBe(counts!.rows)
      const audits = await gatehouse.superuser.rows(
        "SELECT target_ids FROM audit_events WHERE action = 'project.created' AND $1 = ANY (target_ids)",
        [payload.project.id],
      )
      expect(audits).toHaveLength(1)
    })

    it('refuses bad values with their paths, and a slug that the organization has', async () => {
      expect((await create(admin(), {})).payload.userErrors).toEqual([{ code: 'REQUIRED', path: ['input', 'name'] }])
      expect((await create(admin(), { name: 'x', slug: 'No Slug' })).payload.userErrors).toEqual([
        { code: 'INVALID', path: ['input', 'slug'] },
      ])
      expect((await create(admin(), { name: 'x', slug: 'default' })).payload.userErrors).toEqual([
        { code: 'NOT_UNIQUE', path: ['input', 'slug'] },
      ])
    })

    it(`lets exactly one of two have a slug, in ${RACES} races`, async () => {
      const racing = await found(gatehouse, 'Racing')
      for (let round = 0; round < RACES; round += 1) {
        const variables = { id: racing.id, input: { name: 'Race', slug: `race-${round}` } }
        const answers = await Promise.all([1, 2].map(() => run(racing.admin.organization, CREATE, variables)))
        expect(answers.flatMap(codes)).toEqual(['NOT_UNIQUE'])
      }
    })

    it('answers FORBIDDEN to a member, NOT_FOUND to a stranger, 401 to nobody', async () => {
      expect(codes(await create(member.organization, { name: 'No' }))).toEqual(['FORBIDDEN'])
      expect(codes(await create(stranger.organization, { name: 'No' }))).toEqual(['NOT_FOUND'])
      expect((await create(nobody(), { name: 'No' })).status).toBe(401)
      expect(await slugsSeenBy(admin())).not.toContain('no')
    })
  })

  describe('updateProject', () => {
    it('changes what was sent and leaves the rest', async () => {
      const project = await newProject('Before')
      const { payload } = await run(admin(), UPDATE, { id: project.id, input: { name: 'After' }, version: 1 })
      expect(payload).toEqual({
        project: { name: 'After', slug: 'before', description: null, version: 2 },
        userErrors: [],
      })
    })

    it('lets one of many concurrent edits of a version through', async () => {
      const project = await newProject('Contended')
      const edits = [1, 2, 3, 4, 5].map((n) =>
        run(admin(), UPDATE, { id: project.id, input: { name: `Edit ${n}` }, version: 1 }),
      )
      const refused = (await Promise.all(edits)).map(codes).filter((found) => found[0] === 'VERSION_MISMATCH')
      expect(refused).toHaveLength(4)
    })

    it('is for those who may: project admins too, members and strangers not', async () => {
      const project = await newProject('Guarded')
      const manager = await join(gatehouse, acme)
      expect(codes(await run(manager.organization, UPDATE, { id: project.id, input: { name: 'x' } }))).toEqual([
        'NOT_FOUND',
      ])
      await grant(project.id, manager, 'project_member')
      expect(codes(await run(manager.organization, UPDATE, { id: project.id, input: { name: 'x' } }))).toEqual([
        'FORBIDDEN',
      ])
      await grant(project.id, manager, 'project_admin')
      expect(codes(await run(manager.organization, UPDATE, { id: project.id, input: { name: 'Managed' } }))).toEqual([])
      expect(codes(await run(stranger.organization, UPDATE, { id: project.id, input: { name: 'x' } }))).toEqual([
        'NOT_FOUND',
      ])
      expect(codes(await run(admin(), UPDATE, { id: acme.id, input: { name: 'x' } }))).toEqual(['NOT_FOUND'])
    })
  })

  describe('archiveProject', () => {
    it('archives and restores, and says so again without changing anything', async () => {
      const project = await newProject('Shelved')
      for (const archived of [true, true, false]) {
        const { payload } = await run(admin(), ARCHIVE, { id: project.id, archived })
        expect(payload).toEqual({ project: { status: archived ? 'ARCHIVED' : 'ACTIVE' }, userErrors: [] })
      }
      const rows = await gatehouse.superuser.rows(
        "SELECT action FROM audit_events WHERE $1 = ANY (target_ids) AND action LIKE '%archived'",
        [project.id],
      )
      expect(rows).toHaveLength(2)
    })

    it('keeps the default project active', async () => {
      const { data } = await admin().send(
        'query ($id: ID!) { organization(by: { id: $id }) { defaultProject { id } } }',
        { id: acme.id },
      )
      const { id } = data.organization.defaultProject
      expect(codes(await run(admin(), ARCHIVE, { id, archived: true }))).toEqual(['WRONG_STATE'])
      expect(
        codes(await run(admin(), DELETE, { id, input: { confirmSlug: 'default', contents: { delete: true } } })),
      ).toEqual(['WRONG_STATE'])
    })

    it('answers FORBIDDEN to a member with a grant and NOT_FOUND to everybody without', async () => {
      const project = await newProject('Kept')
      expect(codes(await run(member.organization, ARCHIVE, { id: project.id, archived: true }))).toEqual(['NOT_FOUND'])
      await grant(project.id, member, 'project_member')
      expect(codes(await run(member.organization, ARCHIVE, { id: project.id, archived: true }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(stranger.organization, ARCHIVE, { id: project.id, archived: true }))).toEqual([
        'NOT_FOUND',
      ])
    })
  })

  describe('deleteProject', () => {
    const remove = (client: GraphQLClient, id: string, confirmSlug: string, contents: object) =>
      run(client, DELETE, { id, input: { confirmSlug, contents } })

    it('needs the slug and a word on the contents', async () => {
      const project = await newProject('Careful')
      expect(codes(await remove(admin(), project.id, 'carefull', { delete: true }))).toEqual(['CONFIRMATION_MISMATCH'])
      expect(codes(await remove(admin(), project.id, 'careful', { delete: false }))).toEqual(['INVALID'])
      expect(codes(await remove(admin(), project.id, 'careful', { moveToProjectId: project.id }))).toEqual([
        'WRONG_STATE',
      ])
      const both = await remove(admin(), project.id, 'careful', { delete: true, moveToProjectId: project.id })
      expect(both.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
      expect(await slugsSeenBy(admin())).toContain('careful')
    })

    it('moves the grants to another project, where a stronger one stays', async () => {
      const [from, to] = [await newProject('From'), await newProject('To')]
      const [moved, kept] = [await join(gatehouse, acme), await join(gatehouse, acme)]
      await grant(from.id, moved, 'project_member')
      await grant(from.id, kept, 'project_member')
      await grant(to.id, kept, 'project_admin')
      expect((await remove(admin(), from.id, 'from', { moveToProjectId: to.id })).payload).toEqual({
        deletedId: from.id,
        userErrors: [],
      })
      expect(await slugsSeenBy(moved.organization)).toEqual(['default', 'to'])
      const rows = await gatehouse.superuser.rows(
        'SELECT r.key FROM project_grants g JOIN roles r ON r.id = g.role_id WHERE g.member_id = $1',
        [kept.memberId],
      )
      expect(rows).toEqual([{ key: 'project_admin' }])
    })

    it('deletes grants with the project when told so', async () => {
      const project = await newProject('Gone')
      await grant(project.id, member, 'project_member')
      expect((await remove(admin(), project.id, 'gone', { delete: true })).payload.userErrors).toEqual([])
      expect(await slugsSeenBy(member.organization)).not.toContain('gone')
    })

    it('answers FORBIDDEN to a plain project member and NOT_FOUND to a stranger', async () => {
      const project = await newProject('Stays')
      await grant(project.id, member, 'project_member')
      expect(codes(await remove(member.organization, project.id, 'stays', { delete: true }))).toEqual(['FORBIDDEN'])
      expect(codes(await remove(stranger.organization, project.id, 'stays', { delete: true }))).toEqual(['NOT_FOUND'])
    })
  })

  describe('who has access', () => {
    const ACCESS = `query ($id: ID!) { node(id: $id) { ... on Project {
      access(first: 100) { nodes { via role { key } member { email } } }
      update: viewerCan(action: UPDATE) { allowed reason } remove: viewerCan(action: DELETE) { allowed reason } } } }`

    it('names everybody with the strongest reason, and nobody else', async () => {
      const project = await newProject('Audience')
      const invitee = await join(gatehouse, acme)
      await grant(project.id, invitee, 'project_member')
      const { data } = await admin().send(ACCESS, { id: project.id })
      const found = data.node.access.nodes.map((node: Answer) => [node.member.email, node.via, node.role.key])
      expect(found).toEqual([
        [acme.admin.email, 'ROLE', 'admin'],
        [invitee.email, 'GRANT', 'project_member'],
      ])
      expect([data.node.update, data.node.remove]).toEqual([
        { allowed: true, reason: null },
        { allowed: true, reason: null },
      ])
    })

    it('has everybody in the default project, and tells a member what is not allowed there', async () => {
      const { data: own } = await member.organization.send(
        'query ($id: ID!) { organization(by: { id: $id }) { defaultProject { id } } }',
        { id: acme.id },
      )
      const { data } = await member.organization.send(ACCESS, { id: own.organization.defaultProject.id })
      const joined = await gatehouse.superuser.rows(
        "SELECT 1 FROM members WHERE organization_id = $1 AND status = 'JOINED'",
        [acme.uuid],
      )
      expect(data.node.access.nodes).toHaveLength(joined.length)
      expect(data.node.update).toEqual({ allowed: false, reason: 'MISSING_PERMISSION' })
      const { data: asAdmin } = await admin().send(ACCESS, { id: own.organization.defaultProject.id })
      expect(asAdmin.node.remove).toEqual({ allowed: false, reason: 'WRONG_STATE' })
    })

    it('shows the grants of a member only in projects that the looking member can see', async () => {
      const [shared, hidden] = [await newProject('Both'), await newProject('One')]
      const [someone, looking] = [await join(gatehouse, acme), await join(gatehouse, acme)]
      for (const project of [shared, hidden]) await grant(project.id, someone, 'project_admin')
      await grant(shared.id, looking, 'project_member')
      const GRANTS = 'query ($id: ID!) { node(id: $id) { ... on Member { grants { project { slug } role { key } } } } }'
      const seenBy = async (client: GraphQLClient) =>
        (await client.send(GRANTS, { id: memberTypeId(someone) })).data.node.grants
      const inShared = { project: { slug: 'both' }, role: { key: 'project_admin' } }
      expect(await seenBy(looking.organization)).toEqual([inShared])
      expect(await seenBy(admin())).toEqual([inShared, { project: { slug: 'one' }, role: { key: 'project_admin' } }])
    })
  })

  describe('setProjectGrant and removeProjectGrant', () => {
    it('gives, changes and takes a role; everybody stays in the default project', async () => {
      const project = await newProject('Shared')
      const someone = await join(gatehouse, acme)
      const first = await grant(project.id, someone, 'project_member')
      expect(await grant(project.id, someone, 'project_admin')).toBe(first)
      const { payload } = await run(admin(), UNGRANT, { id: first })
      expect(payload).toEqual({ deletedId: first, userErrors: [] })
      expect(await slugsSeenBy(someone.organization)).toEqual(['default'])
      expect(codes(await run(admin(), UNGRANT, { id: first }))).toEqual(['NOT_FOUND'])
    })

    it('refuses roles of the organization, people of other organizations and archived projects', async () => {
      const project = await newProject('Strict')
      const role = await roleId('project_member')
      const set = (variables: object) =>
        run(admin(), GRANT, { project: project.id, member: memberTypeId(member), role, ...variables })
      expect(codes(await set({ role: await roleId('admin') }))).toEqual(['INVALID'])
      expect(codes(await set({ member: memberTypeId(stranger) }))).toEqual(['NOT_FOUND'])
      await run(admin(), ARCHIVE, { id: project.id, archived: true })
      expect(codes(await set({}))).toEqual(['WRONG_STATE'])
    })

    it('is for project admins and Admins only', async () => {
      const project = await newProject('Closed shop')
      const variables = { project: project.id, member: memberTypeId(member), role: await roleId('project_member') }
      expect(codes(await run(member.organization, GRANT, variables))).toEqual(['NOT_FOUND'])
      await grant(project.id, member, 'project_member')
      expect(codes(await run(member.organization, GRANT, variables))).toEqual(['FORBIDDEN'])
      expect(codes(await run(stranger.organization, GRANT, variables))).toEqual(['NOT_FOUND'])
      expect((await run(nobody(), GRANT, variables)).status).toBe(401)
    })
  })
})
