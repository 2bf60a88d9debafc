import { AppError } from '../../kernel/errors'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import type { ProvenIdentity, Provider } from './proven-identity.model'

/** A stored identity with the account it opens. */
export interface IdentityRow {
  id: string
  user_id: string
  disabled_at: Date | null
}

/** The identity with this key, or null. Its row is held, so that a removal waits. */
export async function findIdentity(tx: Transaction, provider: string, subject: string): Promise<IdentityRow | null> {
  const [row] = await tx.query<IdentityRow>(FIND_IDENTITY, [provider, subject])
  return row ?? null
}

/** Takes over what the provider says now; an empty name leaves the account's name as it is. */
export async function refreshIdentity(tx: Transaction, row: IdentityRow, identity: ProvenIdentity): Promise<void> {
  const { verifiedEmails, name } = identity
  await tx.execute(REFRESH_IDENTITY, [row.id, verifiedEmails[0] ?? null, verifiedEmails, row.user_id, name])
}

/**
 * @param connectedIn  the organization in whose company session it is connected; null for every other
 * @returns false when somebody else has linked the same identity at the same moment
 * @throws WRONG_STATE  the user has connected another one at the same moment
 */
export async function insertIdentity(
  tx: Transaction,
  id: string,
  userId: string,
  { provider, subject, verifiedEmails }: ProvenIdentity,
  connectedIn: string | null = null,
): Promise<boolean> {
  const values = [id, userId, provider, subject, verifiedEmails[0] ?? null, verifiedEmails, connectedIn]
  return (await tx.execute(INSERT_IDENTITY, values).catch(refuseSecondConnected)) === 1
}

/** Whether an account has a way to sign in of its own. */
export async function hasIdentity(tx: Transaction, userId: string): Promise<boolean> {
  return (await tx.execute(HAS_IDENTITY, [userId])) > 0
}

/** The account has a way to sign in of its own, which no company adds another one to. */
export function hasOneAlready(): AppError {
  return new AppError('WRONG_STATE', 'You have a way to sign in of your own already; sign in with it to add another.')
}

function refuseSecondConnected(error: unknown): never {
  throw violatedConstraint(error) === 'identities_one_connected' ? hasOneAlready() : error
}

/** The ways to sign in of other accounts that have verified one of these addresses. */
export async function findProvidersOfAddresses(tx: Transaction, emails: readonly string[]): Promise<Provider[]> {
  const rows = await tx.query<{ provider: Provider }>(FIND_PROVIDERS_OF_ADDRESSES, [emails])
  return rows.map(({ provider }) => provider)
}

/** An identity as its owner sees it. */
export interface OwnIdentityRow {
  id: string
  provider: Provider
  email: string | null
}

/**
 * All identities of an account. Their rows are held: of two removals at once the second sees what the first has left,
 * and a sign-in with one of them is over before it goes, or comes too late.
 */
export async function lockIdentities(tx: Transaction, userId: string): Promise<OwnIdentityRow[]> {
  return tx.query<OwnIdentityRow>(LOCK_IDENTITIES, [userId])
}

/** Removes an identity; what is left of the account sessions that it opened goes with it. */
export async function deleteIdentity(tx: Transaction, id: string): Promise<void> {
  await tx.execute(DELETE_IDENTITY, [id])
}

const FIND_IDENTITY: Statement = {
  name: 'find-identity',
  text: `
SELECT i.id, i.user_id, u.disabled_at
FROM identities i JOIN users u ON u.id = i.user_id
WHERE i.provider = $1 AND i.subject = $2
FOR UPDATE OF i FOR SHARE OF u`,
}

const REFRESH_IDENTITY: Statement = {
  name: 'refresh-identity',
  text: `
WITH identity AS (
  UPDATE identities SET email = coalesce($2, email), verified_emails = $3, last_used_at = now() WHERE id = $1
)
UPDATE users SET name = $5, updated_at = now() WHERE id = $4 AND $5 <> '' AND name <> $5`,
}

const INSERT_IDENTITY: Statement = {
  name: 'insert-identity',
  text: `
INSERT INTO identities (id, user_id, provider, subject, email, verified_emails, connected_in)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (provider, subject) DO NOTHING`,
}

const HAS_IDENTITY: Statement = {
  name: 'has-identity',
  text: 'SELECT 1 FROM identities WHERE user_id = $1 LIMIT 1',
}

const FIND_PROVIDERS_OF_ADDRESSES: Statement = {
  name: 'find-providers-of-addresses',
  text: `
SELECT DISTINCT i.provider FROM users u JOIN identities i ON i.user_id = u.id
WHERE u.email = ANY ($1) AND u.email = ANY (i.verified_emails) AND u.disabled_at IS NULL
ORDER BY i.provider`,
}

const LOCK_IDENTITIES: Statement = {
  name: 'lock-identities',
  text: 'SELECT id, provider, email FROM identities WHERE user_id = $1 ORDER BY id FOR UPDATE',
}

const DELETE_IDENTITY: Statement = { name: 'delete-identity', text: 'DELETE FROM identities WHERE id = $1' }
