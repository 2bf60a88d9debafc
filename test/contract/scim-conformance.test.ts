import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const CODE = /\b(?:[TEDRCQPVBMX]\d{1,2}|[OE]-\d{1,2}|OneLogin|JumpCloud|Google|authentik)(?![\w.-])/g
const root = path.join(__dirname, '../..')
const promised = [...readFileSync(path.join(root, 'docs/scim-conformance.md'), 'utf8').matchAll(/^\| ([\w-]+) \|/gm)]
  .map(([, code]) => code!)
  .filter((code) => code !== 'code')

/** The titles of the tests that speak to the endpoint as a client does, each with its file. */
const titles = ['test/scim/http', 'test/sso'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(path.join(root, folder, file), 'utf8')
      const called = text.matchAll(/(?:\b(?:it|describe)|\))\(\s*(['`])((?:(?!\1).)+)\1/g)
      return [...called].map(([, , title]) => ({ file: `${folder}/${file}`, title: title! }))
    }),
)

describe('docs/scim-conformance.md', () => {
  it('promises every line of its lists once', () => {
    const counts = { T: 15, E: 4, D: 10, R: 20, C: 10, Q: 22, P: 16, V: 5, B: 7, M: 2, X: 8, 'O-': 11, 'E-': 18 }
    const lines = Object.entries(counts).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    )
    expect([...promised].sort()).toEqual([...lines, 'OneLogin', 'JumpCloud', 'Google', 'authentik'].sort())
  })

  it.each(promised)('%s is proven by a test over HTTP', (code) => {
    const proofs = titles.filter(({ title }) => [...title.matchAll(CODE)].some(([named]) => named === code))
    expect(proofs).not.toEqual([])
  })

  it('knows every code that a test names', () => {
    const named = new Set(titles.flatMap(({ title }) => [...title.matchAll(CODE)].map(([code]) => code)))
    expect([...named].filter((code) => !promised.includes(code))).toEqual([])
  })
})
