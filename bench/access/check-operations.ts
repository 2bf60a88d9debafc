import type { Client } from 'pg'
import { newId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import type { LoadRequest, Operation } from '../operations'
import { SERVICE_KEY } from '../product'

const KEYS = 500
const BATCH = 100

/** A key of a member, with a project that the member is in. */
interface LoadKey {
  readonly organizationId: string
  readonly projectId: string
  readonly token: string
}

/** A service asks whether the key it was sent may see a project. */
export async function singleCheck(client: Client): Promise<Operation> {
  const keys = await makeKeys(client)
  const body = ({ token }: LoadKey, project: string) => ({
    subject: { type: 'token', id: token },
    action: { name: 'project.read' },
    resource: { type: 'project', id: project },
  })
  return {
    name: 'check',
    product: keys.map((key) => asService('/access/v1/evaluation', body(key, toTypeId('Project', key.projectId)))),
    bare: keys.map((key) => asService(`/${key.organizationId}/check`, body(key, key.projectId))),
  }
}

/** A service asks 100 questions about one key, as a list page would for its rows. */
export async function batchOfChecks(client: Client): Promise<Operation> {
  const keys = await makeKeys(client)
  const permissions = ['project.read', 'project.update', 'member.read', 'member.remove']
  const body = ({ token }: LoadKey, project: string) => ({
    subject: { type: 'token', id: token },
    resource: { type: 'project', id: project },
    evaluations: Array.from({ length: BATCH }, (_, n) => ({ action: { name: permissions[n % permissions.length] } })),
  })
  return {
    name: 'checks',
    product: keys.map((key) => asService('/access/v1/evaluations', body(key, toTypeId('Project', key.projectId)))),
    bare: keys.map((key) => asService(`/${key.organizationId}/checks`, body(key, key.projectId))),
  }
}

function asService(path: string, body: object): LoadRequest {
  const headers = {
    authorization: `Bearer ${SERVICE_KEY}`,
    'content-type': 'application/json',
    accept: 'application/json',
  }
  return { path, headers, body: JSON.stringify(body) }
}

/** Personal keys of plain members in as many random organizations, in use as far as anybody can tell. */
async function makeKeys(client: Client): Promise<LoadKey[]> {
  const { rows } = await client.query<{
    organization_id: string
    member_id: string
    epoch: number
    project_id: string
  }>(MEMBERS, [KEYS])
  const keys = rows.map((row) => ({ ...row, ...makeToken('apiKey', row.organization_id) }))
  await client.query(INSERT, [
    JSON.stringify(
      keys.map(({ organization_id, member_id, epoch, hash }) => ({
        organization_id,
        member_id,
        epoch,
        id: newId(),
        hash: hash.toString('hex'),
      })),
    ),
  ])
  return keys.map(({ organization_id, project_id, token }) => ({
    organizationId: organization_id,
    projectId: project_id,
    token,
  }))
}

const MEMBERS = `
WITH chosen AS (SELECT organization_id FROM organization_counters ORDER BY random() LIMIT $1)
SELECT c.organization_id, m.id AS member_id, m.epoch, p.id AS project_id FROM chosen c
CROSS JOIN LATERAL (
  SELECT m.id, m.epoch FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
  WHERE m.organization_id = c.organization_id AND m.status = 'JOINED' AND r.key = 'member' LIMIT 1) m
JOIN projects p ON p.organization_id = c.organization_id AND p.is_default`

const INSERT = `
INSERT INTO api_keys (organization_id, id, token_hash, preview, name, owner_kind, member_id, member_epoch, created_by_name, last_used_at)
SELECT k.organization_id, k.id, decode(k.hash, 'hex'), 'gak_…', 'Load', 'MEMBER', k.member_id, k.epoch, 'Ada', now()
FROM jsonb_to_recordset($1::jsonb) AS k(organization_id uuid, id uuid, hash text, member_id uuid, epoch integer)`
