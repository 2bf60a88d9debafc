import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Logger } from 'pino'
import { type App, createApp, type Surroundings } from './app'
import { ENTITIES } from './entities'
import { applyMembershipPolicy } from './modules/installation'
import { applyPermissionsFile, readPermissionsFile } from './modules/permissions'
import { keepKeys } from './modules/tokens'
import { type Config, ConfigError, loadConfig } from './platform/config'
import type { Database } from './platform/database'
import { startDatabaseServer } from './platform/database-server'
import { createLogger } from './platform/logger'
import { openCheckedDatabase } from './platform/open-checked-database'
import { createOutside } from './platform/outside'
import { loadSettingsFile } from './platform/settings-file'
import { callbackPath } from './sign-in'
import { welcome } from './welcome'

const DRAIN_MILLISECONDS = 10_000
const ECHO_MILLISECONDS = 500

/** Undone in reverse order when the process ends, and when the start fails half way. */
const undo: (() => Promise<unknown>)[] = []

async function start(): Promise<void> {
  const config = await withFreePort(loadConfig(process.env))
  const logger = createLogger(config)
  const permissions = config.permissionsFile ? await readPermissionsFile(config.permissionsFile) : null

  const server = await startDatabaseServer(config)
  undo.push(() => server.stop())
  const { database, migrated } = await openCheckedDatabase(server, { entities: ENTITIES })
  undo.push(() => database.close())
  await applyMembershipPolicy(database, config.memberships)
  const surroundings = await startDevelopmentHelp(config, database)
  const app = await createApp(config, database, logger, surroundings)
  undo.push(() => drain(app))
  await keepKeys(app.spine)
  if (permissions) await applyPermissionsFile(app.spine, permissions)
  await listen(app, config)
  const { mailbox } = surroundings
  // Without mailbox and SMTP_URL mails wait: a worker that was given a taker would call them delivered.
  if (config.surfaces.has('worker')) app.startWorker(mailbox && (async (mail) => mailbox.add(mail)))

  const { description, adopted } = server
  const identityProvider = surroundings.localIdentityProvider?.issuer
  announce(logger, config, welcome(config, { database: description, adopted, migrated, identityProvider }))
}

/** In development somebody must be able to sign in, to read mail and to prove a domain, although nothing is set. */
async function startDevelopmentHelp(config: Config, database: Database): Promise<Surroundings> {
  if (config.environment === 'production') return {}
  const dev = await import('./dev/index.js')
  const mailbox = config.smtpUrl ? undefined : new dev.DevelopmentMailbox()
  if (config.environment !== 'development') return { mailbox }
  const outside = dev.withReservedDomains(createOutside({ allowsLoopback: true }), database)
  if (!dev.isLocalIdentityProviderInstalled()) return { mailbox, outside }
  const redirectUris = [config.publicUrl + callbackPath('local')]
  const people = () => dev.listLocalPeople(database)
  const companies = dev.DEMO_COMPANIES
  const gatehouseOrigins = [new URL(config.publicUrl).origin]
  const startAt = (port: number) =>
    dev.startLocalIdentityProvider({ port, redirectUris, people, companies, gatehouseOrigins })
  // Another Gatehouse of the same machine may have the port; any other does as well.
  const localIdentityProvider = await startAt(config.devIdpPort).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return startAt(0)
    throw error
  })
  undo.push(() => localIdentityProvider.close())
  return { mailbox, outside, localIdentityProvider }
}

/** PORT=0 takes any free port; it is chosen before the rest, since links and the origin check need to know it. */
async function withFreePort(config: Config): Promise<Config> {
  if (config.port !== 0) return config
  const probe = createServer().listen(0, config.host)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  const publicUrl = config.publicUrl === 'http://localhost:0' ? `http://localhost:${port}` : config.publicUrl
  return { ...config, port, publicUrl }
}

async function listen({ server }: App, { host, port }: Config): Promise<void> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new Error(`Port ${port} on ${host} is already in use. Stop what listens there, or set PORT to another one.`)
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new Error(`Gatehouse may not listen on port ${port} of ${host} (${code}). Set PORT or HOST to another one.`)
    throw error
  }
}

/** Lets what was begun end; connections that are still busy after ten seconds are cut. */
async function drain(app: App): Promise<void> {
  const cut = setTimeout(() => app.server.server.closeAllConnections(), DRAIN_MILLISECONDS)
  await app.close()
  clearTimeout(cut)
}

function announce(logger: Logger, config: Config, lines: string): void {
  if (config.environment === 'development') return void process.stdout.write(lines)
  logger.info({ publicUrl: config.publicUrl, host: config.host, port: config.port }, 'Gatehouse is ready')
  for (const warning of config.warnings) logger.warn(warning)
}

async function undoAll(): Promise<void> {
  for (let step = undo.pop(); step; step = undo.pop()) await step()
}

async function fail(error: unknown): Promise<never> {
  const text = error instanceof ConfigError ? error.message : `Gatehouse did not start: ${(error as Error).message}`
  process.stderr.write(`\n${text}\n\n`)
  if (process.env.LOG_LEVEL === 'debug') console.error(error)
  await undoAll().catch(() => {})
  process.exit(1)
}

function stopOnSignals(started: Promise<void>): void {
  let stoppingSince: number | null = null
  const stop = async (): Promise<void> => {
    // npm passes on the Ctrl-C that the terminal has sent to everybody already: that is one wish, not two.
    if (stoppingSince !== null && performance.now() - stoppingSince < ECHO_MILLISECONDS) return
    if (stoppingSince !== null) {
      // PostgreSQL is told to end as well; nobody waits for it.
      for (const step of undo.splice(0)) void step().catch(() => {})
      process.exit(130)
    }
    stoppingSince = performance.now()
    await started.catch(() => {})
    await undoAll().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop())
}

loadSettingsFile()
const started = start()
stopOnSignals(started)
started.catch(fail)
