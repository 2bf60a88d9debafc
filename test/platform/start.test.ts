import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DEVELOPMENT_OPERATOR_KEY } from '../../src/platform/config'
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster'
import { type BuiltGatehouse, buildOnce, runCommand, spawnGatehouse } from '../support/built-gatehouse'

jest.setTimeout(120_000)

let folder: string
const running = new Set<BuiltGatehouse>()

async function start(settings: Record<string, string> = {}): Promise<BuiltGatehouse> {
  const gatehouse = await spawnGatehouse({ GATEHOUSE_DATA_DIR: folder, ...settings })
  running.add(gatehouse)
  void gatehouse.ended().then(() => running.delete(gatehouse))
  return gatehouse
}

const dataFolder = (): string => path.join(folder, 'postgres', 'data')
const postmasterPid = (): number =>
  Number(readFileSync(path.join(dataFolder(), 'postmaster.pid'), 'utf8').split('\n')[0])

async function ask(gatehouse: BuiltGatehouse, query: string, token?: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const answer = await fetch(`${gatehouse.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
  return answer.json()
}

beforeAll(async () => {
  await buildOnce()
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'gatehouse-start-')), 'data')
})

afterAll(async () => {
  for (const gatehouse of running) gatehouse.process.kill('SIGTERM')
  await Promise.all([...running].map((gatehouse) => gatehouse.ended()))
  rmSync(path.dirname(folder), { recursive: true, force: true })
})

describe('npm start', () => {
  let gatehouse: BuiltGatehouse

  it('serves from nothing and says what to open first', async () => {
    gatehouse = await start()
    await gatehouse.ready()
    expect(await ask(gatehouse, '{ __typename }')).toMatchObject({ data: { __typename: 'Query' } })
    expect(gatehouse.output()).toContain('Gatehouse is ready')
    expect(gatehouse.output()).toContain('npm run seed')
    expect(gatehouse.output()).toContain(folder)
    expect(gatehouse.output()).toMatch(/Sign-in provider {2}http:\/\/127\.0\.0\.1:\d+/)
  })

  it('shows GraphiQL to a browser and names POST to everybody else', async () => {
    const page = await fetch(`${gatehouse.url}/graphql`, { headers: { accept: 'text/html' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const scripts = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, url]) => url)
    expect(scripts).toHaveLength(5)
    for (const url of scripts) expect((await fetch(gatehouse.url + url)).status).toBe(200)
    const other = await fetch(`${gatehouse.url}/graphql`, { headers: { accept: 'application/json' } })
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it('refuses a second start on the same folder, and the first goes on', async () => {
    const second = await start()
    expect(await second.ended()).toBe(1)
    expect(second.output()).toMatch(/Another Gatehouse \(process \d+\) already uses .+ Stop it first/)
    await gatehouse.ready()
  })

  it('refuses a port that is taken with the setting to change', async () => {
    const other = await start({ PORT: new URL(gatehouse.url).port, GATEHOUSE_DATA_DIR: `${folder}-other` })
    expect(await other.ended()).toBe(1)
    expect(other.output()).toMatch(/Port \d+ on 127\.0\.0\.1 is already in use.+set PORT/)
    expect(findPostmaster(path.join(`${folder}-other`, 'postgres', 'data'))).toBeNull()
  })

  it('comes back after kill -9 with its data, on the PostgreSQL that was left behind', async () => {
    const seed = await runCommand(['dist/src/commands/seed.js', '--json'], { GATEHOUSE_DATA_DIR: folder })
    const { organizations } = JSON.parse(seed.stdout) as { organizations: { adminToken: string }[] }
    const whoAmI = (): Promise<unknown> => ask(gatehouse, '{ viewer { user { email } } }', organizations[0]?.adminToken)
    const ada = { data: { viewer: { user: { email: 'ada@acme.example' } } } }
    expect(await whoAmI()).toMatchObject(ada)
    const postgres = postmasterPid()
    gatehouse.process.kill('SIGKILL')
    expect(await gatehouse.ended()).toBe('SIGKILL')

    gatehouse = await start()
    await gatehouse.ready()
    expect(gatehouse.output()).toContain('adopted')
    expect(postmasterPid()).toBe(postgres)
    expect(await whoAmI()).toMatchObject(ada)
  })

  it('ends with 0 on SIGTERM and leaves no PostgreSQL', async () => {
    gatehouse.process.kill('SIGTERM')
    expect(await gatehouse.ended()).toBe(0)
    expect(existsSync(path.join(dataFolder(), 'postmaster.pid'))).toBe(false)
    expect(existsSync(path.join(folder, 'gatehouse.lock'))).toBe(false)
  })
})

describe('settings', () => {
  it('stops with the name and the remedy of each wrong one', async () => {
    const gatehouse = await start({ PORT: 'many', GATEHOUSE_MEMBERSHIP: 'single' })
    expect(await gatehouse.ended()).toBe(1)
    expect(gatehouse.output()).toMatch(/PORT is not a whole number\n\s+→ use a free port/)
    expect(gatehouse.output()).toMatch(
      /GATEHOUSE_MEMBERSHIP is not a setting\n\s+→ did you mean GATEHOUSE_MEMBERSHIPS\?/,
    )
  })

  it('refuses the published development keys in production, and never prints them', async () => {
    const gatehouse = await start({ NODE_ENV: 'production', GATEHOUSE_OPERATOR_KEY: DEVELOPMENT_OPERATOR_KEY })
    expect(await gatehouse.ended()).toBe(1)
    expect(gatehouse.output()).toMatch(/GATEHOUSE_OPERATOR_KEY .*production refuses/)
    expect(gatehouse.output()).toMatch(/GATEHOUSE_MASTER_KEY .*production refuses/)
    expect(gatehouse.output()).not.toContain(DEVELOPMENT_OPERATOR_KEY)
  })

  it('says which database cannot be reached, without its password', async () => {
    const gatehouse = await start({ DATABASE_URL: 'postgres://gatehouse_app:hunter2hunter2@127.0.0.1:1/gatehouse' })
    expect(await gatehouse.ended()).toBe(1)
    expect(gatehouse.output()).toContain('The PostgreSQL of DATABASE_URL (127.0.0.1:1/gatehouse) cannot be used')
    expect(gatehouse.output()).not.toContain('hunter2')
  })
})
