import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { type App, createApp, type Surroundings } from '../../src/app'
import { ENTITIES } from '../../src/entities'
import { keepKeys } from '../../src/modules/tokens'
import { loadConfig } from '../../src/platform/config'
import { type Database, openDatabase } from '../../src/platform/database'
import { createOutside, type Outside } from '../../src/platform/outside'
import { createTestDatabase, type TestDatabase } from './database'
import { GraphQLClient } from './graphql-client'
import { openSuperuser, type SuperuserConnection } from './superuser'

/** A whole Gatehouse on a database of its own, listening on a loopback port: tests talk to it as strangers do. */
export interface Gatehouse {
  readonly url: string
  readonly app: App
  readonly database: Database
  readonly testDatabase: TestDatabase
  /** Looks behind the application's back. */
  readonly superuser: SuperuserConnection
  /** A GraphQL client that presents a bearer token, or nothing. */
  client(token?: string): GraphQLClient
  readonly operator: GraphQLClient
  /** Everything logged so far, for tests that look for what must not be there. */
  readonly logs: string[]
  close(): Promise<void>
}

export const TEST_OPERATOR_KEY = 'gop_test_0123456789abcdefghijklmnopqrstuvwxyz'

// Tests send on loopback only.
const NO_NAME_SERVER: Outside = { ...createOutside({ allowsLoopback: true }), resolveTxt: async () => [] }

/** Starts one; to be called in `beforeAll`, and `close` in `afterAll`. */
export async function startGatehouse(
  settings: Record<string, string> = {},
  surroundings: Surroundings = {},
): Promise<Gatehouse> {
  const testDatabase = await createTestDatabase()
  const config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: testDatabase.appUrl,
    GATEHOUSE_OPERATOR_KEY: TEST_OPERATOR_KEY,
    GATEHOUSE_PUBLIC_URL: 'http://localhost:4000',
    ...settings,
  })
  const logs: string[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => void logs.push(line) })
  const database = await openDatabase({ url: testDatabase.appUrl, entities: ENTITIES, poolSize: 6 })
  const app = await createApp(config, database, logger, { outside: NO_NAME_SERVER, ...surroundings })
  await keepKeys(app.spine)
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.server.address() as AddressInfo).port}`
  const superuser = await openSuperuser(testDatabase.superuserUrl)
  return {
    url,
    app,
    database,
    testDatabase,
    superuser,
    client: (token) => new GraphQLClient(`${url}/graphql`, token),
    operator: new GraphQLClient(`${url}/graphql`, TEST_OPERATOR_KEY),
    logs,
    async close() {
      await app.close()
      await database.close()
      await superuser.close()
      await testDatabase.drop()
    },
  }
}
