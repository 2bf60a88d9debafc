import { existsSync } from 'node:fs'
import path from 'node:path'
import { messageFrom, SERVER_CORE, startChild } from '../child'
import type { BenchCluster } from '../cluster'
import type { ScimTarget } from '../scim/client'
import { openDirectory } from '../scim/open-directory'
import { Pusher } from '../scim/pusher'
import { directorySeed } from '../scim/seed-directory'
import type { Entrant } from './entrant'

const FOLDER = path.join(process.cwd(), 'bench/peers')

/** @throws Error that says how to install them, when the other servers are not */
export function assertPeersInstalled(): void {
  if (!existsSync(path.join(FOLDER, 'node_modules'))) {
    throw new Error('The other servers are not installed: run `npm ci --prefix bench/peers` first')
  }
}

/** The product, with an empty directory. */
export async function gatehouse(cluster: BenchCluster, users: number): Promise<Entrant> {
  const database = await cluster.database(directorySeed(0))
  const { server, target, background } = await openDirectory(database)
  const pusher = new Pusher(target, background)
  const databaseUrl = database.superuserUrl
  return {
    name: 'gatehouse',
    server,
    pusher,
    databaseUrl,
    users,
    mostAtOnce: Number.POSITIVE_INFINITY,
    hasCursors: true,
  }
}

/** Ory Polis' library. It keeps users and groups as values under keys; a group is answered without its members. */
export async function samlJackson(cluster: BenchCluster, users: number): Promise<Entrant> {
  const { server, target, databaseUrl } = await start('saml-jackson', cluster)
  const countMembers = async (groupId: string): Promise<number> => {
    const response = await fetch(`${target.baseUrl}/member-count/${groupId}`)
    return ((await response.json()) as { members: number }).members
  }
  const pusher = new Pusher(target, { known: [], stored: 0, countMembers })
  return {
    name: 'saml-jackson',
    server,
    pusher,
    databaseUrl,
    users,
    mostAtOnce: Number.POSITIVE_INFINITY,
    hasCursors: false,
  }
}

/**
 * Better Auth with its SCIM plugin. Its own bound is 1,000 members per group; of more than 100 in one request it says that
 * some are invalid, since it looks for them by a query that its adapter cuts there.
 */
export async function betterAuth(cluster: BenchCluster, users: number): Promise<Entrant> {
  const { server, target, databaseUrl } = await start('better-auth', cluster)
  const countMembers = async (groupId: string): Promise<number> => {
    const headers = { authorization: `Bearer ${target.token}` }
    const response = await fetch(`${target.baseUrl}/Groups/${groupId}`, { headers })
    return ((await response.json()) as { members?: unknown[] }).members?.length ?? 0
  }
  const pusher = new Pusher(target, { known: [], stored: 0, countMembers })
  return { name: 'better-auth', server, pusher, databaseUrl, users, mostAtOnce: 100, hasCursors: false }
}

async function start(name: 'saml-jackson' | 'better-auth', cluster: BenchCluster) {
  const databaseUrl = await cluster.emptyDatabase(`peer_${name.replace('-', '_')}`)
  const server = startChild(path.join(FOLDER, `${name}.mjs`), SERVER_CORE, { PEER_DATABASE_URL: databaseUrl })
  return { server, databaseUrl, target: await messageFrom<ScimTarget>(server) }
}
