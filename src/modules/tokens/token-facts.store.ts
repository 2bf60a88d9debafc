import type { Statement, Transaction } from '../../platform/database'
import { liveGrantsOf } from '../projects'
import { MOST_PROJECTS } from './access-token.model'

/** What a token says of a session, its member and the projects of the member. */
export interface SessionFacts {
  organizationSlug: string
  userId: string
  memberId: string
  sessionExpiresAt: Date
  authenticatedAt: Date
  provider: string
  ssoProviderId: string | null
  email: string
  isEmailVerified: boolean
  roleKey: string
  projects: { id: string; isDefault: boolean; roles: string[] }[]
  now: Date
}

/**
 * The facts of a session, whether or not it is alive.
 * @param seesAllProjects  the organization role is in every project
 */
export async function findSessionFacts(
  tx: Transaction,
  organizationId: string,
  sessionId: string,
  seesAllProjects: boolean,
): Promise<SessionFacts> {
  const [facts] = await tx.query<SessionFacts>(FIND_FACTS, [organizationId, sessionId, seesAllProjects])
  return facts!
}

const FIND_FACTS: Statement = {
  name: 'find-session-facts',
  text: `
SELECT o.slug AS "organizationSlug", m.user_id AS "userId", m.id AS "memberId", s.expires_at AS "sessionExpiresAt",
  coalesce(s.authenticated_at, a.created_at, s.created_at) AS "authenticatedAt", s.provider,
  s.sso_provider_id AS "ssoProviderId", m.email, r.key AS "roleKey", now() AS now,
  EXISTS (SELECT FROM identities i WHERE i.user_id = m.user_id AND m.email = ANY (i.verified_emails))
    OR s.sso_provider_id IS NOT NULL AND EXISTS (
      SELECT FROM domains d WHERE d.organization_id = $1 AND d.name = m.email_domain AND d.status = 'VERIFIED'
    ) AS "isEmailVerified",
  coalesce((SELECT json_agg(p) FROM (
    SELECT p.id, p.is_default AS "isDefault", ARRAY(
      SELECT DISTINCT gr.key FROM (${liveGrantsOf('m.id')}) AS l
      JOIN roles gr ON gr.organization_id = $1 AND gr.id = l.role_id
      WHERE l.project_id = p.id ORDER BY gr.key
    ) AS roles
    FROM projects p
    WHERE p.organization_id = $1 AND p.status = 'ACTIVE'
      AND ($3 OR p.is_default OR p.id IN (SELECT mine.project_id FROM (${liveGrantsOf('m.id')}) AS mine))
    ORDER BY p.id LIMIT ${MOST_PROJECTS + 1}
  ) AS p), '[]') AS projects
FROM organization_sessions s
JOIN organizations o ON o.organization_id = $1
JOIN members m ON m.organization_id = $1 AND m.id = s.member_id
JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id
LEFT JOIN account_sessions a ON a.id = s.account_session_id
WHERE s.organization_id = $1 AND s.id = $2`,
}
