import { createHash, randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyRequest } from 'fastify'
import { Pool, type PoolClient } from 'pg'
import { newId } from '../src/kernel/ids'
import { bareChecks } from './access/bare-checks'

/**
 * The yardstick: Fastify, `pg` with named statements and nothing else, as one would write these three pages by hand.
 * No GraphQL, no schema, no tenant isolation in the database (it connects as the superuser), no logging, no limits.
 * It reads and writes the same rows and answers the same fields.
 */
const pool = new Pool({ connectionString: process.env.BARE_DATABASE_URL, max: 10, idleTimeoutMillis: 0 })
const server = fastify()

type Row = Record<string, unknown>

async function one(db: Pool | PoolClient, name: string, text: string, values: unknown[]): Promise<Row | undefined> {
  return (await db.query<Row>({ name, text, values })).rows[0]
}

function findActor(db: Pool | PoolClient, request: FastifyRequest): Promise<Row | undefined> {
  const { organization } = request.params as { organization: string }
  const token = request.headers.authorization?.slice('Bearer '.length) ?? ''
  return one(db, 'actor', ACTOR, [organization, createHash('sha256').update(token).digest()])
}

const ACTOR = `
SELECT s.organization_id, s.user_id, m.name, r.key AS role_key
FROM organization_sessions s
JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
JOIN organizations o ON o.organization_id = s.organization_id
WHERE s.organization_id = $1 AND s.token_hash = $2 AND s.revoked_at IS NULL AND s.expires_at > now()
  AND m.status = 'JOINED' AND m.epoch = s.member_epoch AND o.status = 'ACTIVE'`

server.post('/:organization/viewer', async (request, reply) => {
  const actor = await findActor(pool, request)
  if (!actor) return reply.code(401).send()
  const user = await one(pool, 'user', USER, [actor.user_id])
  const organization = await one(pool, 'organization', ORGANIZATION, [actor.organization_id])
  const { rows } = await pool.query<Row>({ name: 'memberships', text: MEMBERSHIPS, values: [actor.user_id] })
  const memberships = rows.map(({ roleKey, status, joinedAt, ...card }) => {
    const { organizationStatus, ...shown } = card
    return { organization: { ...shown, status: organizationStatus }, roleKey, status, joinedAt }
  })
  return { data: { viewer: { user, activeOrganization: organization, memberships } } }
})

const USER = `SELECT id, name, email, avatar_url AS "avatarUrl", created_at AS "createdAt" FROM users WHERE id = $1`
const ORGANIZATION = `
SELECT organization_id AS id, slug, name, description, logo_url AS "logoUrl", status, membership_mode AS "membershipMode",
  created_at AS "createdAt", version FROM organizations WHERE organization_id = $1`
const MEMBERSHIPS = `
SELECT c.organization_id AS id, c.slug, c.name, c.logo_url AS "logoUrl", c.status AS "organizationStatus",
  um.role_key AS "roleKey", um.status, um.joined_at AS "joinedAt"
FROM user_memberships um JOIN organization_cards c ON c.organization_id = um.organization_id
WHERE um.user_id = $1 ORDER BY c.name LIMIT 20`

server.post('/:organization/members', async (request, reply) => {
  const actor = await findActor(pool, request)
  if (!actor) return reply.code(401).send()
  const { after } = request.body as { after: [string, string] | null }
  const organization = await one(pool, 'organization-name', ORGANIZATION_NAME, [actor.organization_id])
  const { rows } = after
    ? await pool.query<Row>({
        name: 'members-after',
        text: membersPage(true),
        values: [actor.organization_id, ...after],
      })
    : await pool.query<Row>({ name: 'members', text: membersPage(false), values: [actor.organization_id] })
  const hasNextPage = rows.length > 50
  const nodes = rows.slice(0, 50).map((row) => {
    const { roleId, roleKey, roleName, userId, userName, userAvatarUrl, ...member } = row
    return {
      ...member,
      isAdmin: roleKey === 'admin',
      role: { id: roleId, key: roleKey, name: roleName },
      user: userId ? { id: userId, name: userName, avatarUrl: userAvatarUrl } : null,
    }
  })
  const last = nodes.at(-1) as { id: string; joinedAt: Date } | undefined
  const endCursor = last && Buffer.from(JSON.stringify([last.joinedAt, last.id])).toString('base64url')
  return { data: { organization: { ...organization, members: { nodes, pageInfo: { hasNextPage, endCursor } } } } }
})

const ORGANIZATION_NAME = `SELECT organization_id AS id, name FROM organizations WHERE organization_id = $1`

