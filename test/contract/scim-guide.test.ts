import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse, validate } from 'graphql'
import { buildGraphQLSchema } from '../../src/graphql/schema'

const guide = readFileSync(path.join(__dirname, '../../docs/scim.md'), 'utf8')

describe('docs/scim.md', () => {
  it('shows documents that the schema understands', () => {
    const blocks = [...guide.matchAll(/^```graphql\n(.*?)^```/gms)].map(([, text]) => text!)
    const documents = blocks.flatMap((block) => block.split(/^(?=mutation|query)/m).filter((text) => text.trim()))
    expect(documents.length).toBeGreaterThanOrEqual(6)
    const schema = buildGraphQLSchema()
    for (const document of documents) expect(validate(schema, parse(document))).toEqual([])
  })
})
