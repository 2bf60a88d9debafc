import { ScimClient, type ScimTarget } from './client'
import type { ScimRun } from './load'
import {
  addMembers,
  createGroup,
  createUser,
  findUser,
  getUser,
  type ScimRequest,
  type ScimUser,
  setActive,
} from './requests'

/** What is known of a server beforehand, and how to look behind its answers. */
export interface Background {
  /** Some of the users that it holds, spread over all. */
  readonly known: readonly ScimUser[]
  /** How many it holds: numbers from 0 on. */
  readonly stored: number
  readonly countMembers: (groupId: string) => Promise<number>
  /** Before users are deactivated: gives each of them something that must end with it. */
  readonly openSessions?: (users: readonly ScimUser[]) => Promise<void>
  /** After it. @throws Error when something of theirs still works */
  readonly assertEnded?: (users: readonly ScimUser[]) => Promise<void>
}

// More than any server creates in a slice.
const MOST_AT_ONCE = 6_000
const SAMPLE = 1_000
// So many that no two connections are at one group, or at one user, at the same time: one of the servers refuses that.
const GROUPS = 64

/** Members that one slice adds at the most, in requests of many. */
const MOST_ADDED = 4_000

/** Does to a SCIM server what identity providers do, and holds every answer against what it must be. */
export class Pusher {
  readonly #client: ScimClient
  readonly #background: Background
  readonly #users: ScimUser[]
  #stored: number
  #groups: readonly string[] = []
  #added = 0
  #groupsMade = 0

  constructor(target: ScimTarget, background: Background) {
    this.#client = new ScimClient(target)
    this.#background = background
    this.#users = [...background.known]
    this.#stored = background.stored
  }

  /** Users that the server holds. */
  get stored(): number {
    return this.#stored
  }

  /** Creates users for some time. */
  async create(milliseconds: number): Promise<ScimRun> {
    return this.#remember(await this.#client.sendFor(milliseconds, this.#newUsers(MOST_AT_ONCE)))
  }

  /** Creates what is missing until so many are stored. */
  async fill(users: number): Promise<void> {
    if (users > this.#stored) this.#remember(await this.#client.send(this.#newUsers(users - this.#stored)))
  }

  find(milliseconds: number): Promise<ScimRun> {
    return this.#client.repeatFor(milliseconds, this.#sample(SAMPLE).map(findUser))
  }

  get(milliseconds: number): Promise<ScimRun> {
    return this.#client.repeatFor(milliseconds, this.#sample(SAMPLE).map(getUser))
  }

  /** Deactivates users for some time; they are active again afterwards. */
  async deactivate(milliseconds: number): Promise<ScimRun> {
    const users = this.#sample(SAMPLE * 2)
    await this.#background.openSessions?.(users)
    const run = await this.#client.sendFor(
      milliseconds,
      users.map((user) => setActive(user, false)),
    )
    const deactivated = users.slice(0, run.answers)
    await this.#background.assertEnded?.(deactivated)
    await this.#client.send(deactivated.map((user) => setActive(user, true)))
    return run
  }

  /** Adds one member per request to one of some groups, which are small to begin with. */
  async addOne(milliseconds: number): Promise<ScimRun> {
    if (this.#groups.length === 0) this.#groups = await this.#newGroups(GROUPS)
    const additions: ScimRequest[] = []
    for (let n = this.#added; additions.length < MOST_AT_ONCE; n += 1) {
      const pass = Math.floor(n / this.#users.length)
      additions.push(addMembers(this.#groups[(n + pass) % GROUPS]!, [this.#users[n % this.#users.length]!]))
    }
    const run = await this.#client.sendFor(milliseconds, additions)
    this.#added += run.answers
    await this.#assertMembers(this.#groups, this.#added)
    return run
  }

  /** Adds `size` members per request to a new group, one request after the other. */
  async addMany(size: number, milliseconds: number): Promise<ScimRun> {
    const groups = await this.#newGroups(Math.ceil(MOST_ADDED / size))
    const members = this.#users.slice(0, size)
    const requests = groups.map((group) => addMembers(group, members))
    const run = await this.#client.sendFor(milliseconds, requests, 1)
    await this.#assertMembers(groups, run.answers * size)
    return run
  }

  /** Fetches every user, page by page, or so many pages: once, or again and again for some time. `answers` are users. */
  async walk(by: 'index' | 'cursor', pageSize: number, pages?: number, milliseconds?: number): Promise<ScimRun> {
    const run = await this.#client.walk(by, pageSize, this.#stored, pages, milliseconds)
    const users = Math.min(this.#stored, pageSize * (pages ?? Number.POSITIVE_INFINITY))
    return { ...run, answers: (run.answers / Math.ceil(users / pageSize)) * users }
  }

  stop(): Promise<void> {
    return this.#client.stop()
  }

  #newUsers(count: number): ScimRequest[] {
    return Array.from({ length: count }, (_, index) => createUser(this.#stored + index))
  }

  #remember(run: ScimRun): ScimRun {
    for (const id of run.ids) {
      this.#users.push({ n: this.#stored, id })
      this.#stored += 1
    }
    return run
  }

  /** Some of the known users, evenly. */
  #sample(count: number): ScimUser[] {
    const size = Math.min(count, this.#users.length)
    return Array.from({ length: size }, (_, index) => this.#users[Math.floor((index * this.#users.length) / size)]!)
  }

  async #newGroups(count: number): Promise<readonly string[]> {
    const first = this.#groupsMade
    this.#groupsMade += count
    const requests = Array.from({ length: count }, (_, index) => createGroup(`Group ${first + index}`))
    return (await this.#client.send(requests, 1)).ids
  }

  async #assertMembers(groups: readonly string[], expected: number): Promise<void> {
    let members = 0
    for (const group of groups) members += await this.#background.countMembers(group)
    if (members !== expected) throw new Error(`There are ${members} members in the groups, not ${expected}`)
  }
}
