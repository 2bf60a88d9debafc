import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DEVELOPMENT_OPERATOR_KEY } from '../../src/platform/config'
import { buildOnce, runCommand, spawnGatehouse } from '../support/built-gatehouse'
import { GraphQLClient } from '../support/graphql-client'

jest.setTimeout(120_000)

describe('npm run migrate', () => {
  let folder: string
  let file: string
  const settings = () => ({ GATEHOUSE_DATA_DIR: path.join(folder, 'data'), GATEHOUSE_PERMISSIONS_FILE: file })
  const list = (title: string, ...keys: string[]) =>
    writeFileSync(file, JSON.stringify({ permissions: keys.map((key) => ({ key, title, scope: 'PROJECT' })) }))

  beforeAll(async () => {
    await buildOnce()
    folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-migrate-'))
    file = path.join(folder, 'permissions.json')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('applies migrations and the file of permissions, which the start applies as well', async () => {
    list('First', 'image.generate')
    const first = await runCommand(['dist/src/commands/migrate.js'], settings())
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringMatching(/applied .+\nregistered what .+permissions\.json lists/s),
    ])

    list('Second', 'image.generate', 'model.train')
    const gatehouse = await spawnGatehouse(settings())
    try {
      await gatehouse.ready()
      const operator = new GraphQLClient(`${gatehouse.url}/graphql`, DEVELOPMENT_OPERATOR_KEY)
      const { data } = await operator.send('{ permissions { key title source } }')
      expect(data.permissions.filter(({ source }: { source: string }) => source === 'PLATFORM')).toEqual([
        { key: 'image.generate', title: 'Second', source: 'PLATFORM' },
        { key: 'model.train', title: 'Second', source: 'PLATFORM' },
      ])
    } finally {
      gatehouse.process.kill('SIGTERM')
      await gatehouse.ended()
    }
  })

  it('and the start refuse a broken file before they touch anything', async () => {
    list('Broken', 'member.remove')
    const migrated = await runCommand(['dist/src/commands/migrate.js'], settings())
    expect([migrated.code, migrated.stderr]).toEqual([1, expect.stringContaining('member.* belongs to Gatehouse')])
    const gatehouse = await spawnGatehouse(settings())
    expect(await gatehouse.ended()).toBe(1)
    expect(gatehouse.output()).toMatch(/GATEHOUSE_PERMISSIONS_FILE names .+\n.+→ correct the file/)
  })
})
