import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '../../src/platform/database/migrate'
import { APP_ROLE, createDatabase, DATABASE_ROLES_SQL, OWNER_ROLE } from '../../src/platform/database-roles'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres'
import { type BuiltGatehouse, buildOnce, freePort, spawnGatehouse } from '../support/built-gatehouse'
import { COUNTERS } from '../support/counters'
import { GraphQLClient } from '../support/graphql-client'
import { newGroup, pushTo, type ScimAnswer, type ScimClient, type TestDirectory } from '../support/scim'
import { rounds } from '../support/soak'
import { openSuperuser, type SuperuserConnection } from '../support/superuser'

/*
 * An identity provider pushes everybody, eight at a time, while the process and its database are killed one after the
 * other. It does what Okta and Entra do: what was not answered is tried again from the look-up on, what was answered is
 * not sent again. So whatever had been answered and was lost would be missing in the end.
 */

const PEOPLE = rounds(500, 10_000)
const GROUPS = 20
const CALLERS = 8
const PATIENCE_MILLISECONDS = 100

type Victim = 'gatehouse' | 'postgres' | 'both'
/** Who is killed, each after an equal part of the people. */
const KILLS: readonly Victim[] = Array.from(
  { length: rounds(2, 12) },
  (_, kill) => (['gatehouse', 'postgres', 'both'] as const)[kill % 3]!,
)

describe(`kill -9 of the process and of PostgreSQL during a sync of ${PEOPLE} people`, () => {
  let folder: string
  let settings: Record<string, string>
  let postgres: EmbeddedPostgres
  let gatehouse: BuiltGatehouse
  let directory: TestDirectory
  let groups: string[]

  beforeAll(async () => {
    await buildOnce()
    folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-sync-'))
    await startPostgres()
    const superuserUrl = postgres.url('postgres', 'postgres')
    await withSuperuser('postgres', (superuser) => superuser.rows(DATABASE_ROLES_SQL))
    await createDatabase(superuserUrl, 'gatehouse')
    await migrate(postgres.url(OWNER_ROLE, 'gatehouse'))
    settings = {
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      // The same after each start, as behind a proxy.
      PORT: String(await freePort()),
      DATABASE_URL: postgres.url(APP_ROLE, 'gatehouse'),
      GATEHOUSE_SCIM_RATE_LIMIT: '100000',
    }
    await startGatehouse()
    directory = await withSuperuser('gatehouse', (superuser) => {
      const client = (token?: string) => new GraphQLClient(`${gatehouse.url}/graphql`, token)
      return pushTo({ superuser, client, url: gatehouse.url })
    })
    groups = []
    for (let number = 0; number < GROUPS; number += 1)
      groups.push((await directory.scim.post('/Groups', newGroup())).body.id)
  }, 180_000)
  afterAll(async () => {
    gatehouse?.process.kill('SIGTERM')
    await gatehouse?.ended()
    await postgres?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function startPostgres(): Promise<void> {
    postgres = await startEmbeddedPostgres({ directory: path.join(folder, 'postgres') })
  }

  async function startGatehouse(): Promise<void> {
    gatehouse = await spawnGatehouse(settings)
    await gatehouse.ready()
  }

  async function withSuperuser<T>(database: string, work: (superuser: SuperuserConnection) => Promise<T>): Promise<T> {
    const superuser = await openSuperuser(postgres.url('postgres', database))
    try {
      return await work(superuser)
    } finally {
      await superuser.close()
    }
  }

  /** Kills, and starts again what is gone: nobody restarts what lives on, which has to find its database by itself. */
  async function kill(victim: Victim): Promise<void> {
    if (victim !== 'gatehouse') process.kill(postgres.pid, 'SIGKILL')
    if (victim !== 'postgres') gatehouse.process.kill('SIGKILL')
    if (victim !== 'postgres') await gatehouse.ended()
    if (victim !== 'gatehouse') await startPostgres()
    if (victim !== 'postgres') await startGatehouse()
  }

  it('ends with everybody as they were sent, once, and with every change that was answered', async () => {
    const people = Array.from({ length: PEOPLE }, (_, number) => new PushedPerson(number, groups[number % GROUPS]!))
    const waiting = [...people]
    const kills: Promise<void>[] = []
    let done = 0
    const caller = async (): Promise<void> => {
      for (let person = waiting.shift(); person; person = waiting.shift()) {
        await person.push(directory.scim)
        done += 1
        const isTime = done >= ((kills.length + 1) * PEOPLE) / (KILLS.length + 1) && kills.length < KILLS.length
        // In the middle of what the other callers wait for; one after the other.
        if (isTime) kills.push((kills.at(-1) ?? Promise.resolve()).then(() => kill(KILLS[kills.length - 1]!)))
      }
    }
    const called = await Promise.allSettled(Array.from({ length: CALLERS }, caller))
    await Promise.all(kills)
    expect(called.filter(({ status }) => status === 'rejected')).toEqual([])
    expect(kills).toHaveLength(KILLS.length)
    expect(people.reduce((sum, { retries }) => sum + retries, 0)).toBeGreaterThan(0)

    const stored = await everybody()
    expect(stored).toHaveLength(PEOPLE)
    const byName = new Map(stored.map((resource) => [resource.userName, resource]))
    for (const person of people) expect(byName.get(person.userName)).toEqual(person.expected())
    await expectCounted()
  }, 1_800_000)

  /** Everybody, page by page. */
  async function everybody(): Promise<Shown[]> {
    const found: Shown[] = []
    const attributes = 'userName,externalId,title,active,groups'
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body }: ScimAnswer = await directory.scim.get(
        `/Users?attributes=${attributes}&count=500&cursor=${cursor}`,
      )
      for (const { id, userName, externalId, title, active, groups: [group] = [] } of body.Resources)
        found.push({ id, userName, externalId, title, active, group: group?.value })
      cursor = body.nextCursor
    }
    return found
  }

  /** Nobody is there twice under another name, and every number says what there is. */
  async function expectCounted(): Promise<void> {
    const [counted] = await withSuperuser('gatehouse', (superuser) =>
      superuser.rows(
        `SELECT (SELECT sum(users)::int FROM directory_counters WHERE directory_id = d.id) AS users, c.joined, c.suspended,
           (SELECT count(*)::int FROM directory_users WHERE directory_id = d.id) AS "directoryUsers",
           (SELECT count(DISTINCT member_id)::int FROM directory_users WHERE directory_id = d.id) AS linked,
           (SELECT count(*)::int FROM members m WHERE m.organization_id = d.organization_id) AS members,
           (SELECT count(*)::int FROM directory_group_members WHERE directory_id = d.id) AS places,
           (SELECT sum(member_count)::int FROM directory_groups WHERE directory_id = d.id) AS "countedPlaces",
           (SELECT count(*)::int FROM audit_events a WHERE a.organization_id = d.organization_id
              AND a.action = 'directory.user.created') AS recorded
         FROM directories d JOIN ${COUNTERS} c ON c.organization_id = d.organization_id
         WHERE d.id = $1`,
        [directory.uuid],
      ),
    )
    const suspended = Math.ceil(PEOPLE / INACTIVE_EVERY)
    expect(counted).toEqual({
      ...{ users: PEOPLE, directoryUsers: PEOPLE, linked: PEOPLE, recorded: PEOPLE, members: PEOPLE + 1 },
      ...{ joined: PEOPLE - suspended + 1, suspended, places: PEOPLE, countedPlaces: PEOPLE },
    })
  }
})

