import type { Statement, Transaction } from '../../platform/database'

/** A code about to be sent. */
export interface SignInCodeDraft {
  readonly id: string
  readonly email: string
  readonly browserHash: Buffer
  readonly codeHash: Buffer
  readonly returnTo: string
  readonly linkUserId: string | null
  readonly linkOrganizationId: string | null
  readonly minutes: number
}

/** A code that a guess was spent on. */
export type GuessedCode = Pick<SignInCodeDraft, 'id' | 'codeHash' | 'returnTo' | 'linkUserId' | 'linkOrganizationId'>

/** Codes asked for an address in the last `minutes`, by whatever browser; two askers at once wait for each other. */
export async function countRecentCodes(tx: Transaction, email: string, minutes: number): Promise<number> {
  await tx.execute(LOCK_ADDRESS, [email])
  const [row] = await tx.query<{ count: number }>(COUNT_RECENT_CODES, [email, minutes])
  return row?.count ?? 0
}

/** Writes down a code; earlier ones of the same browser and address no longer count. */
export async function insertSignInCode(tx: Transaction, code: SignInCodeDraft): Promise<void> {
  const { id, email, browserHash, codeHash, returnTo, linkUserId, linkOrganizationId, minutes } = code
  await tx.execute(RETIRE_CODES, [email, browserHash])
  const values = [id, email, browserHash, codeHash, returnTo, linkUserId, linkOrganizationId, minutes]
  await tx.execute(INSERT_CODE, values)
}

/** Spends one of the 5 guesses of the code that waits for this browser and address; null when none waits. */
export async function spendGuess(tx: Transaction, email: string, browserHash: Buffer): Promise<GuessedCode | null> {
  const [row] = await tx.query<GuessedCode>(SPEND_GUESS, [email, browserHash])
  return row ?? null
}

/** Marks a code as used. */
export async function useUpCode(tx: Transaction, id: string): Promise<void> {
  await tx.execute(USE_UP_CODE, [id])
}

const LOCK_ADDRESS: Statement = {
  name: 'lock-sign-in-address',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('sign-in-code/' || $1, 0))`,
}

const COUNT_RECENT_CODES: Statement = {
  name: 'count-recent-sign-in-codes',
  text: `
SELECT count(*)::int AS count FROM sign_in_codes
WHERE email = $1 AND created_at > now() - make_interval(mins => $2)`,
}

const RETIRE_CODES: Statement = {
  name: 'retire-sign-in-codes',
  text: 'UPDATE sign_in_codes SET used_at = now() WHERE email = $1 AND browser_hash = $2 AND used_at IS NULL',
}

const INSERT_CODE: Statement = {
  name: 'insert-sign-in-code',
  text: `
INSERT INTO sign_in_codes (id, email, browser_hash, code_hash, return_to, link_user_id, link_organization_id, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(mins => $8))`,
}

const SPEND_GUESS: Statement = {
  name: 'spend-sign-in-guess',
  text: `
UPDATE sign_in_codes SET attempts = attempts + 1
WHERE email = $1 AND browser_hash = $2 AND used_at IS NULL AND expires_at > now() AND attempts < 5
RETURNING id, code_hash AS "codeHash", return_to AS "returnTo", link_user_id AS "linkUserId",
  link_organization_id AS "linkOrganizationId"`,
}

const USE_UP_CODE: Statement = {
  name: 'use-up-sign-in-code',
  text: 'UPDATE sign_in_codes SET used_at = now() WHERE id = $1',
}
