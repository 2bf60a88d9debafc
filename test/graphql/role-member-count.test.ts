import { newId } from '../../src/kernel/ids'
import { countMembersOfRoles } from '../../src/modules/members/role-members.store'
import { countStatements } from '../support/count-statements'
import { planOf, settle } from '../support/explain'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { GraphQLClient } from '../support/graphql-client'
import { invite } from '../support/invitations'
import { Targets } from '../support/operations'
import { found, join, type TestOrganization } from '../support/world'

const ROLES = 'query ($id: ID!) { organization(by: { id: $id }) { roles { key memberCount } } }'

describe('Role.memberCount', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  const countsFor = async (client: GraphQLClient, { id }: TestOrganization): Promise<Record<string, number>> => {
    const { data } = await client.send(ROLES, { id })
    const roles: { key: string; memberCount: number }[] = data.organization.roles
    return Object.fromEntries(roles.map(({ key, memberCount }) => [key, memberCount]))
  }

  it('counts who holds a role, invited and suspended people too, and nobody who is gone or elsewhere', async () => {
    const [acme, other] = [await found(gatehouse, 'Acme'), await found(gatehouse, 'Other')]
    await join(gatehouse, other)
    await join(gatehouse, acme, 'admin')
    await join(gatehouse, acme)
    const [suspended, removed] = [await join(gatehouse, acme), await join(gatehouse, acme)]
    await invite(acme, { emails: ['guest@example.com'] })
    const set = (change: string, memberId: string) =>
      gatehouse.superuser.rows(`UPDATE members SET ${change} WHERE id = $1`, [memberId])
    await set(`status = 'SUSPENDED', suspended_at = now()`, suspended.memberId)
    await set(`status = 'REMOVED', removed_at = now()`, removed.memberId)
    const expected = { admin: 2, member: 3, project_admin: 0, project_member: 0 }
    expect(await countsFor(acme.admin.organization, acme)).toEqual(expected)
    expect(await countsFor(gatehouse.operator, acme)).toEqual(expected)
  })

  it('counts the people of a role in projects once, and only while a grant runs', async () => {
    const acme = await found(gatehouse, 'Granted')
    const targets = new Targets(gatehouse, acme, 'Granted')
    await targets.grant()
    await targets.grant()
    const [first] = await gatehouse.superuser.rows<{ member_id: string }>(
      'SELECT member_id FROM project_grants WHERE organization_id = $1 ORDER BY id',
      [acme.uuid],
    )
    const project = await targets.project()
    await gatehouse.superuser.rows(
      `INSERT INTO project_grants (organization_id, id, project_id, member_id, role_id, granted_by_name)
       SELECT $1, $2, p.id, $4, r.id, 'Ada' FROM projects p, roles r
       WHERE p.organization_id = $1 AND p.slug = $3 AND r.organization_id = $1 AND r.key = 'project_member'`,
      [acme.uuid, newId(), project.slug, first!.member_id],
    )
    expect((await countsFor(acme.admin.organization, acme)).project_member).toBe(2)
    await gatehouse.superuser.rows(
      `UPDATE project_grants SET expires_at = now() - interval '1 s' WHERE organization_id = $1 AND member_id = $2`,
      [acme.uuid, first!.member_id],
    )
    expect((await countsFor(acme.admin.organization, acme)).project_member).toBe(1)
  })

  it('comes for all roles of a page in one statement, from the index of members by role', async () => {
    const acme = await found(gatehouse, 'Large')
    await gatehouse.superuser.rows(
      `INSERT INTO members (organization_id, id, email, name, status, source, role_id)
       SELECT $1, gen_random_uuid(), 'm' || i || '@large.example', 'M', 'INVITED', 'INVITATION', r.id
       FROM generate_series(1, 5000) i, roles r WHERE r.organization_id = $1 AND r.key = 'member'`,
      [acme.uuid],
    )
    await settle(gatehouse, 'members')
    const counts = await countStatements(() => countsFor(acme.admin.organization, acme))
    expect(counts.get('count-members-of-roles')).toBe(1)
    const [role] = await gatehouse.superuser.rows<{ id: string }>(
      `SELECT id FROM roles WHERE organization_id = $1 AND key = 'member'`,
      [acme.uuid],
    )
    const scope = { kind: 'organization', organizationId: acme.uuid } as const
    const plan = await planOf(gatehouse.database, scope, (tx) => countMembersOfRoles(tx, acme.uuid, [role!.id]))
    expect(plan).toMatch(/Index Only Scan using members_by_role on members/)
  })
})
