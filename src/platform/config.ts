import { isIP } from 'node:net'
import {
  type GivenSettings,
  nearestSetting,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  SURFACES,
  type Surface,
} from './settings'

/** Opens a development installation to its operator. Published with the source, so production refuses it. */
export const DEVELOPMENT_OPERATOR_KEY = 'gop_development_only_never_use_in_production'

/** Lets services of a development installation ask for decisions. Published with the source, so production refuses it. */
export const DEVELOPMENT_SERVICE_KEY = 'gsv_development_only_never_use_in_production'

/** Seals a development installation's secrets: 32 bytes, base64. Published with the source, so production refuses it. */
export const DEVELOPMENT_MASTER_KEY = Buffer.from('gatehouse development master key').toString('base64')

/** How this OAuth client is known at an identity provider. */
export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

/** What one process was told by its environment; made by {@link loadConfig} and never changed. */
export interface Config {
  readonly environment: 'development' | 'test' | 'production'
  readonly host: string
  /** 0..65535; 0 takes any free port. */
  readonly port: number
  /** Origin that people and identity providers use, without a trailing slash. */
  readonly publicUrl: string
  /** Absent: the embedded PostgreSQL in `dataDirectory` is used. */
  readonly databaseUrl?: string
  /** The login that owns the tables; only migrations use it. */
  readonly migrationDatabaseUrl?: string
  /** May be relative to the working directory. */
  readonly dataDirectory: string
  /** Origins beside `publicUrl` whose pages may call the API with cookies. */
  readonly allowedOrigins: readonly string[]
  /** Addresses and networks whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[]
  readonly smtpUrl?: string
  readonly mailFrom: string
  readonly memberships: 'many' | 'single'
  /** JSON that lists the platform's permissions, applied at each start; may be relative to the working directory. */
  readonly permissionsFile?: string
  /** At least one; the current key first, then the previous one during a rotation. */
  readonly operatorKeys: readonly string[]
  /** What services present to introspect tokens and to ask for decisions; none where only the operator may. */
  readonly serviceKeys: readonly string[]
  /** Whom access tokens may be for, at least one; the first when nobody is named. */
  readonly tokenAudiences: readonly string[]
  /** 32 bytes each, at least one; the first seals, all of them open. */
  readonly masterKeys: readonly Buffer[]
  readonly google?: ClientCredentials
  readonly github?: ClientCredentials
  readonly emailCodes: boolean
  readonly devIdpPort: number
  /** Requests per second that one SCIM token may send to a process. */
  readonly scimRateLimit: number
  readonly surfaces: ReadonlySet<Surface>
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  /** Sentences for the operator about what is allowed but probably not meant. */
  readonly warnings: readonly string[]
}

/** One thing that is wrong with the environment. Never holds the value, which may be a secret. */
export interface ConfigProblem {
  readonly setting: string
  readonly problem: string
  readonly remedy: string
}

