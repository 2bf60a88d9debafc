import { type AuditEntry, readUseCase, writeUseCase } from '../../access'
import { type Statement, storableJson, type Transaction } from '../../platform/database'

/** One answered request as the log keeps it. Ids are UUIDs; null for what is not known. */
export interface ScimRequestEntry {
  readonly id: string
  readonly directoryId: string
  readonly at: Date
  readonly requestId: string
  readonly tokenId: string | null
  readonly tokenPreview: string | null
  readonly method: string
  /** Below the base URL, with the query, at most 2,000 characters. */
  readonly path: string
  readonly status: number
  readonly outcome: string
  readonly scimType: string | null
  readonly detail: string | null
  readonly durationMs: number
  readonly resourceType: 'USER' | 'GROUP' | 'OTHER'
  readonly directoryUserId: string | null
  readonly directoryGroupId: string | null
  readonly memberId: string | null
  readonly isDryRun: boolean
  readonly changes: readonly Pick<AuditEntry, 'action' | 'targets'>[]
  /** Masked; at most 16 KiB of JSON text each. */
  readonly requestBody: string | null
  readonly responseBody: string | null
  readonly userAgent: string | null
  readonly ip: string | null
}

/**
 * Writes what the directories of one organization asked and were answered, and notes that they and their tokens are in
 * use. Called by the process that answered, behind its answers; entries of directories that are gone are left out.
 */
export const recordScimRequests = writeUseCase({
  name: 'recordScimRequests',
  requires: 'operator',
  organization: (input: { organizationId: string; entries: readonly ScimRequestEntry[] }) => input.organizationId,
  locks: 'none',
  // It records what was audited where it happened.
  unaudited: true,
  async run({ tx }, { organizationId, entries }): Promise<void> {
    await tx.execute(INSERT_REQUESTS, [organizationId, storableJson(`[${entries.map(jsonOf).join(',')}]`)])
    await markUsed(tx, organizationId, entries)
  },
})

/** The organization of a directory, from anywhere: for requests that have not proven who they are. */
export const locateDirectory = readUseCase({
  name: 'locateDirectory',
  requires: 'anyone',
  organization: () => null,
  async run({ tx }, { directoryId }: { directoryId: string }): Promise<string | null> {
    const [row] = await tx.query<{ organizationId: string }>(LOCATE_DIRECTORY, [directoryId])
    return row?.organizationId ?? null
  },
})

/** Bodies are JSON already, and most of what there is. */
function jsonOf({ requestBody, responseBody, ...rest }: ScimRequestEntry): string {
  return `${JSON.stringify(rest).slice(0, -1)},"requestBody":${requestBody},"responseBody":${responseBody}}`
}

async function markUsed(tx: Transaction, organizationId: string, entries: readonly ScimRequestEntry[]): Promise<void> {
  const proven = entries.filter(({ tokenId }) => tokenId !== null)
  const latest = new Map(proven.map((entry) => [entry.tokenId, entry]))
  for (const { directoryId, tokenId, at, ip } of latest.values()) {
    await tx.execute(MARK_TOKEN_USED, [organizationId, tokenId, at, ip])
    await tx.execute(MARK_DIRECTORY_USED, [organizationId, directoryId, at])
  }
}

const INSERT_REQUESTS: Statement = {
  name: 'insert-scim-requests',
  text: `
INSERT INTO scim_requests (organization_id, id, directory_id, at, request_id, token_id, token_preview, method, path, status,
  outcome, scim_type, detail, duration_ms, resource_type, directory_user_id, directory_group_id, member_id, is_dry_run, changes,
  request_body, response_body, user_agent, ip)
SELECT $1, r.id, r."directoryId", r.at, r."requestId", r."tokenId", coalesce(r."tokenPreview", t.preview), r.method, r.path,
  r.status, r.outcome, r."scimType", r.detail, r."durationMs", r."resourceType", r."directoryUserId", r."directoryGroupId",
  r."memberId", r."isDryRun", r.changes, r."requestBody", r."responseBody", r."userAgent", r.ip
FROM json_to_recordset($2::json) AS r(id uuid, "directoryId" uuid, at timestamptz, "requestId" text, "tokenId" uuid,
  "tokenPreview" text, method text, path text, status integer, outcome text, "scimType" text, detail text, "durationMs" integer,
  "resourceType" text, "directoryUserId" uuid, "directoryGroupId" uuid, "memberId" uuid, "isDryRun" boolean, changes json,
  "requestBody" json, "responseBody" json, "userAgent" text, ip text)
JOIN directories d ON d.organization_id = $1 AND d.id = r."directoryId"
LEFT JOIN scim_tokens t ON t.organization_id = $1 AND t.id = r."tokenId"`,
}

const MARK_TOKEN_USED: Statement = {
  name: 'mark-scim-token-used',
  text: `
UPDATE scim_tokens SET last_used_at = $3, last_used_ip = $4
WHERE organization_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $3::timestamptz - interval '10 seconds')`,
}

const MARK_DIRECTORY_USED: Statement = {
  name: 'mark-directory-used',
  text: `
UPDATE directories SET last_request_at = $3, status = CASE status WHEN 'WAITING' THEN 'ACTIVE' ELSE status END
WHERE organization_id = $1 AND id = $2
  AND (status = 'WAITING' OR last_request_at IS NULL OR last_request_at < $3::timestamptz - interval '10 seconds')`,
}

const LOCATE_DIRECTORY: Statement = {
  name: 'locate-directory',
  text: 'SELECT organization_id AS "organizationId" FROM directory_lookups WHERE directory_id = $1',
}
