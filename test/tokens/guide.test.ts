import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { buildSchema, parse, validate } from 'graphql'
import type { JWTHeaderParameters } from 'jose'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { claimsOf, forge, mint, stealSigningKey } from '../support/tokens'
import { found } from '../support/world'

/* What docs/tokens.md tells people to copy, run as they would run it: in a process of its own. */

const ROOT = join(__dirname, '../..')
const GUIDE = readFileSync(join(ROOT, 'docs/tokens.md'), 'utf8')
const blocksOf = (language: string) =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!)

let gatehouse: Gatehouse
let folder: string

beforeAll(async () => {
  gatehouse = await startGatehouse()
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-guide-'))
  const [verifier] = blocksOf('js')
  const code = verifier!
    .replace("from 'jose'", `from '${pathToFileURL(require.resolve('jose')).href}'`)
    .replace("new URL('/.well-known/jwks.json', issuer)", `new URL('${gatehouse.url}/.well-known/jwks.json')`)
  expect(code).toContain(gatehouse.url)
  writeFileSync(join(folder, 'verifier.mjs'), code)
  writeFileSync(
    join(folder, 'ask.mjs'),
    `import { callerOf } from './verifier.mjs'
     const answers = []
     for (const token of process.argv.slice(2)) answers.push(await callerOf(token).then((claims) => claims.org_id, (error) => error.code))
     console.log(JSON.stringify(answers))`,
  )
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await gatehouse.close()
})

describe('docs/tokens.md', () => {
  it('has a verifier that believes a genuine token and refuses what is not one', async () => {
    const acme = await found(gatehouse, 'Acme')
    const { accessToken } = await mint(acme.admin.organization, {})
    const claims = claimsOf(accessToken) as Record<string, unknown>
    const { id: kid, key } = await stealSigningKey(gatehouse)
    const header: JWTHeaderParameters = { alg: 'ES256', typ: 'at+jwt', kid }
    const sign = (changes: object, headers: object = {}) =>
      forge({ ...claims, ...changes }, { ...header, ...headers }, key)
    const { exp: _, ...endless } = claims
    const now = Math.floor(Date.now() / 1000)
    const refused = {
      typ: await sign({}, { typ: 'JWT' }),
      kid: await sign({}, { kid: '../../x' }),
      audience: await sign({ aud: 'https://elsewhere.example' }),
      issuer: await sign({ iss: 'https://elsewhere.example' }),
      endless: await forge(endless, header, key),
      expired: await sign({ iat: now - 400, exp: now - 100 }),
      old: await sign({ iat: now - 400, exp: now + 400 }),
      homeless: await sign({ org_id: undefined }),
      unsigned: `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${accessToken.split('.')[1]}.`,
    }
    const presented = [accessToken, ...Object.values(refused)]
    const { stdout: answers } = await promisify(execFile)(process.execPath, [join(folder, 'ask.mjs'), ...presented])
    const [believed, ...errors] = JSON.parse(answers) as string[]
    expect(believed).toBe(acme.id)
    expect(errors).toHaveLength(Object.keys(refused).length)
    for (const error of errors) expect(error).toMatch(/^ERR_J/)
  })

  it('shows requests that the schema answers', () => {
    const schema = buildSchema(readFileSync(join(ROOT, 'schema.graphql'), 'utf8'))
    const [sh = ''] = blocksOf('sh')
    const { query } = JSON.parse(/<<'JSON'\n([\s\S]*?)\nJSON/.exec(sh)![1]!) as { query: string }
    const documents = [query, ...blocksOf('graphql')[0]!.trim().split('\n')]
    for (const document of documents)
      expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([])
  })

  it('names every claim', async () => {
    const acme = await found(gatehouse, 'Named')
    const { accessToken } = await mint(acme.admin.organization, {})
    for (const claim of Object.keys(claimsOf(accessToken) as object)) expect(GUIDE).toContain(`\`${claim}\``)
  })
})
