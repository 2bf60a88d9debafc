import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DEVELOPMENT_OPERATOR_KEY } from '../../src/platform/config'
import { TestBrowser } from '../support/browser'
import { type BuiltGatehouse, buildOnce, freePort, runCommand, spawnGatehouse } from '../support/built-gatehouse'

jest.setTimeout(300_000)

interface Handles {
  graphqlUrl: string
  operatorKey: string
  organizations: { id: string; slug: string; membershipMode: string; adminToken: string; accountToken: string }[]
  people: { email: string; organization: string; role: string }[]
  apiKeys: { id: string; organization: string; key: string }[]
  directory: { id: string; baseUrl: string; token: string } | null
  ssoProviders: { id: string; protocol: string; organization: string; startUrl: string }[]
  recoveryCodes: { organization: string; email: string; codes: string[] } | null
}

const folder = path.join(mkdtempSync(path.join(tmpdir(), 'gatehouse-seed-')), 'data')
let first: Handles
let identityProvider: { GATEHOUSE_DEV_IDP_PORT: string }
let server: BuiltGatehouse | undefined

async function seed(settings: Record<string, string> = {}): Promise<Handles> {
  const run = await runCommand(['dist/src/commands/seed.js', '--json'], {
    GATEHOUSE_DATA_DIR: folder,
    ...identityProvider,
    ...settings,
  })
  expect([run.code, run.stderr.replace(/Making \w+…\n/g, '')]).toEqual([0, ''])
  return JSON.parse(run.stdout) as Handles
}

