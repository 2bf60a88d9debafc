import { accountOf } from '../account'
import type { Company } from '../company'
import { ScimClient } from './scim-client'
import { type PushedGroup, type PushedPerson, SCIM_STYLES, type ScimStyle } from './scim-styles'

/** How far a burst has come. */
export type Burst = { total: number; done: number; failed: number }

const BURST_SIZE = 1_000
// As many as an identity provider has on their way to one application.
const AT_ONCE = 8

/** What a company's provider pushes to a directory: its picture of people and groups, and the requests that keep it true there. */
export class ScimPusher {
  readonly client = new ScimClient()
  readonly people: PushedPerson[]
  readonly groups: PushedGroup[]
  style: ScimStyle = SCIM_STYLES[0]!
  burst: Burst | null = null

  constructor(company: Company) {
    this.people = company.people.map((person) => ({
      externalId: accountOf(person).subject,
      userName: person.email,
      name: person.name,
      active: true,
      group: person.groups?.[0] ?? null,
      id: null,
    }))
    const names = new Set(this.people.flatMap(({ group }) => group ?? []))
    this.groups = [...names].sort().map((name) => ({ name, id: null }))
  }

  /** Whether a burst is on its way; nothing else is pushed meanwhile. */
  get isBusy(): boolean {
    return this.burst !== null && this.burst.done + this.burst.failed < this.burst.total
  }

  /** Points to another directory: what was pushed is forgotten here, and found again there. */
  connect(baseUrl: string, token: string): void {
    if (baseUrl !== this.client.baseUrl) for (const one of [...this.people, ...this.groups]) one.id = null
    this.client.baseUrl = baseUrl
    if (token) this.client.token = token
  }

  /** Pushes everybody and every group that is not there yet, then who is in which group. */
  async pushAll(): Promise<void> {
    for (const person of this.people) await this.#ensurePerson(person)
    for (const group of this.groups) await this.#fill(group)
  }

  /** Activates or deactivates somebody. */
  async setActive(person: PushedPerson, active: boolean): Promise<void> {
    person.active = active
    await this.#pushPerson(person)
  }

  /** Gives somebody another name. */
  async rename(person: PushedPerson, name: string): Promise<void> {
    person.name = name
    await this.#pushPerson(person)
  }

  /** Takes somebody out of their group and puts them into another one. */
  async move(person: PushedPerson, to: string | null): Promise<void> {
    const from = person.group
    person.group = to
    if (!(await this.#ensurePerson(person)) || from === to) return
    for (const group of this.groups) {
      if (group.name === from) await this.#changeMembers(group, { add: [], remove: [person.id!] })
      if (group.name === to) await this.#changeMembers(group, { add: [person.id!], remove: [] })
    }
  }

  /** Creates a thousand people, eight at a time. Goes on behind the answer; `burst` says how far it is. */
  startBurst(domain: string): void {
    if (this.isBusy) return
    const burst: Burst = { total: BURST_SIZE, done: 0, failed: 0 }
    this.burst = burst
    const mark = Date.now().toString(36)
    let next = 0
    const work = async (): Promise<void> => {
      while (next < burst.total) {
        next += 1
        const userName = `burst.${mark}.${next}@${domain}`
        const person = {
          externalId: `${mark}-${next}`,
          userName,
          name: `Burst ${next}`,
          active: true,
          group: null,
          id: null,
        }
        const { status } = await this.client.send(this.style, this.style.createUser(person), true)
        burst[status === 201 ? 'done' : 'failed'] += 1
      }
    }
    for (let worker = 0; worker < AT_ONCE; worker += 1) void work()
  }

  async #pushPerson(person: PushedPerson): Promise<void> {
    if (!(await this.#ensurePerson(person))) return
    const read = { method: 'GET', path: `/Users/${person.id}` }
    const stored = await this.client.send(this.style, read, true)
    await this.client.send(this.style, this.style.changeUser(person, stored.body))
  }

  /** Looks for somebody in the directory and creates them where they are missing, as vendors do. */
  async #ensurePerson(person: PushedPerson): Promise<boolean> {
    person.id ??= await this.#ensure(this.style.findUser(person), this.style.createUser(person))
    return person.id !== null
  }

  async #fill(group: PushedGroup): Promise<void> {
    const inside = this.people.flatMap(({ id, group: name }) => (name === group.name && id ? [id] : []))
    await this.#changeMembers(group, { add: inside, remove: [] })
  }

  async #changeMembers(group: PushedGroup, change: { add: string[]; remove: string[] }): Promise<void> {
    group.id ??= await this.#ensure(this.style.findGroup(group), this.style.createGroup(group))
    if (!group.id) return
    const everybody = this.people.flatMap(({ id, group: name }) => (name === group.name && id ? [id] : []))
    await this.client.send(this.style, this.style.changeMembers(group, change, everybody))
  }

  async #ensure(find: Parameters<ScimClient['send']>[1], create: Parameters<ScimClient['send']>[1]) {
    const found = await this.client.send(this.style, find)
    if (found.status !== 200) return null
    const [first] = (found.body.Resources ?? []) as { id: string }[]
    if (first) return first.id
    const created = await this.client.send(this.style, create)
    return created.status === 201 ? String(created.body.id) : null
  }
}
