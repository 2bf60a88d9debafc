import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse, validate } from 'graphql'
import { buildGraphQLSchema } from '../../src/graphql/schema'
import { readPermissionsFile } from '../../src/modules/permissions'

const guide = readFileSync(path.join(__dirname, '../../docs/roles.md'), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!)

describe('docs/roles.md', () => {
  it('shows documents that the schema understands', () => {
    const schema = buildGraphQLSchema()
    expect(blocks('graphql').length).toBeGreaterThanOrEqual(4)
    for (const document of blocks('graphql')) expect(validate(schema, parse(document))).toEqual([])
  })

  it('shows a file of permissions that is accepted', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-guide-'))
    try {
      const file = path.join(folder, 'permissions.json')
      writeFileSync(file, blocks('json')[0]!)
      expect(await readPermissionsFile(file)).toHaveLength(3)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
