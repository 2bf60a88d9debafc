import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { loadConfig } from '../../src/platform/config'
import { APP_ROLE, DATABASE_ROLES_SQL, OPERATOR_ROLE, OWNER_ROLE } from '../../src/platform/database-roles'
import { SETTING_NAMES } from '../../src/platform/settings'

interface Service {
  image?: string
  build?: { context: string; target: string }
  ports?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
}

const root = join(__dirname, '../..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

const compose = parse(read('docker-compose.yml')) as {
  services: Record<string, Service>
  volumes: Record<string, object>
}
const dockerfile = read('Dockerfile').replace(/\\\n\s*/g, '')
const rolesSql = read('docker/database-roles.sql')
const { gatehouse = {}, postgres = {}, mailpit = {} } = compose.services

const PASSWORDS = {
  POSTGRES_PASSWORD: 'super',
  POSTGRES_OWNER_PASSWORD: 'owner',
  POSTGRES_APP_PASSWORD: 'app',
  GATEHOUSE_OPERATOR_KEY: `gop_${'k'.repeat(43)}`,
  GATEHOUSE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
}

/** What Compose puts into a container: `${NAME:-default}` and `${NAME:?message}` filled in. */
function environmentOf(service: Service, env: Record<string, string>): Record<string, string> {
  const fill = (text: string): string =>
    text.replace(
      /\$\{(\w+)(?::-([^}]*)|:\?[^}]*)\}/g,
      (_, name: string, byDefault?: string) => env[name] ?? byDefault ?? '',
    )
  return Object.fromEntries(Object.entries(service.environment ?? {}).map(([name, value]) => [name, fill(value)]))
}

describe('docker-compose.yml', () => {
  const config = loadConfig(environmentOf(gatehouse, PASSWORDS))

  it('sets only settings that the code reads, and the code accepts them without a warning', () => {
    expect(SETTING_NAMES).toEqual(expect.arrayContaining(Object.keys(gatehouse.environment ?? {})))
    expect(config).toMatchObject({ environment: 'production', host: '0.0.0.0', warnings: [] })
  })

  it('refuses to start without each secret', () => {
    const text = read('docker-compose.yml')
    for (const name of Object.keys(PASSWORDS)) expect(text).toContain(`\${${name}:?`)
  })

  it('publishes the ports that the processes listen on, to this machine only', () => {
    expect(gatehouse.ports).toEqual([`127.0.0.1:${new URL(config.publicUrl).port}:${config.port}`])
    expect(dockerfile).toContain(`EXPOSE ${config.port}\n`)
    expect(mailpit.ports).toEqual(['127.0.0.1:8025:8025'])
    expect(postgres.ports).toBeUndefined()
  })

  it('connects by the roles, the host and the database that the init file makes', () => {
    const [app, owner] = [config.databaseUrl, config.migrationDatabaseUrl].map((url) => new URL(url ?? ''))
    expect([app?.username, app?.password, app?.host]).toEqual([APP_ROLE, 'app', 'postgres:5432'])
    expect([owner?.username, owner?.password, owner?.host]).toEqual([OWNER_ROLE, 'owner', 'postgres:5432'])
    expect([app?.pathname, owner?.pathname]).toEqual(['/gatehouse', '/gatehouse'])
    expect(rolesSql).toContain(`CREATE DATABASE gatehouse OWNER ${OWNER_ROLE} `)
    expect(postgres.healthcheck?.test).toContain('--dbname=gatehouse')
  })

  it('the init file makes the roles as the code does', () => {
    expect(rolesSql).toContain(DATABASE_ROLES_SQL.trim())
    expect(rolesSql).toContain(`GRANT USAGE ON SCHEMA public TO ${APP_ROLE}, ${OPERATOR_ROLE};`)
    for (const [, variable = ''] of rolesSql.matchAll(/^\\getenv \w+ (\w+)$/gm)) {
      expect(postgres.environment).toHaveProperty(variable)
    }
  })

  it('mounts files that exist and volumes that are declared', () => {
    for (const [source = ''] of postgres.volumes?.map((volume) => volume.split(':')) ?? []) {
      expect(source.startsWith('./') ? existsSync(join(root, source)) : source in compose.volumes).toBe(true)
    }
  })

  it('sends mail to the mail catcher and waits for services that have a health check', () => {
    expect(new URL(config.smtpUrl ?? '').host).toBe('mailpit:1025')
    expect(Object.keys(gatehouse.depends_on ?? {})).toEqual(['postgres', 'mailpit'])
    for (const name of Object.keys(gatehouse.depends_on ?? {}))
      expect(compose.services[name]).toHaveProperty('healthcheck')
  })
})

describe('Dockerfile', () => {
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name)

  it('has the stage that Compose builds, and copies only from stages before', () => {
    expect(stages).toEqual(['build', 'dependencies', 'runtime'])
    expect(gatehouse.build).toEqual({ context: '.', target: 'runtime' })
    for (const [, from] of dockerfile.matchAll(/--from=(\S+)/g)) expect(stages).toContain(from)
  })

  it('copies files that exist and that .dockerignore lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    const copied = [...dockerfile.matchAll(/^COPY (?!--from|\. \.)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    )
    expect(copied.length).toBeGreaterThan(0)
    for (const name of copied) {
      expect(allowed).toContain(name)
      expect(existsSync(join(root, name))).toBe(true)
    }
    expect(allowed).toEqual(expect.arrayContaining(['tsconfig.json', 'tsconfig.build.json', 'scripts', 'src', 'scim']))
  })

  it('runs the compiled server as an ordinary user', () => {
    const [, command = ''] = /^CMD (.+)$/m.exec(dockerfile) ?? []
    const entry = (JSON.parse(command) as string[]).at(-1)
    expect(entry).toBe('dist/src/main.js')
    expect(dockerfile).toMatch(/^USER 10001:10001$/m)
  })

  it('its environment is accepted, and its health check asks the process itself', () => {
    const [, assignments = ''] = /^ENV (.+)$/m.exec(dockerfile) ?? []
    const names = assignments.split(' ').map((assignment) => assignment.split('=')[0])
    expect(SETTING_NAMES).toEqual(expect.arrayContaining(names))
    const [, path = ''] = /127\.0\.0\.1:\$\{process\.env\.PORT\}(\/\w+)`/.exec(dockerfile) ?? []
    expect(path).toBe('/healthz')
  })
})
