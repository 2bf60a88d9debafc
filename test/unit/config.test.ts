import {
  ConfigError,
  type ConfigProblem,
  DEVELOPMENT_MASTER_KEY,
  DEVELOPMENT_OPERATOR_KEY,
  DEVELOPMENT_SERVICE_KEY,
  loadConfig,
} from '../../src/platform/config'

const OPERATOR_KEY = `gop_${'k'.repeat(43)}`
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64')
const PRODUCTION = {
  NODE_ENV: 'production',
  GATEHOUSE_PUBLIC_URL: 'https://gatehouse.example.com',
  GATEHOUSE_OPERATOR_KEY: OPERATOR_KEY,
  GATEHOUSE_MASTER_KEY: MASTER_KEY,
  DATABASE_URL: 'postgres://gatehouse_app:pw@db/gatehouse',
  SMTP_URL: 'smtp://mail:25',
}

function errorOf(env: NodeJS.ProcessEnv): ConfigError {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the settings were accepted')
}

const problemsOf = (env: NodeJS.ProcessEnv): readonly ConfigProblem[] => errorOf(env).problems
const settingsOf = (env: NodeJS.ProcessEnv): string[] => problemsOf(env).map(({ setting }) => setting)

describe('settings', () => {
  it('an empty environment is a complete development installation', () => {
    const config = loadConfig({})
    expect(config).toMatchObject({
      environment: 'development',
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://localhost:4000',
      databaseUrl: undefined,
      dataDirectory: '.gatehouse',
      memberships: 'many',
      operatorKeys: [DEVELOPMENT_OPERATOR_KEY],
      serviceKeys: [DEVELOPMENT_SERVICE_KEY],
      emailCodes: true,
      devIdpPort: 4001,
      warnings: [],
    })
    expect(config.masterKeys.map((key) => key.length)).toEqual([32])
    expect([...config.surfaces]).toEqual(['graphql', 'sso', 'scim', 'console', 'worker'])
  })

  it('the result cannot be changed', () => {
    const config = loadConfig({})
    expect([config, config.operatorKeys, config.allowedOrigins, config.warnings].every(Object.isFrozen)).toBe(true)
  })

  it('an empty value counts as not set', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: ' ', GATEHOUSE_OPERATOR_KEY: '' })).toEqual(loadConfig({}))
  })

  it('the public address follows the port and carries no trailing slash', () => {
    expect(loadConfig({ PORT: '4100' }).publicUrl).toBe('http://localhost:4100')
    expect(loadConfig({ GATEHOUSE_PUBLIC_URL: 'https://Gate.example.com/' }).publicUrl).toBe('https://gate.example.com')
  })

  it('lists are split at commas', () => {
    const config = loadConfig({
      GATEHOUSE_ALLOWED_ORIGINS: 'https://a.example, http://localhost:3000/',
      GATEHOUSE_TRUSTED_PROXIES: '10.0.0.0/8, loopback, ::1, fd00::/8',
      GATEHOUSE_SURFACES: 'graphql,worker',
    })
    expect(config.allowedOrigins).toEqual(['https://a.example', 'http://localhost:3000'])
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', 'loopback', '::1', 'fd00::/8'])
    expect([...config.surfaces]).toEqual(['graphql', 'worker'])
  })

  it('the previous key follows the current one during a rotation', () => {
    const previous = `gop_${'p'.repeat(32)}`
    const config = loadConfig({ GATEHOUSE_OPERATOR_KEY: OPERATOR_KEY, GATEHOUSE_OPERATOR_KEY_PREVIOUS: previous })
    expect(config.operatorKeys).toEqual([OPERATOR_KEY, previous])
    const services = { current: `gsv_${'c'.repeat(32)}`, previous: `gsv_${'p'.repeat(32)}` }
    const rotating = {
      GATEHOUSE_SERVICE_KEY: services.current,
      GATEHOUSE_SERVICE_KEY_PREVIOUS: services.previous,
    }
    expect(loadConfig(rotating).serviceKeys).toEqual([services.current, services.previous])
  })

  it.each([
    ['NODE_ENV', 'staging'],
    ['PORT', '65536'],
    ['PORT', '4000x'],
    ['HOST', 'a b'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'postgres://user:p@ss#word@:5432/x'],
    ['SMTP_URL', 'mail.example.com:25'],
    ['LOG_LEVEL', 'loud'],
    ['GATEHOUSE_PUBLIC_URL', 'https://example.com/gatehouse'],
    ['GATEHOUSE_PUBLIC_URL', 'https://user@example.com'],
    ['GATEHOUSE_ALLOWED_ORIGINS', '*'],
    ['GATEHOUSE_ALLOWED_ORIGINS', 'null'],
    ['GATEHOUSE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['GATEHOUSE_TRUSTED_PROXIES', 'everyone'],
    ['GATEHOUSE_MAIL_FROM', 'Gatehouse <a@b>\r\nBcc: <c@d>'],
    ['GATEHOUSE_MEMBERSHIPS', 'two'],
    ['GATEHOUSE_OPERATOR_KEY', 'gop_short'],
    ['GATEHOUSE_OPERATOR_KEY_PREVIOUS', 'x'.repeat(40)],
    ['GATEHOUSE_SERVICE_KEY', `gop_${'k'.repeat(43)}`],
    ['GATEHOUSE_MASTER_KEY', Buffer.alloc(31).toString('base64')],
    ['GATEHOUSE_MASTER_KEY_PREVIOUS', `${MASTER_KEY}!`],
    ['GATEHOUSE_EMAIL_CODES', 'yes'],
    ['GATEHOUSE_DEV_IDP_PORT', '-1'],
    ['GATEHOUSE_SURFACES', 'graphql,rest'],
    ['GATEHOUSE_SURFACES', ','],
  ])('%s=%j stops the start with its name and a remedy', (setting, value) => {
    expect(problemsOf({ [setting]: value })).toEqual([
      { setting, problem: expect.stringMatching(/^(is|holds|names) /), remedy: expect.stringMatching(/\w{3}/) },
    ])
  })

  it('every problem is reported at once', () => {
    const env = { PORT: 'x', GATEHOUSE_MEMBERSHIPS: 'x', GATEHOUSE_GOOGLE_CLIENT_ID: 'id', GATEHOUSE_PORT: '1' }
    expect(settingsOf(env).sort()).toEqual([
      'GATEHOUSE_GOOGLE_CLIENT_SECRET',
      'GATEHOUSE_MEMBERSHIPS',
      'GATEHOUSE_PORT',
      'PORT',
    ])
  })

  it('values never appear in the error, since they may be secrets', () => {
    const canary = 'canary-9f3'
    const error = errorOf({
      DATABASE_URL: canary,
      SMTP_URL: `http://user:${canary}@mail`,
      GATEHOUSE_OPERATOR_KEY: canary,
      GATEHOUSE_MASTER_KEY: canary,
      GATEHOUSE_GITHUB_CLIENT_SECRET: canary,
      GATEHOUSE_TOKEN: canary,
    })
    expect(error.problems).toHaveLength(6)
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain(canary)
  })

  it.each([
    ['GATEHOUSE_MEMBERSHIP', 'GATEHOUSE_MEMBERSHIPS'],
    ['GATEHOUSE_DATABASE_URL', 'DATABASE_URL'],
    ['GATEHOUSE_SMTP_URL', 'SMTP_URL'],
    ['GATEHOUSE_GOOGLE_CLIENTID', 'GATEHOUSE_GOOGLE_CLIENT_ID'],
  ])('the unknown %s asks whether %s was meant', (unknown, meant) => {
    expect(problemsOf({ [unknown]: 'x' })).toEqual([
      { setting: unknown, problem: 'is not a setting', remedy: `did you mean ${meant}?` },
    ])
  })

  it('an unknown name near to nothing points to the list, and names of other programs are ignored', () => {
    expect(problemsOf({ GATEHOUSE_COLOUR_OF_THE_SKY: 'x', PORTAL: 'x' })).toEqual([
      expect.objectContaining({ remedy: expect.stringContaining('.env.example') }),
    ])
  })

  it('the owner login needs the application login beside it', () => {
    expect(settingsOf({ GATEHOUSE_MIGRATION_DATABASE_URL: 'postgres://o:p@db/g' })).toEqual([
      'GATEHOUSE_MIGRATION_DATABASE_URL',
    ])
  })

  it('an address that others can reach needs keys of its own, in development too', () => {
    expect(settingsOf({ HOST: '0.0.0.0' })).toEqual(['GATEHOUSE_OPERATOR_KEY', 'GATEHOUSE_MASTER_KEY'])
    expect(loadConfig({ HOST: '::1' }).host).toBe('::1')
  })
})

