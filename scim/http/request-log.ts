import { anonymousCaller, Operation, type Spine, systemCaller } from '../../src/access'
import { newId } from '../../src/kernel/ids'
import { locateDirectory, recordScimRequests, type ScimRequestEntry } from '../../src/modules/directories'

/** An entry, and the organization where it is proven; null: it is looked up by the directory. */
export interface LoggedRequest {
  readonly organizationId: string | null
  /** Holds on to nothing of the request. */
  readonly entry: ScimRequestEntry
}

const PAUSE_MILLISECONDS = 200
const BATCH = 200
/** What waits at most; the database is away or too slow for more, and the answers matter more than their log. */
const MOST_WAITING = 5_000
/** Requests without a valid token that are kept per directory and minute: anybody can send them. */
const UNPROVEN_PER_MINUTE = 60

/** Writes the request log behind the answers, in batches. A crash loses what waits here, and no change. */
export class RequestLog {
  #waiting: LoggedRequest[] = []
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()
  #unproven = new Map<string, number>()
  #minute = 0

  constructor(
    private readonly spine: Spine,
    private readonly logError: (error: unknown, what: string) => void,
  ) {}

  add(request: LoggedRequest): void {
    if (this.#waiting.length >= MOST_WAITING) return
    this.#waiting.push(request)
    this.#timer ??= setTimeout(() => void this.flush(), PAUSE_MILLISECONDS)
  }

  /** Whether one more request without a valid token is worth keeping. */
  admitsUnproven(directoryId: string): boolean {
    const minute = Math.floor(Date.now() / 60_000)
    if (minute !== this.#minute) this.#unproven = new Map()
    this.#minute = minute
    const count = (this.#unproven.get(directoryId) ?? 0) + 1
    this.#unproven.set(directoryId, count)
    return count <= UNPROVEN_PER_MINUTE
  }

  /** Writes everything that waits now; what comes meanwhile waits for its own pause. Never throws. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#writing = this.#writing.then(() => this.#writeAll())
    return this.#writing
  }

  async #writeAll(): Promise<void> {
    // Whoever went on with what has come meanwhile would write little at a time, a commit each, for as long as there is load.
    for (let left = this.#waiting.length; left > 0; left -= BATCH) {
      const batch = this.#waiting.splice(0, Math.min(left, BATCH))
      try {
        for (const [organizationId, entries] of await this.#byOrganization(batch))
          await this.#write(organizationId, entries)
      } catch (error) {
        this.logError(error, 'scim request log')
      }
    }
  }

  async #byOrganization(batch: readonly LoggedRequest[]): Promise<ReadonlyMap<string, ScimRequestEntry[]>> {
    const groups = new Map<string, ScimRequestEntry[]>()
    for (const { organizationId, entry } of batch) {
      const owner = organizationId ?? (await this.#organizationOf(entry.directoryId))
      if (!owner) continue
      const group = groups.get(owner)
      if (group) group.push(entry)
      else groups.set(owner, [entry])
    }
    return groups
  }

  async #organizationOf(directoryId: string): Promise<string | null> {
    const facts = { id: `job_${newId()}`, ip: null, userAgent: null }
    return inOperation(new Operation(this.spine, anonymousCaller(facts)), (operation) =>
      operation.execute(locateDirectory, { directoryId }),
    )
  }

  async #write(organizationId: string, entries: readonly ScimRequestEntry[]): Promise<void> {
    await inOperation(new Operation(this.spine, systemCaller('scim-log', organizationId)), (operation) =>
      operation.execute(recordScimRequests, { organizationId, entries }),
    )
  }
}

async function inOperation<T>(operation: Operation, work: (operation: Operation) => Promise<T>): Promise<T> {
  try {
    return await work(operation)
  } finally {
    await operation.close()
  }
}
