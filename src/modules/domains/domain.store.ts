import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import type { DomainJoinPolicy, DomainStatus } from './domain.model'

/** A domain that an organization claims. */
export interface DomainRow {
  id: string
  /** A-labels, lower case. */
  name: string
  status: DomainStatus
  joinPolicy: DomainJoinPolicy
  challenge: string
  verifiedAt: Date | null
  lastCheckedAt: Date | null
  lastCheckError: string | null
  /** Since when the record of a proven domain is missing. */
  failingSince: Date | null
  createdAt: Date
}

/** @returns the domain's id @throws NOT_UNIQUE when the organization claims it already */
export async function insertDomain(
  tx: Transaction,
  organizationId: string,
  domain: { name: string; challenge: string },
): Promise<string> {
  const id = newId()
  await tx.execute(INSERT_DOMAIN, [organizationId, id, domain.name, domain.challenge]).catch((error: unknown) => {
    if (violatedConstraint(error) !== 'domains_name_key') throw error
    throw new AppError('NOT_UNIQUE', 'The organization claims this domain already.', { path: ['name'] })
  })
  return id
}

/** The domains of an organization, oldest first. */
export async function findDomains(tx: Transaction, organizationId: string): Promise<DomainRow[]> {
  return tx.query<DomainRow>(FIND_DOMAINS, [organizationId])
}

/** One domain, held until the transaction ends where it is to be changed; null when there is none. */
export async function findDomain(
  tx: Transaction,
  organizationId: string,
  id: string,
  hold: 'lock' | 'look' = 'look',
): Promise<DomainRow | null> {
  const [row] = await tx.query<DomainRow>(hold === 'lock' ? LOCK_DOMAIN : FIND_DOMAIN, [organizationId, id])
  return row ?? null
}

/** Takes a proven domain for the organization. @returns false when another organization has proven it */
export async function claimProvenDomain(tx: Transaction, organizationId: string, name: string): Promise<boolean> {
  const [row] = await tx.query<{ organization_id: string }>(CLAIM_DOMAIN, [organizationId, name])
  return row?.organization_id === organizationId
}

/** Gives a proven domain free, for whoever proves it next. */
export async function releaseProvenDomain(tx: Transaction, organizationId: string, name: string): Promise<void> {
  await tx.execute(RELEASE_DOMAIN, [organizationId, name])
}

/** Writes what a check has found. */
export async function writeCheck(
  tx: Transaction,
  organizationId: string,
  id: string,
  check: { status: DomainStatus; error: string | null; isFound: boolean },
): Promise<void> {
  await tx.execute(WRITE_CHECK, [organizationId, id, check.status, check.error, check.isFound])
}

export async function writeJoinPolicy(
  tx: Transaction,
  organizationId: string,
  id: string,
  policy: DomainJoinPolicy,
): Promise<void> {
  await tx.execute(WRITE_JOIN_POLICY, [organizationId, id, policy])
}

export async function deleteDomainRow(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(DELETE_DOMAIN, [organizationId, id])
}

/** The organization that has proven a domain, or null. Outside row-level security, by exact key. */
export async function findOrganizationOfDomain(tx: Transaction, name: string): Promise<string | null> {
  const [row] = await tx.query<{ organization_id: string }>(FIND_ORGANIZATION_OF_DOMAIN, [name])
  return row?.organization_id ?? null
}

/** Proven domains of all organizations that were not checked for a day, longest ago first. Of the installation. */
export async function findDueDomains(
  tx: Transaction,
  limit: number,
): Promise<{ organizationId: string; id: string; name: string; challenge: string }[]> {
  return tx.query(FIND_DUE_DOMAINS, [limit])
}

const FIND_DUE_DOMAINS: Statement = {
  name: 'find-due-domains',
  text: `
SELECT organization_id AS "organizationId", id, name, challenge
FROM domains WHERE status = 'VERIFIED' AND last_checked_at < now() - interval '1 day'
ORDER BY last_checked_at LIMIT $1`,
}
const INSERT_DOMAIN: Statement = {
  name: 'insert-domain',
  text: 'INSERT INTO domains (organization_id, id, name, challenge) VALUES ($1, $2, $3, $4)',
}
const COLUMNS = `
SELECT id, name, status, join_policy AS "joinPolicy", challenge, verified_at AS "verifiedAt", last_checked_at AS "lastCheckedAt",
  last_check_error AS "lastCheckError", failing_since AS "failingSince", created_at AS "createdAt"
FROM domains WHERE organization_id = $1`
const FIND_DOMAINS: Statement = { name: 'find-domains', text: `${COLUMNS} ORDER BY id` }
const FIND_DOMAIN: Statement = { name: 'find-domain', text: `${COLUMNS} AND id = $2` }
const LOCK_DOMAIN: Statement = { name: 'lock-domain', text: `${COLUMNS} AND id = $2 FOR UPDATE` }

// Of two organizations that prove a domain at once, the primary key lets one through; the other reads who it was.
const CLAIM_DOMAIN: Statement = {
  name: 'claim-domain',
  text: `
INSERT INTO verified_domains (domain, organization_id, may_ask)
VALUES ($2, $1, coalesce((SELECT join_policy = 'REQUEST' FROM domains WHERE organization_id = $1 AND name = $2), false))
ON CONFLICT (domain) DO UPDATE SET organization_id = verified_domains.organization_id
RETURNING organization_id`,
}
const RELEASE_DOMAIN: Statement = {
  name: 'release-domain',
  text: 'DELETE FROM verified_domains WHERE domain = $2 AND organization_id = $1',
}
const WRITE_CHECK: Statement = {
  name: 'write-domain-check',
  text: `
UPDATE domains
SET status = $3, last_checked_at = now(), last_check_error = $4,
    verified_at = CASE WHEN $3 = 'VERIFIED' THEN coalesce(verified_at, now()) END,
    failing_since = CASE WHEN $3 = 'VERIFIED' AND NOT $5 THEN coalesce(failing_since, now()) END
WHERE organization_id = $1 AND id = $2`,
}
const WRITE_JOIN_POLICY: Statement = {
  name: 'write-domain-join-policy',
  text: `
WITH changed AS (
  UPDATE domains SET join_policy = $3 WHERE organization_id = $1 AND id = $2 RETURNING name
)
UPDATE verified_domains v SET may_ask = $3 = 'REQUEST' FROM changed WHERE v.domain = changed.name AND v.organization_id = $1`,
}
const DELETE_DOMAIN: Statement = {
  name: 'delete-domain',
  text: 'DELETE FROM domains WHERE organization_id = $1 AND id = $2',
}
const FIND_ORGANIZATION_OF_DOMAIN: Statement = {
  name: 'find-organization-of-domain',
  text: 'SELECT organization_id FROM verified_domains WHERE domain = $1',
}
