// Better Auth with its SCIM plugin and nothing else, on Node's own HTTP server.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { scim } from '@better-auth/scim'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import pg from 'pg'

const token = randomBytes(32).toString('base64url')
const options = {
  baseURL: 'http://127.0.0.1',
  secret: randomBytes(32).toString('base64url'),
  database: new pg.Pool({ connectionString: process.env.PEER_DATABASE_URL, max: 10, idleTimeoutMillis: 0 }),
  plugins: [scim({ connections: [{ id: 'bench', credentials: [{ type: 'bearer', id: 'bench', token }] }] })],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
}
const { runMigrations } = await getMigrations(options)
await runMigrations()

const server = createServer(toNodeHandler(betterAuth(options)))
server.listen(0, '127.0.0.1', () => {
  process.send({ baseUrl: `http://127.0.0.1:${server.address().port}/api/auth/scim/v2`, token })
})
process.once('SIGTERM', () => process.exit(0))
