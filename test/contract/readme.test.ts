import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, parse, validate } from 'graphql'

const root = join(__dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'))
const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
const verbs = Object.keys((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts)

/** The request bodies of the tour as the shell would send them. */
const bodies = blocks
  .filter((block) => block.includes('/graphql'))
  .map((block) => {
    const script = block
      .replace(/^curl .*?-d @- <<JSON$/m, 'cat <<JSON')
      .replace(/^curl [\s\S]*?-d ('[\s\S]*')$/m, 'printf %s $1')
    const env = { PATH: process.env.PATH, TOKEN: 'gos_token', ORGANIZATION: 'org_01h455vb4pex5vsknk084sn02q' }
    return execFileSync('sh', ['-c', script], { env, encoding: 'utf8' })
  })

describe('README.md', () => {
  it('begins with the two commands that everything starts from', () => {
    expect(blocks.slice(0, 2)).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n'])
  })

  it('shows requests that the schema answers', () => {
    expect(bodies.length).toBeGreaterThanOrEqual(4)
    for (const body of bodies) {
      const { query } = JSON.parse(body) as { query: string }
      expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([])
    }
  })

  it('names only verbs that npm run knows', () => {
    const named = [...readme.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, verb]) => verb)
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter((verb) => !verbs.includes(verb!))).toEqual([])
  })
})
