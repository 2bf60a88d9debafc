/** SQL: a grant counts until it ends. @param grant  alias of a row of `project_grants` */
export function isLive(grant: string): string {
  return `(${grant}.expires_at IS NULL OR ${grant}.expires_at > now())`
}

/**
 * SQL for the live grants that reach a member: to the member, and to the teams of the member with all teams above them.
 * Expects the organization as $1.
 *
 * @param member  an expression for the member's id; NULL gives no rows
 * @returns  a query of grant_id, project_id, role_id and team_id, the latter null for grants to the member
 */
export function liveGrantsOf(member: string): string {
  return `
  SELECT own.id AS grant_id, own.project_id, own.role_id, NULL::uuid AS team_id
  FROM project_grants own
  WHERE own.organization_id = $1 AND own.member_id = ${member} AND ${isLive('own')}
  UNION ALL
  SELECT shared.id, shared.project_id, shared.role_id, shared.team_id
  FROM (
    SELECT DISTINCT above.team_id
    FROM team_members tm
    JOIN teams t ON t.organization_id = tm.organization_id AND t.id = tm.team_id
    CROSS JOIN LATERAL unnest(t.path) AS above(team_id)
    WHERE tm.organization_id = $1 AND tm.member_id = ${member}
  ) AS mine
  JOIN project_grants shared
    ON shared.organization_id = $1 AND shared.team_id = mine.team_id AND ${isLive('shared')}`
}
