import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type BuiltGatehouse, buildOnce, freePort, spawnGatehouse } from '../support/built-gatehouse'

jest.setTimeout(300_000)

const repository = path.resolve(__dirname, '../..')
const tour = readFileSync(path.join(repository, 'README.md'), 'utf8')
  .split(/^## /m)
  .find((part) => part.startsWith('First tour'))
const blocks = [...(tour ?? '').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)

/** As much of curl as the README uses, so that the tests need nothing but Node; another option stops it. */
const CURL = `#!/usr/bin/env node
const { parseArgs } = require('node:util')
const { values, positionals } = parseArgs({ allowPositionals: true, options: {
  silent: { type: 'boolean', short: 's' }, header: { type: 'string', short: 'H', multiple: true }, data: { type: 'string', short: 'd' } } })
const headers = Object.fromEntries(values.header.map((line) => line.split(/:\\s*/, 2)))
const body = values.data === '@-' ? require('node:fs').readFileSync(0, 'utf8').replaceAll('\\n', '') : values.data
fetch('http://' + positionals[0], { method: 'POST', headers, body }).then(async (answer) => console.log(await answer.text()))
`

describe("README's first tour", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-tour-'))
  let gatehouse: BuiltGatehouse
  let answers: unknown[]

  beforeAll(async () => {
    await buildOnce()
    const identityProvider = { GATEHOUSE_DEV_IDP_PORT: String(await freePort()) }
    gatehouse = await spawnGatehouse({ GATEHOUSE_DATA_DIR: path.join(folder, 'data'), ...identityProvider })
    await gatehouse.ready()
    answers = await walk(gatehouse.url, identityProvider)
  })
  afterAll(async () => {
    gatehouse.process.kill('SIGTERM')
    await gatehouse.ended()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Everything of the tour in one shell, as somebody would type it. @returns the data that each curl printed */
  async function walk(url: string, settings: Record<string, string>): Promise<unknown[]> {
    mkdirSync(path.join(folder, 'bin'))
    writeFileSync(path.join(folder, 'bin', 'curl'), CURL, { mode: 0o755 })
    const prelude = `set -eu\nnpm() { command npm --prefix '${repository}' "$@"; }\n`
    const script = prelude + blocks.join(`printf '\\036'\n`).replaceAll('localhost:4000', new URL(url).host)
    const env = {
      PATH: `${path.join(folder, 'bin')}${path.delimiter}${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
      HOME: folder,
      GATEHOUSE_DATA_DIR: path.join(folder, 'data'),
      npm_config_update_notifier: 'false',
      ...settings,
    }
    const { stdout } = await promisify(execFile)('sh', ['-c', script], { cwd: folder, env })
    const [seeded, ...printed] = stdout.split('\x1e')
    expect(seeded).toBe('')
    return printed.map((text) => (JSON.parse(text) as { data: unknown }).data)
  }

  it('says who one is, and where', () => {
    expect(answers[0]).toEqual({
      viewer: {
        user: { name: expect.any(String), email: 'ada@acme.example' },
        activeOrganization: { name: 'Acme', slug: 'acme', membershipMode: 'INVITATION' },
      },
    })
  })

  it('says who is in the organization', () => {
    const node = { email: expect.stringContaining('@'), status: expect.any(String), role: { name: expect.any(String) } }
    expect(answers[1]).toEqual({
      organization: {
        memberStats: { joined: expect.any(Number), invited: expect.any(Number) },
        members: {
          nodes: Array.from({ length: 5 }, () => node),
          pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
        },
      },
    })
  })

  it('invites two of three, and says what is wrong with the third', () => {
    expect(answers[2]).toEqual({
      inviteMembers: {
        results: [
          { email: 'grace@example.org', outcome: 'SENT', message: 'Invited.' },
          { email: 'alan@example.org', outcome: 'SENT', message: 'Invited.' },
          { email: null, outcome: 'INVALID', message: expect.stringContaining('not an e-mail address') },
        ],
        userErrors: [],
      },
    })
  })

  it('shows the two invitations as the last that happened, and nothing more', () => {
    const { nodes } = (answers[3] as { organization: { auditEvents: { nodes: { targets: { label: string }[] }[] } } })
      .organization.auditEvents
    expect(nodes).toHaveLength(3)
    for (const node of nodes)
      expect(node).toMatchObject({ at: expect.any(String), actorLabel: expect.stringContaining('Ada') })
    expect(nodes.slice(0, 2)).toMatchObject([{ action: 'invitation.sent' }, { action: 'invitation.sent' }])
    const invited = new Set(nodes.slice(0, 2).map(({ targets }) => targets[0]?.label))
    expect(invited).toEqual(new Set(['alan@example.org', 'grace@example.org']))
    expect(answers).toHaveLength(4)
  })
})
