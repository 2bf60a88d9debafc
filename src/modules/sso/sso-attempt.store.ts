import type { WriteContext } from '../../access'
import type { Statement, Transaction } from '../../platform/database'

/** What a sign-in on its way is for. A test makes nobody a member; linking adds the identity to the member who asks. */
export type SsoIntent = 'SIGN_IN' | 'TEST' | 'LINK'

/** A sign-in that begins. */
export interface SsoAttemptDraft {
  readonly id: string
  readonly providerId: string
  readonly intent: SsoIntent
  readonly browserHash: Buffer
  readonly requestHash: Buffer
  /** What must be remembered besides, sealed for {@link attemptSealContext}. */
  readonly sealed: Buffer
  readonly settingsDigest: Buffer
  readonly testRunId: string | null
  readonly linkMemberId: string | null
  readonly returnTo: string
  /** A frontend on another origin that is to get the session. */
  readonly app: { readonly returnUrl: string; readonly challenge: string } | null
}

/** A sign-in that has come back. */
export interface TakenSsoAttempt extends Omit<SsoAttemptDraft, 'browserHash' | 'requestHash'> {
  /** SAML: what the provider has posted; null when nothing came. */
  readonly sealedAnswer: Buffer | null
}

/** What the secrets of an attempt are sealed for. */
export function attemptSealContext(organizationId: string, attemptId: string): string {
  return `sso_attempts/${organizationId}/${attemptId}`
}

/** What a posted answer is sealed for. */
export function answerSealContext(organizationId: string, attemptId: string): string {
  return `${attemptSealContext(organizationId, attemptId)}/answer`
}

/** Writes down a sign-in that begins, at the commit; it can be taken for 10 minutes. */
export function insertSsoAttempt(context: WriteContext, organizationId: string, attempt: SsoAttemptDraft): void {
  context.last(INSERT, [
    organizationId,
    attempt.id,
    attempt.providerId,
    attempt.intent,
    attempt.browserHash,
    attempt.requestHash,
    attempt.sealed,
    attempt.settingsDigest,
    attempt.testRunId,
    attempt.linkMemberId,
    attempt.returnTo,
    attempt.app?.returnUrl ?? null,
    attempt.app?.challenge ?? null,
  ])
}

/** Uses up the attempt with this request, of this connection and browser; null when there is none that still counts. */
export async function takeSsoAttemptRow(
  tx: Transaction,
  organizationId: string,
  key: { providerId: string; requestHash: Buffer; browserHash: Buffer },
): Promise<TakenSsoAttempt | null> {
  const [row] = await tx.query<AttemptRow>(TAKE, [organizationId, key.requestHash, key.providerId, key.browserHash])
  return row ? attemptOf(row) : null
}

/** An attempt that waits for its answer, whatever browser began it; for choosing what to verify the answer with. */
export async function findWaitingAttempt(
  tx: Transaction,
  organizationId: string,
  key: { providerId: string; requestHash: Buffer },
): Promise<{ id: string; intent: SsoIntent } | null> {
  const [row] = await tx.query<{ id: string; intent: SsoIntent }>(FIND_WAITING, [
    organizationId,
    key.requestHash,
    key.providerId,
  ])
  return row ?? null
}

/** Keeps the answer to an attempt, the first that comes. @returns false when the attempt does not wait any more */
export async function keepAnswer(
  tx: Transaction,
  organizationId: string,
  attemptId: string,
  sealedAnswer: Buffer,
): Promise<boolean> {
  return (await tx.execute(KEEP_ANSWER, [organizationId, attemptId, sealedAnswer])) === 1
}

type AttemptRow = Omit<TakenSsoAttempt, 'app'> & { appReturnUrl: string | null; appChallenge: string | null }

function attemptOf({ appReturnUrl, appChallenge, ...row }: AttemptRow): TakenSsoAttempt {
  return { ...row, app: appReturnUrl && appChallenge ? { returnUrl: appReturnUrl, challenge: appChallenge } : null }
}

const INSERT: Statement = {
  name: 'insert-sso-attempt',
  text: `
INSERT INTO sso_attempts (organization_id, id, sso_provider_id, intent, browser_hash, request_hash, sealed, settings_digest,
  test_run_id, link_member_id, return_to, app_return_url, app_challenge, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now() + interval '10 minutes')`,
}
const WAITING = 'used_at IS NULL AND expires_at > now()'
// The only statement that uses an attempt up: of two answers to one request, one finds a row.
const TAKE: Statement = {
  name: 'take-sso-attempt',
  text: `
UPDATE sso_attempts SET used_at = now()
WHERE organization_id = $1 AND request_hash = $2 AND sso_provider_id = $3 AND browser_hash = $4 AND ${WAITING}
RETURNING id, sso_provider_id AS "providerId", intent, sealed, settings_digest AS "settingsDigest",
  sealed_answer AS "sealedAnswer", test_run_id AS "testRunId", link_member_id AS "linkMemberId", return_to AS "returnTo",
  app_return_url AS "appReturnUrl", app_challenge AS "appChallenge"`,
}
const FIND_WAITING: Statement = {
  name: 'find-waiting-sso-attempt',
  text: `
SELECT id, intent FROM sso_attempts
WHERE organization_id = $1 AND request_hash = $2 AND sso_provider_id = $3 AND sealed_answer IS NULL AND ${WAITING}`,
}
const KEEP_ANSWER: Statement = {
  name: 'keep-sso-answer',
  text: `
UPDATE sso_attempts SET sealed_answer = $3
WHERE organization_id = $1 AND id = $2 AND sealed_answer IS NULL AND ${WAITING}`,
}
