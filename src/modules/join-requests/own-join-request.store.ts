import type { Statement, Transaction } from '../../platform/database'
import type { JoinRequestStatus } from './join-request.store'

/** A request as the person who made it sees it. */
export interface OwnJoinRequest {
  id: string
  organizationId: string
  organizationName: string
  domain: string
  message: string | null
  status: JoinRequestStatus
  createdAt: Date
  decidedAt: Date | null
}

/** An organization that somebody may ask to be let in: no more than its name and logo. */
export interface OrganizationSuggestion {
  organizationId: string
  name: string
  logoUrl: string | null
  /** The domain of the own address that it has proven. */
  domain: string
  /** The own address. */
  email: string
}

/** The newest request of a person to each organization, newest first, at most 50. */
export async function findOwnJoinRequests(tx: Transaction, userId: string): Promise<OwnJoinRequest[]> {
  return tx.query<OwnJoinRequest>(FIND_OWN, [userId])
}

/**
 * The organizations that have proven the domain of an address which a provider has verified for the person, let people ask,
 * and do not count the person as a member; by name, at most 20.
 * @param organizationId  only this one; null for all
 */
export async function findSuggestions(
  tx: Transaction,
  userId: string,
  organizationId: string | null,
): Promise<OrganizationSuggestion[]> {
  return tx.query<OrganizationSuggestion>(FIND_SUGGESTIONS, [userId, organizationId])
}

const FIND_OWN: Statement = {
  name: 'find-own-join-requests',
  text: `
SELECT q.join_request_id AS id, q.organization_id AS "organizationId", c.name AS "organizationName", q.domain, q.message,
  q.status, q.created_at AS "createdAt", q.decided_at AS "decidedAt"
FROM user_join_requests q JOIN organization_cards c ON c.organization_id = q.organization_id
WHERE q.user_id = $1 ORDER BY q.created_at DESC, q.organization_id LIMIT 50`,
}

const FIND_SUGGESTIONS: Statement = {
  name: 'find-organization-suggestions',
  text: `
SELECT DISTINCT ON (c.name, c.organization_id) c.organization_id AS "organizationId", c.name, c.logo_url AS "logoUrl",
  v.domain, own.email
FROM identities i
CROSS JOIN unnest(i.verified_emails) AS own(email)
JOIN verified_domains v ON v.domain = split_part(own.email, '@', 2) AND v.may_ask
JOIN organization_cards c ON c.organization_id = v.organization_id AND c.status = 'ACTIVE' AND c.membership_mode = 'INVITATION'
WHERE i.user_id = $1 AND ($2::uuid IS NULL OR c.organization_id = $2)
  AND NOT EXISTS (SELECT FROM user_memberships um WHERE um.user_id = $1 AND um.organization_id = c.organization_id)
ORDER BY c.name, c.organization_id, v.domain, own.email LIMIT 20`,
}