/** Everything that is wrong with the environment at once, so that it is mended in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ setting, problem, remedy }) => `  ${setting} ${problem}\n    → ${remedy}`)
    super(`Gatehouse cannot start with these settings:\n${lines.join('\n')}`)
  }
}

/**
 * Reads the settings from an environment. Pure; an empty value counts as not set.
 *
 * @param env  variables by name; those of other programs are ignored, unknown ones named GATEHOUSE_* are not
 * @returns    a frozen object with every default filled in
 * @throws     ConfigError  with every problem that was found
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const { given, problems } = readSettings(env)
  const config = withDefaults(given)
  problems.push(...unknownNames(env), ...contradictions(given, config))
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze({ ...config, warnings: Object.freeze(warningsFor(config)) })
}

function readSettings(env: NodeJS.ProcessEnv): { given: GivenSettings; problems: ConfigProblem[] } {
  const values: Record<string, unknown> = {}
  const problems: ConfigProblem[] = []
  for (const setting of SETTING_NAMES) {
    const { read, remedy } = SETTINGS[setting]
    const value = env[setting]?.trim()
    if (!value) continue
    const result = read.safeParse(value)
    if (result.success) values[setting] = result.data
    else problems.push({ setting, problem: result.error.issues[0]?.message ?? 'is malformed', remedy })
  }
  return { given: values as GivenSettings, problems }
}

function withDefaults(given: GivenSettings): Omit<Config, 'warnings'> {
  const environment = given.NODE_ENV ?? 'development'
  const port = given.PORT ?? 4000
  const host = given.HOST ?? '127.0.0.1'
  const publicUrl = given.GATEHOUSE_PUBLIC_URL ?? `http://localhost:${port}`
  return {
    environment,
    host,
    port,
    publicUrl,
    databaseUrl: given.DATABASE_URL,
    migrationDatabaseUrl: given.GATEHOUSE_MIGRATION_DATABASE_URL,
    dataDirectory: given.GATEHOUSE_DATA_DIR ?? '.gatehouse',
    allowedOrigins: Object.freeze(given.GATEHOUSE_ALLOWED_ORIGINS ?? []),
    trustedProxies: Object.freeze(given.GATEHOUSE_TRUSTED_PROXIES ?? []),
    smtpUrl: given.SMTP_URL,
    mailFrom: given.GATEHOUSE_MAIL_FROM ?? `Gatehouse <no-reply@${new URL(publicUrl).hostname}>`,
    memberships: given.GATEHOUSE_MEMBERSHIPS ?? 'many',
    permissionsFile: given.GATEHOUSE_PERMISSIONS_FILE,
    operatorKeys: keys(given.GATEHOUSE_OPERATOR_KEY ?? DEVELOPMENT_OPERATOR_KEY, given.GATEHOUSE_OPERATOR_KEY_PREVIOUS),
    serviceKeys: serviceKeys(given, environment !== 'production' && isLoopback(host)),
    tokenAudiences: Object.freeze(given.GATEHOUSE_TOKEN_AUDIENCES ?? [publicUrl]),
    masterKeys: keys(
      given.GATEHOUSE_MASTER_KEY ?? Buffer.from(DEVELOPMENT_MASTER_KEY, 'base64'),
      given.GATEHOUSE_MASTER_KEY_PREVIOUS,
    ),
    google: credentials(given.GATEHOUSE_GOOGLE_CLIENT_ID, given.GATEHOUSE_GOOGLE_CLIENT_SECRET),
    github: credentials(given.GATEHOUSE_GITHUB_CLIENT_ID, given.GATEHOUSE_GITHUB_CLIENT_SECRET),
    emailCodes: (given.GATEHOUSE_EMAIL_CODES ?? 'on') === 'on',
    devIdpPort: given.GATEHOUSE_DEV_IDP_PORT ?? 4001,
    scimRateLimit: given.GATEHOUSE_SCIM_RATE_LIMIT ?? 5_000,
    surfaces: new Set(given.GATEHOUSE_SURFACES ?? SURFACES),
    logLevel: given.LOG_LEVEL ?? (environment === 'test' ? 'error' : 'info'),
  }
}

function keys<Key>(current: Key, previous: Key | undefined): readonly Key[] {
  return Object.freeze(previous === undefined ? [current] : [current, previous])
}

/** Services are optional, so that nobody has to think of a key for them before there are any. */
function serviceKeys(given: GivenSettings, isOnThisMachine: boolean): readonly string[] {
  const current = given.GATEHOUSE_SERVICE_KEY ?? (isOnThisMachine ? DEVELOPMENT_SERVICE_KEY : undefined)
  return current === undefined ? Object.freeze([]) : keys(current, given.GATEHOUSE_SERVICE_KEY_PREVIOUS)
}

function credentials(clientId?: string, clientSecret?: string): ClientCredentials | undefined {
  return clientId && clientSecret ? Object.freeze({ clientId, clientSecret }) : undefined
}

function unknownNames(env: NodeJS.ProcessEnv): ConfigProblem[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('GATEHOUSE_') && !(name in SETTINGS))
    .sort()
    .map((setting) => {
      const meant = nearestSetting(setting)
      const remedy = meant ? `did you mean ${meant}?` : 'remove it; .env.example lists every setting'
      return { setting, problem: 'is not a setting', remedy }
    })
}

