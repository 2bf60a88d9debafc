import { type Actor, actorLabel, actorUserId } from '../../access'
import { newId } from '../../kernel/ids'
import type { Statement, Transaction } from '../../platform/database'

/** One check inside a test. */
export interface SsoTestStep {
  readonly key: string
  readonly title: string
  /** WARNED: nothing is wrong with the sign-in, but not everything works that the Admin may expect. */
  readonly status: 'PASSED' | 'WARNED' | 'FAILED'
  /** For the Admin; never a secret. */
  readonly detail: string | null
}

/** What a test found; wiped after a day. */
export interface SsoTestFindings {
  /** Claims or attributes as received. */
  readonly received: Readonly<Record<string, unknown>> | null
  /** What they were mapped to. */
  readonly profile: {
    readonly subject: string
    readonly email: string | null
    readonly name: string | null
    readonly roleName: string | null
  } | null
  readonly errorCode: string | null
  readonly errorMessage: string | null
  readonly howToFix: readonly string[]
}

/** A live sign-in that tests a connection. */
export interface SsoTestRunRow {
  id: string
  providerId: string
  /** What it is a test of. */
  settingsDigest: Buffer
  status: 'WAITING' | 'PASSED' | 'FAILED'
  steps: readonly SsoTestStep[]
  findings: SsoTestFindings | null
  startedByName: string
  startedAt: Date
  finishedAt: Date | null
}

/** @returns the id */
export async function insertSsoTestRun(
  tx: Transaction,
  organizationId: string,
  providerId: string,
  digest: Buffer,
  actor: Actor,
): Promise<string> {
  const id = newId()
  await tx.execute(INSERT, [organizationId, id, providerId, digest, actorUserId(actor), actorLabel(actor)])
  return id
}

/** One test, or null. */
export async function findSsoTestRun(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<SsoTestRunRow | null> {
  const [row] = await tx.query<SsoTestRunRow>(FIND, [organizationId, id])
  return row ?? null
}

/** The newest tests of each of some connections, newest first. */
export async function findSsoTestRuns(
  tx: Transaction,
  organizationId: string,
  providerIds: readonly string[],
  each: number,
): Promise<SsoTestRunRow[]> {
  return tx.query<SsoTestRunRow>(FIND_NEWEST, [organizationId, providerIds, each])
}

/** Adds a step to a test that is not over. */
export async function appendSsoTestStep(
  tx: Transaction,
  organizationId: string,
  id: string,
  step: SsoTestStep,
): Promise<void> {
  await tx.execute(APPEND_STEP, [organizationId, id, JSON.stringify([step])])
}

/** Ends a test. @returns false when it was over before */
export async function endSsoTestRun(
  tx: Transaction,
  organizationId: string,
  id: string,
  status: 'PASSED' | 'FAILED',
  findings: SsoTestFindings,
): Promise<boolean> {
  return (await tx.execute(END, [organizationId, id, status, findings])) === 1
}

const COLUMNS = `id, sso_provider_id AS "providerId", settings_digest AS "settingsDigest", status, steps, findings,
  started_by_name AS "startedByName", started_at AS "startedAt", finished_at AS "finishedAt"`
const INSERT: Statement = {
  name: 'insert-sso-test-run',
  text: `
INSERT INTO sso_test_runs (organization_id, id, sso_provider_id, settings_digest, started_by_id, started_by_name)
VALUES ($1, $2, $3, $4, $5, $6)`,
}
const FIND: Statement = {
  name: 'find-sso-test-run',
  text: `SELECT ${COLUMNS} FROM sso_test_runs WHERE organization_id = $1 AND id = $2`,
}
const FIND_NEWEST: Statement = {
  name: 'find-newest-sso-test-runs',
  text: `
SELECT newest.* FROM unnest($2::uuid[]) AS wanted(provider_id) CROSS JOIN LATERAL (
  SELECT ${COLUMNS} FROM sso_test_runs WHERE organization_id = $1 AND sso_provider_id = wanted.provider_id
  ORDER BY started_at DESC, id DESC LIMIT $3
) AS newest`,
}
const APPEND_STEP: Statement = {
  name: 'append-sso-test-step',
  text: `
UPDATE sso_test_runs SET steps = steps || $3::jsonb
WHERE organization_id = $1 AND id = $2 AND status = 'WAITING' AND jsonb_array_length(steps) < 30`,
}
const END: Statement = {
  name: 'end-sso-test-run',
  text: `
UPDATE sso_test_runs SET status = $3, findings = $4, finished_at = now()
WHERE organization_id = $1 AND id = $2 AND status = 'WAITING'`,
}
