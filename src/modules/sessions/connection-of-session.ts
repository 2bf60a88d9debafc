/**
 * SQL: the connection that a session began with, as JSON with id and name; null for one that was opened from an account.
 * @param session  alias of organization_sessions
 */
export function connectionOf(session: string): string {
  return `(SELECT json_build_object('id', p.id, 'name', p.name) FROM sso_providers p
    WHERE p.organization_id = ${session}.organization_id AND p.id = ${session}.sso_provider_id)`
}
