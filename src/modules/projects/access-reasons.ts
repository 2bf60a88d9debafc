import { SYSTEM_ROLES } from '../../access'

// Built-in roles are code, custom ones say it in their row.
const SEEING_ALL = Object.values(SYSTEM_ROLES)
  .filter(
    ({ scope, permissions }) => scope === 'ORGANIZATION' && (permissions as ReadonlySet<string>).has('project.read'),
  )
  .map(({ key }) => `'${key}'`)

/** SQL: an organization role is inherited into all projects. @param role  alias of a row of `roles` */
export function seesAllProjects(role: string): string {
  return `(CASE WHEN ${role}.is_system THEN ${role}.key IN (${SEEING_ALL.join()}) ELSE 'project.read' = ANY (${role}.permissions) END)`
}

/**
 * SQL for all reasons why a member is in a project, as one JSON array: what cannot be taken away inside the project is
 * strongest; of the same kind, what allows most. Expects the organization as $1 and a row `m` with the member's role_id.
 *
 * @param grants  a query of the live grants that reach the member in the project (see `liveGrantsOf`)
 * @param isDefault  whether the project is the default one, an expression
 */
export function reasonsOf(grants: string, isDefault: string): string {
  return `
SELECT json_agg(json_build_object('via', why.via, 'roleScope', r.scope, 'roleKey', r.key, 'teamId', why.team_id,
    'grantId', why.grant_id, 'expiresAt', why.expires_at)
  ORDER BY why.strength, r.key = '${SYSTEM_ROLES.PROJECT_ADMIN.key}' DESC, cardinality(r.permissions) DESC, why.grant_id)
FROM (
  SELECT 1 AS strength, 'ROLE' AS via, m.role_id, NULL::uuid AS team_id, NULL::uuid AS grant_id, NULL::timestamptz AS expires_at
  FROM roles o WHERE o.organization_id = $1 AND o.id = m.role_id AND ${seesAllProjects('o')}
  UNION ALL
  SELECT CASE WHEN l.team_id IS NULL THEN 2 ELSE 3 END, CASE WHEN l.team_id IS NULL THEN 'GRANT' ELSE 'TEAM_GRANT' END,
    l.role_id, l.team_id, l.grant_id, g.expires_at
  FROM (${grants}) AS l JOIN project_grants g ON g.organization_id = $1 AND g.id = l.grant_id
  UNION ALL
  SELECT 4, 'DEFAULT_PROJECT', d.id, NULL, NULL, NULL
  FROM roles d WHERE ${isDefault} AND d.organization_id = $1 AND d.scope = 'PROJECT' AND d.key = '${SYSTEM_ROLES.PROJECT_MEMBER.key}'
) AS why
JOIN roles r ON r.organization_id = $1 AND r.id = why.role_id`
}
