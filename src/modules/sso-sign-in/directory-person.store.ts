import type { Statement, Transaction } from '../../platform/database'
import type { MemberToLink } from './sso-identity.store'

/** A member whom a directory keeps. */
export interface MemberOfDirectory extends MemberToLink {
  status: 'JOINED' | 'SUSPENDED'
}

/** What of a sign-in may name a person of a directory. */
export interface DirectoryKeys {
  readonly providerId: string
  readonly subject: string
  /** Normalized, of a domain that the organization has proven; null otherwise. */
  readonly provenEmail: string | null
}

/**
 * The joined or suspended member whom a directory of the same organization keeps for somebody that signs in for the
 * first time, by the keys that the directory names (docs/adr/0017-directories.md). Null when there is none, when two
 * could be meant, or when the member has come by this connection with another subject already.
 */
export async function findMemberOfDirectory(
  tx: Transaction,
  organizationId: string,
  { providerId, subject, provenEmail }: DirectoryKeys,
): Promise<MemberOfDirectory | null> {
  const values = [organizationId, providerId, subject, subject.toLowerCase(), provenEmail]
  const found = await tx.query<MemberOfDirectory>(FIND_MEMBER_OF_DIRECTORY, values)
  return found.length === 1 ? found[0]! : null
}

// A userName that is an address counts for the person only where the organization has proven the domain of it.
const FIND_MEMBER_OF_DIRECTORY: Statement = {
  name: 'find-member-of-directory',
  text: `
SELECT m.id AS "memberId", m.user_id AS "userId", m.status
FROM directories d
CROSS JOIN LATERAL (
  SELECT u.member_id FROM directory_users u
  WHERE u.organization_id = $1 AND u.directory_id = d.id AND u.external_id = $3 AND 'EXTERNAL_ID' = ANY (d.link_keys)
  UNION
  SELECT u.member_id FROM directory_users u
  WHERE u.organization_id = $1 AND u.directory_id = d.id AND u.user_name_key IN ($4, $5) AND 'USER_NAME' = ANY (d.link_keys)
  UNION
  SELECT u.member_id FROM directory_users u JOIN directory_user_values v
    ON v.organization_id = $1 AND v.directory_id = d.id AND v.user_id = u.id AND v.attribute = 'emails' AND v.value_key = $5
  WHERE u.organization_id = $1 AND u.directory_id = d.id AND 'EMAIL' = ANY (d.link_keys)
) AS known
JOIN members m ON m.organization_id = $1 AND m.id = known.member_id AND m.status IN ('JOINED', 'SUSPENDED')
WHERE d.organization_id = $1 AND NOT EXISTS (
  SELECT FROM sso_identities i WHERE i.organization_id = $1 AND i.member_id = m.id AND i.sso_provider_id = $2
)
GROUP BY m.id, m.user_id, m.status LIMIT 2`,
}