describe('production', () => {
  it('starts without a warning when everything is set', () => {
    expect(loadConfig(PRODUCTION).warnings).toEqual([])
  })

  it('refuses to start without keys of its own', () => {
    const { GATEHOUSE_OPERATOR_KEY: _key, GATEHOUSE_MASTER_KEY: _master, ...rest } = PRODUCTION
    expect(settingsOf(rest)).toEqual(['GATEHOUSE_OPERATOR_KEY', 'GATEHOUSE_MASTER_KEY'])
  })

  it('refuses the development keys, as previous keys too', () => {
    const env = {
      ...PRODUCTION,
      GATEHOUSE_OPERATOR_KEY_PREVIOUS: DEVELOPMENT_OPERATOR_KEY,
      GATEHOUSE_MASTER_KEY_PREVIOUS: DEVELOPMENT_MASTER_KEY,
    }
    expect(settingsOf(env)).toEqual(['GATEHOUSE_OPERATOR_KEY_PREVIOUS', 'GATEHOUSE_MASTER_KEY_PREVIOUS'])
  })

  it('has no service key unless one is set, and refuses the development one', () => {
    expect(loadConfig(PRODUCTION).serviceKeys).toEqual([])
    expect(settingsOf({ ...PRODUCTION, GATEHOUSE_SERVICE_KEY: DEVELOPMENT_SERVICE_KEY })).toEqual([
      'GATEHOUSE_SERVICE_KEY',
    ])
    expect(settingsOf({ ...PRODUCTION, GATEHOUSE_SERVICE_KEY_PREVIOUS: `gsv_${'p'.repeat(32)}` })).toEqual([
      'GATEHOUSE_SERVICE_KEY',
    ])
  })

  it('refuses a plain http address unless only this machine reaches it', () => {
    expect(settingsOf({ ...PRODUCTION, GATEHOUSE_PUBLIC_URL: 'http://example.com' })).toEqual(['GATEHOUSE_PUBLIC_URL'])
    expect(settingsOf({ ...PRODUCTION, GATEHOUSE_PUBLIC_URL: 'http://127.example.com' })).toHaveLength(1)
    expect(loadConfig({ ...PRODUCTION, GATEHOUSE_PUBLIC_URL: 'http://[::1]:4000' }).publicUrl).toBe('http://[::1]:4000')
  })

  it('refuses the local identity provider', () => {
    expect(settingsOf({ ...PRODUCTION, GATEHOUSE_DEV_IDP_PORT: '4001' })).toEqual(['GATEHOUSE_DEV_IDP_PORT'])
  })

  it('warns when nobody could sign in and no mail leaves', () => {
    expect(loadConfig({ ...PRODUCTION, SMTP_URL: '' }).warnings).toEqual([
      expect.stringMatching(/^Nobody can sign in/),
      expect.stringMatching(/^No mail leaves/),
    ])
    expect(loadConfig({ ...PRODUCTION, GATEHOUSE_EMAIL_CODES: 'off' }).warnings).toHaveLength(1)
  })

  it('warns about the embedded database', () => {
    expect(loadConfig({ ...PRODUCTION, DATABASE_URL: '' }).warnings).toEqual([
      expect.stringMatching(/embedded database/),
    ])
  })
})
