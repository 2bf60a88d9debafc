import { newId, toTypeId } from '../../src/kernel/ids'
import type { Gatehouse } from './gatehouse'
import type { OrganizationMember, TestOrganization } from './world'

/*
 * Roles, projects, teams and grants, arranged behind the application's back: for tests whose subject is what follows
 * from them.
 */

/** Something arranged: UUID and TypeID. */
export interface Arranged {
  uuid: string
  id: string
}

/** Whom a grant is for. */
export type Grantee = { member: { memberId: string } } | { team: Arranged }

export interface AccessArranger {
  role(scope: 'ORGANIZATION' | 'PROJECT', key: string): Promise<Arranged>
  customRole(scope: 'ORGANIZATION' | 'PROJECT', permissions: readonly string[]): Promise<Arranged>
  giveRole(member: { memberId: string }, role: Arranged): Promise<void>
  project(name?: string): Promise<Arranged & { slug: string }>
  defaultProject(): Promise<Arranged>
  team(parent?: Arranged): Promise<Arranged>
  putIn(team: Arranged, member: { memberId: string }, role?: 'MEMBER' | 'MANAGER'): Promise<void>
  grant(project: Arranged, to: Grantee, roleKey?: string, expiresInSeconds?: number | null): Promise<Arranged>
}

/** Arranges what is needed in one organization. */
export function arrangeAccess({ superuser }: Gatehouse, { uuid: organization }: TestOrganization): AccessArranger {
  let count = 0
  const insert = async (sql: string, values: unknown[] = []): Promise<string> => {
    const [row] = await superuser.rows<{ id: string }>(sql, [organization, ...values])
    return row!.id
  }
  return {
    async role(scope, key) {
      const sql = 'SELECT id FROM roles WHERE organization_id = $1 AND scope = $2 AND key = $3'
      return arranged('Role', await insert(sql, [scope, key]))
    },
    async customRole(scope, permissions) {
      count += 1
      const uuid = await insert(
        `INSERT INTO roles (organization_id, id, scope, key, name, permissions)
         VALUES ($1, $2, $3, $4, $4, $5) RETURNING id`,
        [newId(), scope, `custom_${count}`, permissions],
      )
      return arranged('Role', uuid)
    },
    async giveRole(member, role) {
      await superuser.rows('UPDATE members SET role_id = $3 WHERE organization_id = $1 AND id = $2', [
        organization,
        member.memberId,
        role.uuid,
      ])
    },
    async project(name = 'Arranged') {
      const id = newId()
      const slug = `${name.toLowerCase()}-${id.slice(-12)}`
      await insert(
        `INSERT INTO projects (organization_id, id, slug, name, created_by_name) VALUES ($1, $2, $3, $4, 'Somebody') RETURNING id`,
        [id, slug, name],
      )
      await superuser.rows('UPDATE organization_counters SET projects = projects + 1 WHERE organization_id = $1', [
        organization,
      ])
      return { ...arranged('Project', id), slug }
    },
    async defaultProject() {
      return arranged('Project', await insert('SELECT id FROM projects WHERE organization_id = $1 AND is_default'))
    },
    async team(parent) {
      const id = newId()
      await insert(
        `INSERT INTO teams (organization_id, id, slug, name, parent_id, path)
         SELECT $1, $2, $3, $3, $4::uuid,
           coalesce((SELECT path FROM teams WHERE organization_id = $1 AND id = $4), '{}') || $2::uuid RETURNING id`,
        [id, `team-${id.slice(-12)}`, parent?.uuid ?? null],
      )
      return arranged('Team', id)
    },
    async putIn(team, { memberId }, role = 'MEMBER') {
      await superuser.rows(
        'INSERT INTO team_members (organization_id, team_id, member_id, role) VALUES ($1, $2, $3, $4)',
        [organization, team.uuid, memberId, role],
      )
      await superuser.rows('UPDATE teams SET member_count = member_count + 1 WHERE organization_id = $1 AND id = $2', [
        organization,
        team.uuid,
      ])
    },
    async grant(project, to, roleKey = 'project_member', expiresInSeconds = null) {
      const uuid = await insert(
        `INSERT INTO project_grants (organization_id, id, project_id, member_id, team_id, role_id, granted_by_name, expires_at)
         SELECT $1, $2, $3, $4, $5, id, 'Somebody', now() + make_interval(secs => $7)
         FROM roles WHERE organization_id = $1 AND scope = 'PROJECT' AND key = $6 RETURNING id`,
        [
          newId(),
          project.uuid,
          'member' in to ? to.member.memberId : null,
          'team' in to ? to.team.uuid : null,
          roleKey,
          expiresInSeconds,
        ],
      )
      return arranged('ProjectGrant', uuid)
    },
  }
}

function arranged(type: Parameters<typeof toTypeId>[0], uuid: string): Arranged {
  return { uuid, id: toTypeId(type, uuid) }
}

/** The slugs of all projects that somebody sees, oldest first. */
export async function slugsSeenBy(member: OrganizationMember, organization: TestOrganization): Promise<string[]> {
  const { data } = await member.organization.send(
    `query ($id: ID!) { organization(by: { id: $id }) {
       projects(first: 100, filter: { status: [ACTIVE, ARCHIVED] }) { nodes { slug } } } }`,
    { id: organization.id },
  )
  return data.organization.projects.nodes.map((node: { slug: string }) => node.slug)
}
