import { newId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import type { Gatehouse as WholeGatehouse } from './gatehouse'

/** Roles, teams, grants, service accounts and keys, arranged behind the application's back. All ids are UUIDs. */
export class AccessFixtures {
  constructor(
    private readonly gatehouse: Pick<WholeGatehouse, 'superuser'>,
    readonly organizationId: string,
  ) {}

  async builtInRole(scope: 'ORGANIZATION' | 'PROJECT', key: string): Promise<string> {
    return this.#one('SELECT id FROM roles WHERE organization_id = $1 AND scope = $2 AND key = $3', [scope, key])
  }

  async role(scope: 'ORGANIZATION' | 'PROJECT', permissions: readonly string[], name = 'Custom'): Promise<string> {
    const id = newId()
    const read = scope === 'ORGANIZATION' ? 'organization.read' : 'project.read'
    return this.#one(
      `INSERT INTO roles (organization_id, id, scope, key, name, permissions) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      [id, scope, `custom-${id}`, name, [...new Set([read, ...permissions])]],
    )
  }

  async giveRole(memberId: string, roleId: string): Promise<void> {
    await this.#one('UPDATE members SET role_id = $3 WHERE organization_id = $1 AND id = $2 RETURNING id', [
      memberId,
      roleId,
    ])
  }

  async project(status: 'ACTIVE' | 'ARCHIVED' = 'ACTIVE', name = 'Project'): Promise<string> {
    const id = newId()
    return this.#one(
      `INSERT INTO projects (organization_id, id, slug, name, status, created_by_name) VALUES ($1, $2, $3, $4, $5, 'Ada') RETURNING id`,
      [id, `p-${id.slice(-12)}`, name, status],
    )
  }

  async defaultProject(): Promise<string> {
    return this.#one('SELECT id FROM projects WHERE organization_id = $1 AND is_default', [])
  }

  async team(name: string, members: readonly string[], path: readonly string[] = []): Promise<string> {
    const id = newId()
    await this.#one(
      `INSERT INTO teams (organization_id, id, slug, name, parent_id, path, member_count) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [id, `t-${id.slice(-12)}`, name, path.at(-1) ?? null, [...path, id], members.length],
    )
    for (const memberId of members)
      await this.#one(
        'INSERT INTO team_members (organization_id, team_id, member_id) VALUES ($1, $2, $3) RETURNING team_id AS id',
        [id, memberId],
      )
    return id
  }

  /** @param seconds  until it ends, negative for one that has ended; for ever when absent */
  async grant(
    projectId: string,
    to: { member: string } | { team: string },
    roleId: string,
    seconds: number | null = null,
  ): Promise<string> {
    return this.#one(
      `INSERT INTO project_grants (organization_id, id, project_id, member_id, team_id, role_id, granted_by_name, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'Ada', now() + make_interval(secs => $7::double precision)) RETURNING id`,
      [newId(), projectId, 'member' in to ? to.member : null, 'team' in to ? to.team : null, roleId, seconds],
    )
  }

  async serviceAccount(projectId: string, roleId: string, status: 'ACTIVE' | 'DISABLED' = 'ACTIVE'): Promise<string> {
    const id = newId()
    return this.#one(
      `INSERT INTO service_accounts (organization_id, id, project_id, name, status, role_id, created_by_name)
       VALUES ($1, $2, $3, $4, $5, $6, 'Ada') RETURNING id`,
      [id, projectId, `bot-${id.slice(-12)}`, status, roleId],
    )
  }

  /** @returns the key's id and its secret */
  async key(
    owner: { member: string; project?: string } | { serviceAccount: string; project: string } | { project: string },
    options: { permissions?: readonly string[] | null; seconds?: number | null; revoked?: boolean } = {},
  ): Promise<{ id: string; token: string }> {
    const { token, hash } = makeToken('apiKey', this.organizationId)
    const member = 'member' in owner ? owner.member : null
    const account = 'serviceAccount' in owner ? owner.serviceAccount : null
    const kind = member ? 'MEMBER' : account ? 'SERVICE_ACCOUNT' : 'PROJECT'
    const { permissions = kind === 'PROJECT' ? ['project.read'] : null, seconds = null, revoked = false } = options
    const id = await this.#one(
      `INSERT INTO api_keys (organization_id, id, token_hash, preview, name, owner_kind, member_id, member_epoch,
         service_account_id, project_id, permissions, created_by_name, expires_at, revoked_at, revocation_reason)
       SELECT $1, $2, $3, 'gak_…', $4, $5, $6, (SELECT epoch FROM members WHERE organization_id = $1 AND id = $6), $7, $8, $9,
         'Ada', now() + make_interval(secs => $10::double precision),
         CASE WHEN $11 THEN now() END, CASE WHEN $11 THEN 'REVOKED' END RETURNING id`,
      [newId(), hash, `Key of ${kind}`, kind, member, account, owner.project ?? null, permissions, seconds, revoked],
    )
    return { id, token }
  }

  async #one(sql: string, values: unknown[]): Promise<string> {
    const [row] = await this.gatehouse.superuser.rows<{ id: string }>(sql, [this.organizationId, ...values])
    if (!row) throw new Error(`Nothing came of: ${sql}`)
    return row.id
  }
}

/** Registers permissions of the platform: `PROJECT` and not for members unless said otherwise. */
export async function registerPermissions(
  gatehouse: Pick<WholeGatehouse, 'superuser'>,
  permissions: Readonly<Record<string, { scope?: string; forMembers?: boolean; retired?: boolean }>>,
): Promise<void> {
  for (const [key, { scope = 'PROJECT', forMembers = false, retired = false }] of Object.entries(permissions))
    await gatehouse.superuser.rows(
      `INSERT INTO platform_permissions (key, title, scope, is_for_members, retired_at) VALUES ($1, $1, $2, $3, CASE WHEN $4 THEN now() END)`,
      [key, scope, forMembers, retired],
    )
}

/** TypeIDs of what was arranged. */
export const idOf = {
  member: (id: string) => toTypeId('Member', id),
  project: (id: string) => toTypeId('Project', id),
  serviceAccount: (id: string) => toTypeId('ServiceAccount', id),
  apiKey: (id: string) => toTypeId('ApiKey', id),
  role: (id: string) => toTypeId('Role', id),
  team: (id: string) => toTypeId('Team', id),
  grant: (id: string) => toTypeId('ProjectGrant', id),
}
