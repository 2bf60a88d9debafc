import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchDatabase, withClient } from '../cluster'
import type { Questioner } from '../statements'
import { backgroundOf, findGroup } from './background'
import { ScimClient } from './client'
import type { OpenDirectory } from './open-directory'
import type { Background } from './pusher'
import { addMembers, createGroup, createUser, findUser, getUser, type ScimRequest, setActive } from './requests'
import { LARGE_GROUP, SMALL_GROUP } from './seed-directory'

/** One kind of question whose cost in the database is counted. */
export interface ScimQuestion {
  readonly name: string
  /** Users that must be stored for it. */
  readonly users: number
  /** @param asked  how many of its kind have been asked before: what cannot be asked twice is not */
  readonly ask: (about: About, asked: number, count: number) => Promise<unknown>
}

interface About {
  readonly client: ScimClient
  readonly background: Background
  readonly database: BenchDatabase
}

const ADDED_AT_ONCE = 1_000
const PAGE = 20
// The log of requests is written behind the answers; it belongs to what they cost.
const WRITTEN_BEHIND_MILLISECONDS = 1_000

/** In the order in which one directory can be asked them. */
export const QUESTIONS: readonly ScimQuestion[] = [
  {
    name: 'create user',
    users: 0,
    ask: ({ client, background }, asked, count) =>
      client.send(
        Array.from({ length: count }, (_, index) => createUser(background.stored + asked + index)),
        1,
      ),
  },
  { name: 'find by userName', users: 0, ask: sampled(findUser) },
  { name: 'get user', users: 0, ask: sampled(getUser) },
  {
    name: 'deactivate user',
    users: 0,
    async ask({ client, background }, asked, count) {
      const users = background.known.slice(asked, asked + count)
      await background.openSessions?.(users)
      await client.send(
        users.map((user) => setActive(user, false)),
        1,
      )
      await background.assertEnded?.(users)
    },
  },
  { name: `add 1 member to ${SMALL_GROUP}`, users: 0, ask: added('Small', SMALL_GROUP) },
  { name: `add 1 member to ${LARGE_GROUP}`, users: LARGE_GROUP * 2, ask: added('Large', LARGE_GROUP) },
  {
    name: `add ${ADDED_AT_ONCE} members`,
    users: 0,
    async ask({ client, background }, asked, count) {
      const groups = Array.from({ length: count }, (_, index) => createGroup(`Asked ${asked + index}`))
      const { ids } = await client.send(groups, 1)
      const members = background.known.slice(0, ADDED_AT_ONCE)
      await client.send(
        ids.map((id) => addMembers(id, members)),
        1,
      )
    },
  },
  { name: `page of ${PAGE} by index`, users: 0, ask: paged('index') },
  { name: `page of ${PAGE} by cursor`, users: 0, ask: paged('cursor') },
]

/**
 * Somebody who asks this question of a product that runs: starting one for each takes longer than asking. When they stop,
 * its connections end, so that PostgreSQL is told what they have counted.
 */
export function scimQuestioner(
  database: BenchDatabase,
  { target }: OpenDirectory,
  question: ScimQuestion,
): () => Promise<Questioner> {
  let asked = 0
  return async () => {
    const client = new ScimClient(target)
    // Other questions may have made people meanwhile.
    const background = await backgroundOf(database)
    return {
      async ask(count) {
        await question.ask({ client, background, database }, asked, count)
        asked += count
        await sleep(WRITTEN_BEHIND_MILLISECONDS)
      },
      async stop() {
        await client.stop()
        await withClient(database.superuserUrl, (sql) => sql.query(END_CONNECTIONS))
      },
    }
  }
}

const END_CONNECTIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gatehouse_app'`

/** About users from all over the directory. */
function sampled(make: (user: { n: number; id: string }) => ScimRequest): ScimQuestion['ask'] {
  return ({ client, background: { known } }, _asked, count) =>
    client.send(
      Array.from({ length: count }, (_, index) => make(known[Math.floor((index * known.length) / count)]!)),
      1,
    )
}

/** Adds users who are not in a group of the seed yet, one after the other. */
function added(name: string, size: number): ScimQuestion['ask'] {
  return async ({ client, background, database }, asked, count) => {
    const groupId = await withClient(database.superuserUrl, (sql) => findGroup(sql, name))
    const others = background.known.filter(({ n }) => n >= size).slice(asked, asked + count)
    await client.send(
      others.map((user) => addMembers(groupId, [user])),
      1,
    )
  }
}

function paged(by: 'index' | 'cursor'): ScimQuestion['ask'] {
  return ({ client, background }, _asked, count) => client.walk(by, PAGE, background.stored, count)
}
