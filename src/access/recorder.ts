import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '../kernel/errors'
import { newId } from '../kernel/ids'
import type { Sealer } from '../platform/crypto'
import { type Statement, type Transaction, violatedConstraint } from '../platform/database'
import { type Actor, actorLabel } from './actor'
import type { RequestFacts } from './caller'
import { canonicalJson } from './canonical-json'
import type { AuditEntry, CounterChanges, LockedOrganization, OutgoingMessage, WriteContext } from './context'

/** Audit rows and messages of what belongs to no organization stand under the nil UUID. */
export const INSTALLATION_ID = '00000000-0000-0000-0000-000000000000'

/** Gathers what a use case records and writes it as one statement just before the commit. */
export class Recorder implements WriteContext {
  readonly #audits: AuditEntry[] = []
  readonly #messages: OutgoingMessage[] = []
  readonly #counters = { joined: 0, invited: 0, suspended: 0, admins: 0, projects: 0 }
  readonly #last: { readonly statement: Statement; readonly values: readonly unknown[] }[] = []
  #mayBeAdminless = false

  constructor(
    readonly tx: Transaction,
    readonly actor: Actor,
    readonly request: RequestFacts,
    readonly locked: LockedOrganization | null,
    readonly organizationId: string,
    readonly sealer: Sealer,
  ) {}

  audit(entry: AuditEntry): void {
    this.#audits.push(entry)
  }

  send(message: OutgoingMessage): void {
    this.#messages.push(message)
  }

  count({ mayBeAdminless, ...changes }: CounterChanges): void {
    if (mayBeAdminless) this.#mayBeAdminless = true
    for (const [name, change] of Object.entries(changes)) this.#counters[name as keyof typeof changes] += change
  }

  last(statement: Statement, values: readonly unknown[]): void {
    this.#last.push({ statement, values })
  }

  /** True when the use case recorded a change. */
  get hasRecorded(): boolean {
    return this.#audits.length > 0
  }

  /** True when the use case sent a message. */
  get hasMessages(): boolean {
    return this.#messages.length > 0
  }

  /**
   * Writes counters, audit rows and messages in one statement, behind those that were to be last, in one trip.
   * @throws LAST_ADMIN, LIMIT_EXCEEDED  by the constraints on the counters, which have the last word
   */
  async flush(): Promise<void> {
    const { joined, invited, suspended, admins, projects } = this.#counters
    const values = [
      this.organizationId,
      joined,
      invited,
      suspended,
      admins,
      projects,
      JSON.stringify(this.#audits.map((entry) => this.#auditRow(entry))),
      JSON.stringify(this.#messages.map((message) => this.#messageRow(message))),
      this.#mayBeAdminless,
    ]
    const last = this.#last.map(({ statement, values }) => this.tx.execute(statement, values))
    const recorded = this.tx.execute(RECORD, values).catch((error: unknown) => {
      throw counterRefusal(violatedConstraint(error)) ?? error
    })
    await Promise.all([...last, recorded])
  }

  #auditRow(entry: AuditEntry) {
    const details = {
      actor: actorLabel(this.actor),
      targets: entry.targets,
      changes: entry.changes ?? [],
      ip: this.request.ip,
      userAgent: this.request.userAgent,
    }
    const salt = randomBytes(16)
    return {
      id: newId(),
      action: entry.action,
      actor_kind: this.actor.kind,
      actor_id: actorId(this.actor),
      request_id: this.request.id,
      target_ids: entry.targets.map((target) => target.id),
      details,
      salt: salt.toString('hex'),
      digest: detailsDigest(salt, details).toString('hex'),
    }
  }

  #messageRow(message: OutgoingMessage) {
    const id = newId()
    const sealed = message.secret && this.sealer.seal(message.secret, outboxSealContext(this.organizationId, id))
    return {
      id,
      kind: message.kind,
      destination: message.destination,
      payload: message.payload,
      sealed: sealed ? sealed.toString('hex') : null,
    }
  }
}

/** What an outbox secret is sealed against: it opens in its own row only. */
export function outboxSealContext(organizationId: string, messageId: string): string {
  return `outbox_messages/${organizationId}/${messageId}`
}

/** SHA-256 over salt and details: it stands in the hash chain in place of the personal data. */
export function detailsDigest(salt: Buffer, details: unknown): Buffer {
  return createHash('sha256').update(salt).update(canonicalJson(details)).digest()
}

function counterRefusal(constraint: string | null): AppError | null {
  if (constraint === 'organization_counters_keep_an_admin')
    return new AppError('LAST_ADMIN', 'No Admin would be left; make somebody else Admin first.')
  if (constraint === 'organization_counters_invitation_quota')
    return new AppError(
      'LIMIT_EXCEEDED',
      'Too many invitations are pending; revoke some, or ask the operator for a higher quota.',
    )
  return null
}

function actorId(actor: Actor): string | null {
  if (actor.kind === 'member' || actor.kind === 'account') return actor.userId
  if (actor.kind === 'key') return actor.keyId
  if (actor.kind === 'directory') return actor.directoryId
  if (actor.kind === 'setup') return actor.linkId
  return actor.kind === 'system' ? actor.name : null
}

const RECORD: Statement = {
  name: 'record-write',
  text: `
WITH audited AS (
  INSERT INTO audit_events (organization_id, id, action, actor_kind, actor_id, request_id, target_ids, details, salt, details_digest)
  SELECT $1, e.id, e.action, e.actor_kind, e.actor_id, e.request_id, e.target_ids, e.details, decode(e.salt, 'hex'), decode(e.digest, 'hex')
  FROM jsonb_to_recordset($7::jsonb) AS e(id uuid, action text, actor_kind text, actor_id text, request_id text,
                                          target_ids text[], details jsonb, salt text, digest text)
  RETURNING organization_id, id, target_ids
), findable AS (
  INSERT INTO audit_event_targets (organization_id, target_id, event_id)
  SELECT DISTINCT organization_id, target_id, id FROM audited CROSS JOIN unnest(target_ids) AS target_id
), sent AS (
  INSERT INTO outbox_messages (organization_id, id, kind, destination, payload, sealed)
  SELECT $1, m.id, m.kind, m.destination, m.payload, decode(m.sealed, 'hex')
  FROM jsonb_to_recordset($8::jsonb) AS m(id uuid, kind text, destination text, payload jsonb, sealed text)
)
UPDATE organization_counters
SET joined = joined + $2, invited = invited + $3, suspended = suspended + $4, admins = admins + $5, projects = projects + $6,
    adminless_since = CASE WHEN admins + $5 >= 1 THEN NULL WHEN $9::boolean THEN coalesce(adminless_since, now()) ELSE adminless_since END
WHERE organization_id = $1 AND ($2, $3, $4, $5, $6) <> (0, 0, 0, 0, 0)`,
}
