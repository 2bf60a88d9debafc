import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Child, SERVER_CORE, startChild } from './child'
import type { BenchDatabase } from './cluster'

/** What services present to the product. */
export const SERVICE_KEY = `gsv_${randomBytes(32).toString('base64url')}`

/**
 * The product as it is installed: `main.js` in production, reached over loopback.
 * @param surface  the worker is a process of its own where load matters; here it would seal and send beside only one of
 *                 the contestants
 * @param settings  in place of those below
 */
export async function startProduct(
  database: BenchDatabase,
  surface: 'graphql' | 'scim' | 'sso',
  settings: Record<string, string> = {},
): Promise<{ server: Child; port: number }> {
  const port = await freePort()
  const server = startChild(path.join(__dirname, '../src/main.js'), SERVER_CORE, {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: database.appUrl,
    GATEHOUSE_PUBLIC_URL: `http://localhost:${port}`,
    GATEHOUSE_OPERATOR_KEY: `gop_${randomBytes(32).toString('base64url')}`,
    GATEHOUSE_SERVICE_KEY: SERVICE_KEY,
    GATEHOUSE_MASTER_KEY: randomBytes(32).toString('base64'),
    GATEHOUSE_SCIM_RATE_LIMIT: '100000',
    GATEHOUSE_SURFACES: surface,
    ...settings,
  })
  await untilReady(port, server)
  return { server, port }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

async function untilReady(port: number, server: Child): Promise<void> {
  while (server.process.exitCode === null) {
    const isReady = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
    if (isReady) return
    await sleep(100)
  }
  throw new Error('The product did not start')
}
