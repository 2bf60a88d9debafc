import { hash } from 'node:crypto'
import { AppError } from '../kernel/errors'
import { newId } from '../kernel/ids'
import { randomOctets } from '../kernel/random-octets'
import type { Sealer } from '../platform/crypto'
import { LANE, type Statement, type Transaction, violatedConstraint } from '../platform/database'
import { type Actor, actorLabel } from './actor'
import type { RequestFacts } from './caller'
import { canonicalJson } from './canonical-json'
import type { AuditEntry, CounterChanges, LockedOrganization, OutgoingMessage, WriteContext } from './context'

/** Audit rows and messages of what belongs to no organization stand under the nil UUID. */
export const INSTALLATION_ID = '00000000-0000-0000-0000-000000000000'

/** A row of `audit_events`, as its statement reads it; the binary columns in hex. */
interface AuditRow {
  readonly id: string
  readonly action: string
  readonly actor_kind: Actor['kind']
  readonly actor_id: string | null
  readonly request_id: string
  readonly target_ids: readonly string[]
  readonly details: object
  readonly salt: string
  readonly digest: string
}

/** Gathers what a use case records and writes it as one statement just before the commit. */
export class Recorder implements WriteContext {
  readonly #audits: AuditRow[] = []
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
    this.#audits.push(this.#auditRow(entry))
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

  /** Takes over what another write has recorded in the same transaction, so that both are written as one. @returns itself */
  takeOver(other: Recorder): this {
    this.#audits.push(...other.#audits)
    this.#messages.push(...other.#messages)
    this.#last.push(...other.#last)
    this.count(other.#counters)
    this.#mayBeAdminless ||= other.#mayBeAdminless
    return this
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
    const last = this.#last.map(({ statement, values }) => this.tx.execute(statement, values))
    await Promise.all([...last, this.#hasToRecord() ? this.#record().catch(refuseByCounter) : null])
  }

  /** What is not audited often leaves nothing to record. */
  #hasToRecord(): boolean {
    if (this.#audits.length > 0 || this.#messages.length > 0) return true
    return Object.values(this.#counters).some((change) => change !== 0)
  }

  #record(): Promise<number> {
    const { joined, invited, suspended, admins, projects } = this.#counters
    const isBounded = Boolean(invited || admins || projects)
    const counting = isBounded ? 'bounded' : joined || suspended ? 'people' : 'nothing'
    const counted = {
      nothing: [],
      people: [joined, suspended],
      bounded: [joined, suspended, invited, admins, projects, this.#mayBeAdminless],
    }
    return this.tx.execute(RECORD[counting][this.hasMessages ? 'told' : 'silent'], [
      this.organizationId,
      JSON.stringify(this.#audits),
      ...counted[counting],
      ...(this.hasMessages ? [JSON.stringify(this.#messages.map((message) => this.#messageRow(message)))] : []),
    ])
  }

  #auditRow(entry: AuditEntry): AuditRow {
    const details = {
      actor: actorLabel(this.actor),
      targets: entry.targets,
      changes: entry.changes ?? [],
      ip: this.request.ip,
      userAgent: this.request.userAgent,
    }
    const salt = randomOctets(16)
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
  return hash('sha256', Buffer.concat([salt, Buffer.from(canonicalJson(details))]), 'buffer')
}

/** @throws LAST_ADMIN, LIMIT_EXCEEDED  for those constraints; whatever else it was as it is */
function refuseByCounter(error: unknown): never {
  const constraint = violatedConstraint(error)
  if (constraint === 'organization_counters_keep_an_admin')
    throw new AppError('LAST_ADMIN', 'No Admin would be left; make somebody else Admin first.')
  if (constraint === 'organization_counters_invitation_quota')
    throw new AppError(
      'LIMIT_EXCEEDED',
      'Too many invitations are pending; revoke some, or ask the operator for a higher quota.',
    )
  throw error
}

function actorId(actor: Actor): string | null {
  if (actor.kind === 'member' || actor.kind === 'account') return actor.userId
  if (actor.kind === 'key') return actor.keyId
  if (actor.kind === 'directory') return actor.directoryId
  if (actor.kind === 'setup') return actor.linkId
  return actor.kind === 'system' ? actor.name : null
}

const AUDITED = `
audited AS (
  INSERT INTO audit_events (organization_id, id, action, actor_kind, actor_id, request_id, target_ids, details, salt, details_digest)
  SELECT $1, e.id, e.action, e.actor_kind, e.actor_id, e.request_id, e.target_ids, e.details, decode(e.salt, 'hex'), decode(e.digest, 'hex')
  FROM jsonb_to_recordset($2::jsonb) AS e(id uuid, action text, actor_kind text, actor_id text, request_id text,
                                          target_ids text[], details jsonb, salt text, digest text)
  RETURNING organization_id, id, target_ids
), findable AS (
  INSERT INTO audit_event_targets (organization_id, target_id, event_id)
  SELECT DISTINCT organization_id, target_id, id FROM audited CROSS JOIN unnest(target_ids) AS target_id
)`

const sent = (messages: string): string => `
sent AS (
  INSERT INTO outbox_messages (organization_id, id, kind, destination, payload, sealed)
  SELECT $1, m.id, m.kind, m.destination, m.payload, decode(m.sealed, 'hex')
  FROM jsonb_to_recordset(${messages}::jsonb) AS m(id uuid, kind text, destination text, payload jsonb, sealed text)
)`

/** People come or go, and nothing that a constraint bounds: the connection's own lane takes it. */
const COUNT_PEOPLE = `
INSERT INTO organization_counter_lanes AS l (organization_id, lane, joined, suspended)
VALUES ($1, ${LANE}, $3, $4)
ON CONFLICT (organization_id, lane)
DO UPDATE SET joined = l.joined + excluded.joined, suspended = l.suspended + excluded.suspended`

/** All writers of what is bounded meet at one row, which refuses what is beyond. */
const COUNT_BOUNDED = `
UPDATE organization_counters
SET joined = joined + $3, suspended = suspended + $4, invited = invited + $5, admins = admins + $6, projects = projects + $7,
    adminless_since = CASE WHEN admins + $6 >= 1 THEN NULL WHEN $8::boolean THEN coalesce(adminless_since, now()) ELSE adminless_since END
WHERE organization_id = $1`

// A part of a statement that finds nothing to do has opened its table and indexes for it, so each has what it needs alone.
const RECORD = {
  nothing: recording('record-write', 'SELECT', '$3'),
  people: recording('record-write-of-people', COUNT_PEOPLE, '$5'),
  bounded: recording('record-write-with-bounds', COUNT_BOUNDED, '$9'),
}

function recording(name: string, count: string, messages: string): { silent: Statement; told: Statement } {
  return {
    silent: { name, text: `WITH ${AUDITED} ${count}` },
    told: { name: `${name}-and-messages`, text: `WITH ${AUDITED}, ${sent(messages)} ${count}` },
  }
}
