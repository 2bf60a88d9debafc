import type { Statement, Transaction } from '../../platform/database'
import type { Provider } from './proven-identity.model'

/** A sign-in that begins. */
export interface SignInAttemptDraft {
  readonly id: string
  readonly provider: Provider
  readonly browserHash: Buffer
  readonly stateHash: Buffer
  readonly sealed: Buffer
  readonly returnTo: string
  readonly linkUserId: string | null
  readonly linkOrganizationId: string | null
}

/** A sign-in that has come back. */
export type TakenSignInAttempt = Pick<
  SignInAttemptDraft,
  'id' | 'sealed' | 'returnTo' | 'linkUserId' | 'linkOrganizationId'
>

/** Writes down a sign-in that begins; it can be taken for 10 minutes. */
export async function insertSignInAttempt(tx: Transaction, attempt: SignInAttemptDraft): Promise<void> {
  const { id, provider, browserHash, stateHash, sealed, returnTo, linkUserId, linkOrganizationId } = attempt
  const values = [id, provider, browserHash, stateHash, sealed, returnTo, linkUserId, linkOrganizationId]
  await tx.execute(INSERT_ATTEMPT, values)
}

/** Uses up the attempt with this state, of this browser and provider; null when there is none that still counts. */
export async function takeAttempt(
  tx: Transaction,
  key: { provider: Provider; browserHash: Buffer; stateHash: Buffer },
): Promise<TakenSignInAttempt | null> {
  const [row] = await tx.query<TakenSignInAttempt>(TAKE_ATTEMPT, [key.provider, key.browserHash, key.stateHash])
  return row ?? null
}

const INSERT_ATTEMPT: Statement = {
  name: 'insert-sign-in-attempt',
  text: `
INSERT INTO sign_in_attempts (id, provider, browser_hash, state_hash, sealed, return_to, link_user_id,
  link_organization_id, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + interval '10 minutes')`,
}

// The only statement that uses an attempt up: of two callbacks with one state, one finds a row.
const TAKE_ATTEMPT: Statement = {
  name: 'take-sign-in-attempt',
  text: `
UPDATE sign_in_attempts SET used_at = now()
WHERE provider = $1 AND browser_hash = $2 AND state_hash = $3 AND used_at IS NULL AND expires_at > now()
RETURNING id, sealed, return_to AS "returnTo", link_user_id AS "linkUserId", link_organization_id AS "linkOrganizationId"`,
}
