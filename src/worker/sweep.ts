import type { Database, Scope, Statement } from '../platform/database'

const BATCH = 1000
const MOST_BATCHES = 20

// Sessions stay for a while after their end, so that a person can see what was open; messages, so that an operator can.
const SWEEPS: readonly { scope: Scope; statement: Statement }[] = [
  sweep('account', 'sign_in_attempts', 'id', `expires_at < now() - interval '1 day'`),
  sweep('account', 'sign_in_codes', 'id', `expires_at < now() - interval '1 day'`),
  sweep('account', 'account_sessions', 'id', `expires_at < now() - interval '30 days'`),
  sweep('installation', 'organization_sessions', 'organization_id, id', `expires_at < now() - interval '30 days'`),
  sweep('installation', 'refresh_tokens', 'organization_id, id', `expires_at < now() - interval '1 day'`),
  sweep(
    'installation',
    'outbox_messages',
    'organization_id, id',
    `coalesce(delivered_at, failed_at) < now() - interval '14 days'`,
  ),
  unlockedSweep('sso_attempts', 'organization_id, id', `expires_at < now() - interval '1 day'`),
  unlockedSweep('session_codes', 'organization_id, id', `expires_at < now() - interval '1 day'`),
  unlockedSweep('sso_used_messages', 'organization_id, sso_provider_id, message_id', 'expires_at < now()'),
  // The policy of the worker lets it see nothing younger.
  unlockedSweep('scim_requests', 'organization_id, directory_id, id', `at < now() - interval '30 days'`),
  // A grant counts for nothing from the instant it ends, which its audit row named when it was given. One that is given
  // anew meanwhile is not there to be deleted: both conditions are read again behind its lock.
  unlockedSweep('project_grants', 'organization_id, id', `expires_at < now() - interval '1 day'`),
]

/**
 * Deletes what time has made useless: sign-ins that nobody finished, grants that have ended, sessions and messages long
 * over.
 * At most 20,000 rows of each in one run, in transactions of 1,000.
 */
export async function sweepExpired(database: Database): Promise<void> {
  for (const { scope, statement } of SWEEPS) {
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      const deleted = await database.write(scope, (tx) => tx.execute(statement))
      if (deleted < BATCH) break
    }
  }
}

function sweep(scope: 'account' | 'installation', table: string, key: string, condition: string) {
  const text = `
DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`
  return { scope: { kind: scope }, statement: { name: `sweep-${table.replaceAll('_', '-')}`, text } } as const
}

/** Of tables whose rows the worker may delete and nothing else: to lock them first would take the right to change them. */
function unlockedSweep(table: string, key: string, condition: string) {
  const text = `
DELETE FROM ${table} WHERE ${condition} AND (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${BATCH})`
  return {
    scope: { kind: 'installation' },
    statement: { name: `sweep-${table.replaceAll('_', '-')}`, text },
  } as const
}