function contradictions(given: GivenSettings, config: Omit<Config, 'warnings'>): ConfigProblem[] {
  const problems = [...halfPairs(given)]
  if (config.migrationDatabaseUrl && !given.DATABASE_URL) {
    const remedy = 'set DATABASE_URL as well, or neither: the embedded database makes both logins itself'
    problems.push({ setting: 'GATEHOUSE_MIGRATION_DATABASE_URL', problem: 'is set without DATABASE_URL', remedy })
  }
  if (config.environment === 'production') problems.push(...productionProblems(given, config))
  else if (!isLoopback(config.host)) problems.push(...publishedKeys(config, `is the published one while HOST is open`))
  return problems
}

function* halfPairs(given: GivenSettings): Iterable<ConfigProblem> {
  if (given.GATEHOUSE_SERVICE_KEY_PREVIOUS !== undefined && given.GATEHOUSE_SERVICE_KEY === undefined) {
    const { remedy } = SETTINGS.GATEHOUSE_SERVICE_KEY
    const problem = 'is missing beside GATEHOUSE_SERVICE_KEY_PREVIOUS'
    yield { setting: 'GATEHOUSE_SERVICE_KEY', problem, remedy }
  }
  const pairs: [SettingName, SettingName][] = [
    ['GATEHOUSE_GOOGLE_CLIENT_ID', 'GATEHOUSE_GOOGLE_CLIENT_SECRET'],
    ['GATEHOUSE_GITHUB_CLIENT_ID', 'GATEHOUSE_GITHUB_CLIENT_SECRET'],
  ]
  for (const [id, secret] of pairs) {
    if ((given[id] === undefined) === (given[secret] === undefined)) continue
    const [missing, present] = given[id] === undefined ? [id, secret] : [secret, id]
    yield { setting: missing, problem: `is missing beside ${present}`, remedy: SETTINGS[missing].remedy }
  }
}

function productionProblems(given: GivenSettings, config: Omit<Config, 'warnings'>): ConfigProblem[] {
  const problems = publishedKeys(config, 'is missing or the development one, which production refuses')
  const { protocol, hostname } = new URL(config.publicUrl)
  if (protocol === 'http:' && !isLoopback(hostname)) {
    const remedy = 'use https; a proxy in front may terminate it (see GATEHOUSE_TRUSTED_PROXIES)'
    problems.push({ setting: 'GATEHOUSE_PUBLIC_URL', problem: 'is plain http, which production refuses', remedy })
  }
  if (given.GATEHOUSE_DEV_IDP_PORT !== undefined) {
    const remedy = 'remove it; sign-in in production is by Google, GitHub or e-mail'
    problems.push({ setting: 'GATEHOUSE_DEV_IDP_PORT', problem: 'belongs to development only', remedy })
  }
  return problems
}

/** Keys that anybody can read in the source are keys for nobody but a developer on their own machine. */
function publishedKeys(config: Omit<Config, 'warnings'>, problem: string): ConfigProblem[] {
  const published = {
    GATEHOUSE_OPERATOR_KEY: config.operatorKeys.map((key) => key === DEVELOPMENT_OPERATOR_KEY),
    GATEHOUSE_SERVICE_KEY: config.serviceKeys.map((key) => key === DEVELOPMENT_SERVICE_KEY),
    GATEHOUSE_MASTER_KEY: config.masterKeys.map((key) => key.toString('base64') === DEVELOPMENT_MASTER_KEY),
  }
  return Object.entries(published).flatMap(([name, found]) =>
    found.flatMap((isPublished, index) => {
      const setting = index === 0 ? name : `${name}_PREVIOUS`
      return isPublished ? [{ setting, problem, remedy: SETTINGS[setting as SettingName].remedy }] : []
    }),
  )
}

/** Whether only this machine can reach an address or a URL's host. */
function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}

function warningsFor(config: Omit<Config, 'warnings'>): string[] {
  if (config.environment !== 'production') return []
  const warnings: string[] = []
  if (!config.google && !config.github && !(config.smtpUrl && config.emailCodes)) {
    warnings.push(
      'Nobody can sign in: set SMTP_URL with GATEHOUSE_EMAIL_CODES=on, or the client id and secret of Google or GitHub.',
    )
  }
  if (!config.databaseUrl) {
    warnings.push(
      'The embedded database serves production: it has no standby. Set DATABASE_URL, and back up until then.',
    )
  }
  if (!config.smtpUrl) warnings.push('No mail leaves: set SMTP_URL, or invitations wait in the outbox.')
  return warnings
}
