import type { Client } from 'pg'
import { newId, parseTypeId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { type BenchDatabase, withClient } from '../cluster'
import type { Background } from './pusher'
import { type ScimUser, userName } from './requests'

// As many as one PATCH adds at the most, and some.
const KNOWN = 12_000

/** Looks behind the answers of the product: into the tables of its one directory. */
export async function backgroundOf(database: BenchDatabase): Promise<Background> {
  return withClient(database.superuserUrl, async (client) => {
    const stored = await countUsers(client)
    return {
      stored,
      known: await storedUsers(client, stored),
      countMembers: (groupId) => withClient(database.superuserUrl, (again) => countMembers(again, groupId)),
      openSessions: (users) => withClient(database.superuserUrl, (again) => openSessions(again, users)),
      assertEnded: (users) => withClient(database.superuserUrl, (again) => assertEnded(again, users)),
    }
  })
}

/** The id of a group with this displayName. */
export async function findGroup(client: Client, displayName: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM directory_groups WHERE display_name = $1', [
    displayName,
  ])
  return toTypeId('DirectoryGroup', rows[0]!.id)
}

async function countUsers(client: Client): Promise<number> {
  const { rows } = await client.query<{ users: number }>('SELECT sum(users)::integer AS users FROM directory_counters')
  return rows[0]!.users
}

/** Spread evenly over all. */
async function storedUsers(client: Client, stored: number): Promise<ScimUser[]> {
  const count = Math.min(stored, KNOWN)
  const numbers = Array.from({ length: count }, (_, index) => Math.floor((index * stored) / count))
  const { rows } = await client.query<{ id: string; n: number }>(
    `SELECT u.id, w.n FROM directories d, unnest($1::integer[], $2::text[]) AS w (n, name), directory_users u
     WHERE u.organization_id = d.organization_id AND u.directory_id = d.id AND u.user_name_key = w.name ORDER BY w.n`,
    [numbers, numbers.map(userName)],
  )
  return rows.map(({ id, n }) => ({ n, id: toTypeId('DirectoryUser', id) }))
}

async function countMembers(client: Client, groupId: string): Promise<number> {
  const { rows } = await client.query<{ members: number }>(
    'SELECT count(*)::integer AS members FROM directory_group_members WHERE group_id = $1',
    [uuidOf(groupId)],
  )
  return rows[0]!.members
}

/** One session each and no others, as a sign-in of a moment ago would have left it. */
async function openSessions(client: Client, users: readonly ScimUser[]): Promise<void> {
  const { rows } = await client.query<{ organization_id: string }>('SELECT organization_id FROM directories')
  const { organization_id: organizationId } = rows[0]!
  const sessions = users.map(({ id }) => ({
    user: uuidOf(id),
    id: newId(),
    hash: makeToken('organizationSession', organizationId).hash.toString('hex'),
  }))
  await client.query('DELETE FROM organization_sessions')
  await client.query(OPEN, [JSON.stringify(sessions)])
}

/** @throws Error when a session of theirs still opens something */
async function assertEnded(client: Client, users: readonly ScimUser[]): Promise<void> {
  const { rowCount } = await client.query(LIVE, [users.map(({ id }) => uuidOf(id))])
  if (rowCount !== 0) throw new Error(`${rowCount} sessions of deactivated users are live`)
}

function uuidOf(id: string): string {
  const parsed = parseTypeId(id)
  if (!parsed) throw new Error(`${id} is no id of the product`)
  return parsed.uuid
}

const OPEN = `
INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, provider, expires_at)
SELECT u.organization_id, s.id, decode(s.hash, 'hex'), m.id, m.epoch, m.user_id, 'EMAIL', now() + interval '12 hours'
FROM directories d, jsonb_to_recordset($1::jsonb) AS s (id uuid, "user" uuid, hash text), directory_users u, members m
WHERE u.organization_id = d.organization_id AND u.directory_id = d.id AND u.id = s."user"
  AND m.organization_id = u.organization_id AND m.id = u.member_id`
const LIVE = `
SELECT FROM directories d, directory_users u, members m, organization_sessions s
WHERE u.organization_id = d.organization_id AND u.directory_id = d.id AND u.id = ANY ($1::uuid[])
  AND m.organization_id = u.organization_id AND m.id = u.member_id
  AND s.organization_id = m.organization_id AND s.member_id = m.id
  AND s.revoked_at IS NULL AND m.status = 'JOINED' AND m.epoch = s.member_epoch`