const INACTIVE_EVERY = 10

/** A person as a list shows them. */
interface Shown {
  id: string
  userName: string
  externalId: string
  title: string | undefined
  active: boolean
  group: string | undefined
}

/** Somebody who is pushed step by step; each step is taken until it is answered. */
class PushedPerson {
  readonly userName: string
  retries = 0
  #id: string | null = null

  constructor(
    private readonly number: number,
    private readonly group: string,
  ) {
    this.userName = `person.${number}@synced.example`
  }

  expected(): Shown {
    const { userName, number, group } = this
    const [externalId, title, active] = [`ext-${number}`, `Title ${number}`, number % INACTIVE_EVERY !== 0]
    return { id: this.#id!, userName, externalId, title, active, group }
  }

  async push(scim: ScimClient): Promise<void> {
    const { title, active } = this.expected()
    await this.#until(async () => this.#findOrCreate(scim))
    const id = this.#id!
    await this.#until(() => scim.patch(`/Users/${id}`, [{ op: 'Replace', path: 'title', value: title }]))
    if (!active) await this.#until(() => scim.patch(`/Users/${id}`, [{ op: 'Replace', value: { active } }]))
    const member = [{ op: 'Add', path: 'members', value: [{ value: id }] }]
    await this.#until(() => scim.patch(`/Groups/${this.group}`, member))
  }

  async #findOrCreate(scim: ScimClient): Promise<ScimAnswer> {
    const { userName, number } = this
    const found = await scim.get(`/Users?${new URLSearchParams({ filter: `userName eq "${userName}"` })}`)
    if (found.status !== 200 || found.body.totalResults > 0) {
      this.#id = found.body.Resources?.[0].id
      return found
    }
    const emails = [{ value: userName, type: 'work', primary: true }]
    const created = await scim.post('/Users', { userName, externalId: `ext-${number}`, active: true, emails })
    this.#id = created.body.id
    return created
  }

  /** A connection that broke and a server that says 5xx are tried again; anything else that is no success is a fault. */
  async #until(step: () => Promise<ScimAnswer>): Promise<void> {
    for (;;) {
      const answer = await step().catch(() => null)
      if (answer && answer.status < 300) return
      if (answer && answer.status !== 503) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
      this.retries += 1
      await sleep(PATIENCE_MILLISECONDS)
    }
  }
}
