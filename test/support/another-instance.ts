import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import pino from 'pino'
import { type App, createApp } from '../../src/app'
import { ENTITIES } from '../../src/entities'
import { loadConfig } from '../../src/platform/config'
import { openDatabase } from '../../src/platform/database'
import { TEST_OPERATOR_KEY } from './gatehouse'

/** One more process's worth of Gatehouse on a database that exists. */
export interface AnotherInstance {
  readonly url: string
  readonly app: App
  close(): Promise<void>
}

/** Starts an instance on the database of another one. */
export async function startAnotherInstance(databaseUrl: string): Promise<AnotherInstance> {
  const config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    GATEHOUSE_OPERATOR_KEY: TEST_OPERATOR_KEY,
    GATEHOUSE_PUBLIC_URL: 'http://localhost:4000',
  })
  const database = await openDatabase({ url: databaseUrl, entities: ENTITIES, poolSize: 6 })
  const app = await createApp(config, database, pino({ level: 'silent' }))
  const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    app,
    async close() {
      await app.close()
      await database.close()
    },
  }
}

/** A way to a database that can be cut: what went through it breaks, and nothing more gets through. */
export async function startRelay(databaseUrl: string): Promise<{ url: string; cut(): Promise<void> }> {
  const target = new URL(databaseUrl)
  const host = decodeURIComponent(target.hostname)
  const port = Number(target.port || 5432)
  const open = new Set<Socket>()
  const server = createServer((incoming) => {
    const outgoing = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`postgres://${target.username}@127.0.0.1:${(server.address() as AddressInfo).port}`)
  url.pathname = target.pathname
  return {
    url: url.toString(),
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
