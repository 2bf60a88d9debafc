import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Pool } from 'pg'

interface Check {
  readonly subject: { readonly id: string }
  readonly action: { readonly name: string }
  readonly resource: { readonly id: string }
  readonly evaluations?: readonly Pick<Check, 'action'>[]
}

interface Row {
  readonly role_key: string
  readonly role_id: string
  readonly role_name: string
  readonly is_default: boolean
}

/**
 * Checks as one would write them by hand where there are two roles and nothing else: one SELECT by the hash of the key.
 * No teams, no grants, no custom roles, no limits of keys, no permissions of the platform; whoever asks is believed.
 */
export function bareChecks(server: FastifyInstance, pool: Pool): void {
  server.post('/:organization/check', async (request, reply) => {
    const check = request.body as Check
    const row = await find(pool, request, check)
    return row ? decide(row, check.action.name) : refuse(reply)
  })
  server.post('/:organization/checks', async (request, reply) => {
    const checks = request.body as Check
    const row = await find(pool, request, checks)
    return row ? { evaluations: checks.evaluations!.map(({ action }) => decide(row, action.name)) } : refuse(reply)
  })
}

async function find(pool: Pool, request: FastifyRequest, { subject, resource }: Check): Promise<Row | undefined> {
  const { organization } = request.params as { organization: string }
  const hash = createHash('sha256').update(subject.id).digest()
  return (await pool.query<Row>({ name: 'check', text: CHECK, values: [organization, hash, resource.id] })).rows[0]
}

const CHECK = `
SELECT r.key AS role_key, r.id AS role_id, r.name AS role_name, p.is_default
FROM api_keys k
JOIN members m ON m.organization_id = k.organization_id AND m.id = k.member_id
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
JOIN projects p ON p.organization_id = k.organization_id AND p.id = $3
WHERE k.organization_id = $1 AND k.token_hash = $2 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
  AND m.status = 'JOINED' AND m.epoch = k.member_epoch`

const MEMBER: ReadonlySet<string> = new Set(['organization.read', 'member.read', 'project.read'])

function decide({ role_key, role_id, role_name, is_default }: Row, permission: string): object {
  const decision = role_key === 'admin' || (is_default && MEMBER.has(permission))
  const reason = decision ? { kind: 'ROLE', role: { id: role_id, name: role_name } } : { kind: 'MISSING_PERMISSION' }
  return { decision, context: { reasons: [reason] } }
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply.code(401).send()
}