async function ask(token: string, query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const answer = await fetch(`${server?.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
  return answer.json()
}

const places = ({ organizations }: Handles): string[][] => organizations.map(({ id, slug }) => [id, slug])

beforeAll(async () => {
  await buildOnce()
  identityProvider = { GATEHOUSE_DEV_IDP_PORT: String(await freePort()) }
  first = await seed()
})

afterAll(async () => {
  server?.process.kill('SIGTERM')
  await server?.ended()
  rmSync(path.dirname(folder), { recursive: true, force: true })
})

describe('npm run seed -- --json', () => {
  it('prints one object with every handle, without a running server', () => {
    expect(first).toMatchObject({ graphqlUrl: 'http://localhost:4000/graphql', operatorKey: DEVELOPMENT_OPERATOR_KEY })
    expect(first.organizations).toEqual(
      ['acme', 'globex', 'initech'].map((slug) => ({
        id: expect.stringMatching(/^org_[0-9a-z]{26}$/) as string,
        slug,
        membershipMode: slug === 'initech' ? 'SSO' : 'INVITATION',
        adminToken: expect.stringMatching(/^gos_/) as string,
        accountToken: expect.stringMatching(/^gas_/) as string,
      })),
    )
    expect(first.people).toContainEqual({ email: 'ada@acme.example', organization: 'acme', role: 'admin' })
    expect(first.people).toContainEqual({ email: 'sam@example.com', organization: 'globex', role: 'member' })
  })

  it('changes nothing the second time, beside a running server', async () => {
    server = await spawnGatehouse({ GATEHOUSE_DATA_DIR: folder, ...identityProvider })
    await server.ready()
    const second = await seed()
    expect(places(second)).toEqual(places(first))
    expect(second.people).toEqual(first.people)
    expect(second.ssoProviders).toEqual(first.ssoProviders)
    expect([second.directory?.id, second.directory?.baseUrl]).toEqual([first.directory?.id, first.directory?.baseUrl])
    expect(second.directory?.token).toMatch(/^scim_/)
    expect(second.directory?.token).not.toBe(first.directory?.token)
    expect(second.recoveryCodes).toBeNull()
    await server.ready()
  })

  it('hands out tokens that open what they say', async () => {
    const [acme] = first.organizations
    const whoAmI = '{ viewer { user { email } activeOrganization { id } memberships { roleKey } } }'
    const viewer = { user: { email: 'ada@acme.example' }, memberships: [{ roleKey: 'admin' }] }
    expect(await ask(acme!.adminToken, whoAmI)).toMatchObject({
      data: { viewer: { ...viewer, activeOrganization: { id: acme!.id } } },
    })
    expect(await ask(acme!.accountToken, whoAmI)).toMatchObject({
      data: { viewer: { ...viewer, activeOrganization: null } },
    })
  })

  it('has an organization in SSO mode, with both protocols tested and active, and the Admin’s session of a real sign-in', async () => {
    const { id, adminToken } = first.organizations.find(({ slug }) => slug === 'initech')!
    expect(first.ssoProviders.map(({ protocol, startUrl }) => [protocol, new URL(startUrl).pathname])).toEqual(
      first.ssoProviders.map((provider) => [provider.protocol, `/sso/${provider.id}/start`]),
    )
    const query = `{ viewer { user { email } memberships { roleKey } } organization(by: { id: "${id}" }) {
      membershipMode domains { name status } ssoProviders { status vendor lastTest { status } groupMappings { group role { key } } }
    } }`
    const provider = {
      status: 'ACTIVE',
      vendor: 'DEMO',
      lastTest: { status: 'SUCCEEDED' },
      groupMappings: [{ group: 'admins', role: { key: 'admin' } }],
    }
    expect(await ask(adminToken, query)).toMatchObject({
      data: {
        viewer: { user: { email: 'ida@initech.example' }, memberships: [{ roleKey: 'admin' }] },
        organization: {
          membershipMode: 'SSO',
          domains: [{ name: 'initech.example', status: 'VERIFIED' }],
          ssoProviders: [provider, provider],
        },
      },
    })
  })

  it('shows the recovery codes of its break-glass Admin when they are made', async () => {
    const { organization, email, codes } = first.recoveryCodes!
    expect([organization, email, codes.length]).toEqual(['initech', 'betty@initech.example', 10])
    const { accountToken } = first.organizations.find(({ slug }) => slug === 'initech')!
    const browser = new TestBrowser(server!.url.replace('127.0.0.1', 'localhost'))
    browser.cookies.set('gatehouse_account', accountToken)
    await browser.get('/organizations/initech/enter')
    await browser.submit('/organizations/initech/enter', { recoveryCode: codes[0]! })
    expect(browser.cookies.get('gatehouse_organization')).toMatch(/^gos_/)
  })

  it('makes the rest where another program has the port of the identity provider', async () => {
    const other = createServer((_request, response) => void response.end('something else')).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = String((other.address() as AddressInfo).port)
    const settings = { GATEHOUSE_DATA_DIR: folder, GATEHOUSE_DEV_IDP_PORT: port }
    const run = await runCommand(['dist/src/commands/seed.js', '--json'], settings)
    expect(run.stderr).toContain(`Another program has port ${port}`)
    const handles = JSON.parse(run.stdout) as Handles
    expect([run.code, handles.organizations.map(({ slug }) => slug), handles.ssoProviders]).toEqual([
      0,
      ['acme', 'globex'],
      [],
    ])
    other.closeAllConnections()
    other.close()
  })

  it('hands out API keys, new ones each time', async () => {
    const again = await seed()
    const [organization] = again.organizations
    const query = `{ organization(by: { id: "${organization!.id}" }) { slug } }`
    const [before, now] = [first, again].map(({ apiKeys }) => apiKeys.find((each) => each.organization === 'acme')!.key)
    expect(await ask(now!, query)).toMatchObject({ data: { organization: { slug: 'acme' } } })
    expect(await ask(before!, query)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  it('shows people and invitations in every state', async () => {
    const [acme] = first.organizations
    const query = `{ organization(by: { id: "${acme!.id}" }) {
      memberStats { joined invited suspended }
      invitations(first: 10) { nodes { status } }
      projects(first: 10) { nodes { slug } }
      teams(first: 10) { nodes { slug memberCount parent { slug } grants { project { slug } } } }
    } }`
    expect(await ask(acme!.adminToken, query)).toMatchObject({
      data: {
        organization: {
          memberStats: { joined: 18, invited: 5, suspended: 1 },
          invitations: { nodes: expect.arrayContaining([{ status: 'PENDING' }, { status: 'EXPIRED' }]) as unknown },
          projects: { nodes: expect.arrayContaining([{ slug: 'atlas' }, { slug: 'hermes' }]) as unknown },
          teams: {
            nodes: [
              { slug: 'engineering', memberCount: 3, parent: null, grants: [{ project: { slug: 'atlas' } }] },
              { slug: 'platform', memberCount: 2, parent: { slug: 'engineering' }, grants: [] },
              { slug: 'research', memberCount: 3, parent: null, grants: [{ project: { slug: 'hermes' } }] },
            ],
          },
        },
      },
    })
  })

  it('keeps out of production', async () => {
    const run = await runCommand(['dist/src/commands/seed.js'], {
      GATEHOUSE_DATA_DIR: `${folder}-production`,
      NODE_ENV: 'production',
      GATEHOUSE_OPERATOR_KEY: `gop_${'k'.repeat(40)}`,
      GATEHOUSE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    })
    expect([run.code, run.stdout]).toEqual([1, ''])
    expect(run.stderr).toContain('development only')
  })
})