function membersPage(continues: boolean): string {
  return `
SELECT m.id, m.name, m.email, m.status, m.source, m.joined_at AS "joinedAt", m.last_active_at AS "lastActiveAt",
  r.id AS "roleId", r.key AS "roleKey", r.name AS "roleName", u.id AS "userId", u.name AS "userName", u.avatar_url AS "userAvatarUrl"
FROM members m
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
LEFT JOIN users u ON u.id = m.user_id
WHERE m.organization_id = $1 AND m.status <> 'REMOVED'
  ${continues ? `AND ((CASE WHEN m.joined_at IS NULL THEN 'infinity' ELSE m.joined_at END), m.id) < ($2::timestamptz, $3::uuid)` : ''}
ORDER BY (CASE WHEN m.joined_at IS NULL THEN 'infinity' ELSE m.joined_at END) DESC, m.id DESC LIMIT 51`
}

server.post('/:organization/invitations', async (request, reply) => {
  const { email } = request.body as { email: string }
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { organization: id } = request.params as { organization: string }
    const organization = await one(client, 'lock', LOCK, [id])
    const actor = await findActor(client, request)
    if (!actor || !organization || actor.role_key !== 'admin') {
      await client.query('ROLLBACK')
      return await reply.code(401).send()
    }
    const invitation = await invite(client, actor, organization, email)
    await client.query('COMMIT')
    const result = { email, outcome: 'SENT', invitation }
    return { data: { inviteMembers: { results: [result], userErrors: [] } } }
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
})

const LOCK = `
SELECT o.organization_id, o.name, o.invitation_lifetime_days, r.id AS role_id, r.name AS role_name FROM organizations o
JOIN roles r ON r.organization_id = o.organization_id AND r.scope = 'ORGANIZATION' AND r.key = 'member'
WHERE o.organization_id = $1 AND o.status = 'ACTIVE' FOR SHARE OF o`

async function invite(client: PoolClient, actor: Row, organization: Row, email: string): Promise<Row | undefined> {
  const id = organization.organization_id
  const memberId = newId()
  await one(client, 'insert-member', INSERT_MEMBER, [id, memberId, email, organization.role_id])
  const invitation = await one(client, 'insert-invitation', INSERT_INVITATION, [
    id,
    newId(),
    memberId,
    email,
    randomBytes(32),
    actor.user_id,
    actor.name,
    organization.invitation_lifetime_days,
  ])
  await one(client, 'insert-address', INSERT_ADDRESS, [
    email,
    id,
    invitation?.id,
    actor.name,
    organization.role_name,
    invitation?.expiresAt,
  ])
  const details = {
    actor: actor.name,
    targets: [{ type: 'Invitation', id: invitation?.id, label: email }],
    changes: [],
  }
  const digest = createHash('sha256').update(JSON.stringify(details)).digest()
  await one(client, 'insert-audit', INSERT_AUDIT, [
    id,
    newId(),
    actor.user_id,
    newId(),
    [invitation?.id],
    JSON.stringify(details),
    randomBytes(16),
    digest,
  ])
  const letter = { organizationName: organization.name, invitedByName: actor.name, roleName: organization.role_name }
  await one(client, 'insert-message', INSERT_MESSAGE, [id, newId(), email, JSON.stringify(letter), randomBytes(110)])
  await one(client, 'count', COUNT, [id])
  return invitation
}

const INSERT_MEMBER = `
WITH member AS (
  INSERT INTO members (organization_id, id, email, status, source, role_id) VALUES ($1, $2, $3, 'INVITED', 'INVITATION', $4)
)
INSERT INTO member_search_texts (organization_id, member_id, text) VALUES ($1, $2, lower(' ' || $3))`
const INSERT_INVITATION = `
INSERT INTO invitations (organization_id, id, member_id, email, organization_mode, token_hash, invited_by_id, invited_by_name, expires_at)
VALUES ($1, $2, $3, $4, 'INVITATION', $5, $6, $7, now() + make_interval(days => $8)) RETURNING id, status, expires_at AS "expiresAt"`
const INSERT_ADDRESS = `
INSERT INTO invitation_addresses (email, organization_id, invitation_id, invited_by_name, role_name, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)`
const INSERT_AUDIT = `
INSERT INTO audit_events (organization_id, id, action, actor_kind, actor_id, request_id, target_ids, details, salt, details_digest)
VALUES ($1, $2, 'invitation.sent', 'member', $3, $4, $5, $6, $7, $8)`
const INSERT_MESSAGE = `
INSERT INTO outbox_messages (organization_id, id, kind, destination, payload, sealed) VALUES ($1, $2, 'mail.invitation', $3, $4, $5)`
const COUNT = `UPDATE organization_counters SET invited = invited + 1 WHERE organization_id = $1`

bareChecks(server, pool)

async function stop(): Promise<void> {
  await server.close()
  await pool.end()
}

async function start(): Promise<void> {
  await server.listen({ host: '127.0.0.1', port: 0 })
  process.send?.({ port: (server.server.address() as AddressInfo).port })
  process.once('SIGTERM', () => void stop())
}

void start()
