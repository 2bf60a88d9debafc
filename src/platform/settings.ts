import { isIP } from 'node:net'
import { z } from 'zod'

/** One environment variable: how its text is read, and what to do when it cannot be. */
interface Setting<T> {
  readonly read: z.ZodType<T, string>
  readonly remedy: string
}

const setting = <T>(read: z.ZodType<T, string>, remedy: string): Setting<T> => ({ read, remedy })

const text = z.string()
const PROXY_WORDS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal'])

function parseUrl(value: string, ...protocols: string[]): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined
  // A fragment means nothing here: it is a password whose # was not percent-encoded.
  if (!url || url.hash !== '' || !protocols.includes(url.protocol)) return undefined
  // A Unix socket is named as ?host=/folder, with no host before the path.
  return url.hostname !== '' || url.searchParams.has('host') ? url : undefined
}

function isOrigin(value: string): boolean {
  const url = parseUrl(value, 'http:', 'https:')
  return url !== undefined && url.pathname === '/' && url.search + url.username + url.password === ''
}

function isProxy(value: string): boolean {
  if (PROXY_WORDS.has(value)) return true
  const [address = '', bits, ...rest] = value.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

const port = (): z.ZodType<number, string> =>
  text
    .regex(/^\d{1,5}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value <= 65_535, 'is above 65535')

const oneOf = <T extends string>(...words: T[]): z.ZodType<T, string> =>
  text.refine((value) => words.includes(value as T), `is none of: ${words.join(', ')}`).transform((value) => value as T)

const listOf = (isItem: (item: string) => boolean, problem: string): z.ZodType<string[], string> =>
  text
    .transform((value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .refine((items) => items.every(isItem), problem)

const url = (problem: string, ...protocols: string[]): z.ZodType<string, string> =>
  text.refine((value) => parseUrl(value, ...protocols) !== undefined, problem)

const operatorKey = (): Setting<string> =>
  setting(
    text.regex(/^gop_[A-Za-z0-9_-]{32,}$/, 'is not gop_ followed by at least 32 letters, digits, - or _'),
    `make one with: node -p "'gop_' + crypto.randomBytes(32).toString('base64url')"`,
  )

const serviceKey = (): Setting<string> =>
  setting(
    text.regex(/^gsv_[A-Za-z0-9_-]{32,}$/, 'is not gsv_ followed by at least 32 letters, digits, - or _'),
    `make one with: node -p "'gsv_' + crypto.randomBytes(32).toString('base64url')"`,
  )

const masterKey = (): Setting<Buffer> =>
  setting(
    text
      .transform((value) => ({ value, bytes: Buffer.from(value, 'base64') }))
      .refine(
        ({ value, bytes }) => bytes.length === 32 && bytes.toString('base64') === value,
        'is not 32 bytes in base64',
      )
      .transform(({ bytes }) => bytes),
    `make one with: node -p "crypto.randomBytes(32).toString('base64')"`,
  )

const postgresUrl = (): Setting<string> =>
  setting(
    url('is not a PostgreSQL URL', 'postgres:', 'postgresql:'),
    'write it as postgres://user:password@host:5432/database, special characters percent-encoded',
  )

/** The parts of the product that one process may run. */
export const SURFACES = ['graphql', 'sso', 'scim', 'console', 'worker'] as const
export type Surface = (typeof SURFACES)[number]

/**
 * Every setting, by the name of its environment variable. The only place that knows how a setting is spelled;
 * .env.example and the README's table are held equal to it by test/contract/settings.test.ts.
 */
export const SETTINGS = {
  NODE_ENV: setting(oneOf('development', 'test', 'production'), 'use production for anything that others rely on'),
  HOST: setting(
    text.regex(/^[A-Za-z0-9.:-]+$/, 'is not an address or host name'),
    'use 127.0.0.1 for this machine only, 0.0.0.0 for all its addresses',
  ),
  PORT: setting(port(), 'use a free port such as 4000'),
  DATABASE_URL: postgresUrl(),
  SMTP_URL: setting(
    url('is not an SMTP URL', 'smtp:', 'smtps:'),
    'write it as smtp://user:password@host:587 or smtps://host:465',
  ),
  LOG_LEVEL: setting(oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'use info'),
  GATEHOUSE_MIGRATION_DATABASE_URL: postgresUrl(),
  GATEHOUSE_PUBLIC_URL: setting(
    text.refine(isOrigin, 'is not an http or https address without a path').transform((value) => new URL(value).origin),
    'write what people type into their browser, such as https://gatehouse.example.com',
  ),
  GATEHOUSE_ALLOWED_ORIGINS: setting(
    listOf(isOrigin, 'holds something that is not an origin').transform((items) =>
      items.map((item) => new URL(item).origin),
    ),
    'list origins with commas, such as https://app.example.com,https://admin.example.com; * is not possible with cookies',
  ),
  GATEHOUSE_TRUSTED_PROXIES: setting(
    listOf(isProxy, 'holds something that is not an address or network'),
    'list addresses or networks with commas, such as 10.0.0.0/8,loopback',
  ),
  GATEHOUSE_MAIL_FROM: setting(
    text.regex(/^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'is not a mail address'),
    'write it as Gatehouse <no-reply@example.com>',
  ),
  GATEHOUSE_MEMBERSHIPS: setting(
    oneOf('many', 'single'),
    'use many when a person may belong to several organizations, single for exactly one',
  ),
  GATEHOUSE_PERMISSIONS_FILE: setting(text, 'name a JSON file; docs/roles.md shows one'),
  GATEHOUSE_DATA_DIR: setting(text, 'name a folder that the process may write to'),
  GATEHOUSE_OPERATOR_KEY: operatorKey(),
  GATEHOUSE_OPERATOR_KEY_PREVIOUS: operatorKey(),
  GATEHOUSE_SERVICE_KEY: serviceKey(),
  GATEHOUSE_SERVICE_KEY_PREVIOUS: serviceKey(),
  GATEHOUSE_MASTER_KEY: masterKey(),
  GATEHOUSE_MASTER_KEY_PREVIOUS: masterKey(),
  GATEHOUSE_TOKEN_AUDIENCES: setting(
    listOf(
      (item) => /^[\x21-\x7e]{1,200}$/.test(item),
      'holds something with spaces, or longer than 200 characters',
    ).refine((items) => items.length > 0 && items.length <= 100, 'names none, or more than 100'),
    'list the applications that read access tokens with commas, the usual one first, such as https://api.example.com',
  ),
  GATEHOUSE_SCIM_RATE_LIMIT: setting(
    text
      .regex(/^\d{1,6}$/, 'is not a whole number')
      .transform(Number)
      .refine((value) => value >= 25, 'is below the 25 that identity providers need'),
    'name the requests per second that one token may send, such as 100',
  ),
  GATEHOUSE_GOOGLE_CLIENT_ID: setting(text, 'copy it from the Google Cloud console'),
  GATEHOUSE_GOOGLE_CLIENT_SECRET: setting(text, 'copy it from the Google Cloud console'),
  GATEHOUSE_GITHUB_CLIENT_ID: setting(text, "copy it from the OAuth app's page at GitHub"),
  GATEHOUSE_GITHUB_CLIENT_SECRET: setting(text, "copy it from the OAuth app's page at GitHub"),
  GATEHOUSE_EMAIL_CODES: setting(oneOf('on', 'off'), 'use on to offer sign-in by a code sent by e-mail'),
  GATEHOUSE_DEV_IDP_PORT: setting(port(), 'use a free port such as 4001'),
  GATEHOUSE_SURFACES: setting(
    listOf((item) => SURFACES.includes(item as Surface), `holds something else than: ${SURFACES.join(', ')}`)
      .refine((items) => items.length > 0, 'names nothing to run')
      .transform((items) => items as Surface[]),
    `list parts with commas, such as ${SURFACES.join(',')}`,
  ),
} as const

export type SettingName = keyof typeof SETTINGS

/** The values that were given and could be read; a setting that was left out or was malformed is absent. */
export type GivenSettings = { readonly [Name in SettingName]?: z.output<(typeof SETTINGS)[Name]['read']> }

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]

/**
 * The setting whose name is nearest to a mistyped one.
 *
 * @returns undefined when none is near: more than a third of the letters would have to change
 */
export function nearestSetting(name: string): SettingName | undefined {
  // SMTP_URL and a few others carry no prefix, which is easily forgotten.
  const distances = SETTING_NAMES.map((candidate) => ({
    candidate,
    distance: Math.min(editDistance(name, candidate), editDistance(name.replace(/^GATEHOUSE_/, ''), candidate)),
  })).sort((a, b) => a.distance - b.distance)
  const best = distances[0]
  return best && best.distance <= best.candidate.replace(/^GATEHOUSE_/, '').length / 3 ? best.candidate : undefined
}

/** Levenshtein distance: how many letters must be put in, taken out or exchanged. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [row, letter] of Array.from(from).entries()) {
    const current = [row + 1]
    for (const [column, other] of Array.from(to).entries()) {
      const exchanged = (previous[column] ?? 0) + (letter === other ? 0 : 1)
      current.push(Math.min(exchanged, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous[to.length] ?? 0
}
