/** The numbers of organizations as SQL in place of a table: the row that constraints bound, and the lanes beside it. */
export const COUNTERS = `(
  SELECT c.organization_id, c.joined + l.joined AS joined, c.invited, c.suspended + l.suspended AS suspended, c.admins,
    c.adminless_since, c.projects
  FROM organization_counters c CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.joined), 0)::int AS joined, coalesce(sum(l.suspended), 0)::int AS suspended
    FROM organization_counter_lanes l WHERE l.organization_id = c.organization_id
  ) AS l
)`
