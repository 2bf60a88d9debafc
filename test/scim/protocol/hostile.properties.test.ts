import fc from 'fast-check'
import {
  applyPatch,
  bindFilter,
  compareBy,
  GROUP,
  groupPatch,
  isNotModified,
  type JsonValue,
  type Mode,
  matches,
  pageOf,
  parseFilter,
  projectionOf,
  type ResourceType,
  readBulk,
  readJson,
  readNewResource,
  readPatch,
  readQueryString,
  readSearchRequest,
  replaceResource,
  requireMatch,
  runBulk,
  ScimError,
  sortOf,
  USER,
} from '../../../scim/protocol'
import { rounds } from '../../support/soak'
import { ENTERPRISE, stored } from './support'

const ADA = stored(USER, {
  userName: 'ada',
  emails: [{ type: 'work', value: 'a@x' }],
  [ENTERPRISE]: { department: 'x' },
})
const ENGINES = stored(GROUP, { displayName: 'G', members: [{ value: 'u1' }] }, 'g1')
const PRISTINE = Object.getOwnPropertyNames(Object.prototype)

/** The words of a text, of which one may be empty. */
const words = (text: string) => [...text.split(/\s+/), '']

const NAMES = [
  ...words(
    'userName USERNAME name name.givenName emails members value type primary $ref active schemas id meta groups',
  ),
  ...words('password manager op path Operations filter attributes count startIndex cursor sortBy method bulkId data'),
  ...words('failOnErrors version urn: x __proto__ constructor prototype toString __proto__.polluted emails['),
  ENTERPRISE,
  `${ENTERPRISE}:manager`,
  'emails[type eq "work"]',
]
const TEXTS = [
  ...words('add Remove REPLACE True false work u1 emails.value POST PATCH DELETE /Users /Groups/g1 /../x bulkId:a a'),
  ...words('2025-01-31T08:00:00Z \0 \ud800 " ＡＤＡ __proto__ constructor'),
  ENTERPRISE,
  ' ',
  'members[value eq "u1"]',
  'emails[type eq "home"].value',
  'userName eq "ada"',
]

const text = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TEXTS) }, fc.string({ unit: 'binary', maxLength: 12 }))
const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(text, fc.boolean(), fc.constant(null), fc.double(), fc.integer()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 5 }).map(ownEntries),
  ),
})).value
const request = fc.oneof(
  json,
  json.map((value) => ({ Operations: [value] })),
  fc.array(fc.record({ op: text, path: text, value: json }), { maxLength: 4 }).map((Operations) => ({ Operations })),
  fc
    .array(fc.record({ method: text, path: text, bulkId: text, data: json }, { requiredKeys: [] }), { maxLength: 4 })
    .map((Operations) => ({ Operations })),
)
const mode = fc.constantFrom<Mode>('lenient', 'strict')

/** An object whose own keys may be `__proto__` and the like, as JSON.parse makes them. */
function ownEntries(entries: readonly (readonly [string, unknown])[]): object {
  const object = {}
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}

/** Runs everything that takes a body; each may succeed or throw the typed error, and nothing else. */
function tryAll(runs: readonly (() => unknown)[]): void {
  for (const run of runs) {
    try {
      run()
    } catch (error) {
      if (!(error instanceof ScimError)) throw error
      expect(error.detail.length).toBeLessThan(500)
    }
  }
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PRISTINE)
}

function uses(body: JsonValue, as: Mode): (() => unknown)[] {
  const ofType = (type: ResourceType, before: typeof ADA) => [
    () => serializable(readNewResource(type, body, as)),
    () => serializable(replaceResource(type, before, body, as).resource),
    () => serializable(applyPatch(type, before, readPatch(type, body, as), as).resource),
    () => projectionOf(type, readSearchRequest(body, as)).of(before),
  ]
  return [
    ...ofType(USER, ADA),
    ...ofType(GROUP, ENGINES),
    () => groupPatch(readPatch(GROUP, body, as), as),
    () => readBulk(body, { maxOperations: 10, maxPayloadSize: 1_000 }, as),
    () => pageOf(readSearchRequest(body, as), { defaultPageSize: 10, maxPageSize: 20 }),
  ]
}

/** What comes out can be stored: a jsonb column takes no NUL and no half of a surrogate pair. */
function serializable(resource: object): void {
  const stringified = JSON.stringify(resource)
  expect(stringified).not.toMatch(/\\u0000|\\ud[89a-f]/)
  expect(JSON.parse(stringified)).toEqual(resource)
}

describe('hostile input', () => {
  it('as a body ends in a typed error or a success', () => {
    const [ada, engines] = [structuredClone(ADA), structuredClone(ENGINES)]
    fc.assert(
      fc.property(request, mode, (value, as) => {
        tryAll([() => tryAll(uses(readJson(JSON.stringify(value)), as))])
      }),
      { numRuns: rounds(500, 50_000) },
    )
    expect([ADA, ENGINES]).toEqual([ada, engines])
  })

  it('as a body that was parsed elsewhere pollutes nothing either', () => {
    fc.assert(
      fc.property(request, mode, (value, as) => {
        tryAll(uses(JSON.parse(JSON.stringify(value)) as JsonValue, as))
      }),
      { numRuns: rounds(300, 20_000) },
    )
  })

  it('as the text of a body ends in a typed error or a success', () => {
    const piece = fc.oneof(
      fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '{"__proto__":', 'null', '1e999', '-'),
      text,
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => tryAll([() => readJson(pieces.join(''))])),
      { numRuns: rounds(500, 50_000) },
    )
  })

  it('as a filter, path, sort order or list of names ends in a typed error or a success', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        ' ',
        '.',
        '"',
        '\\',
        'not ',
        ' and ',
        ' or ',
        ' eq ',
        ' pr',
        ' co ',
        ' gt ',
        'true',
        'null',
        '5',
      ),
      fc.constantFrom(...NAMES),
      text,
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const expression = pieces.join('')
        tryAll([
          () => matches(bindFilter(parseFilter(expression), USER), ADA),
          () => matches(bindFilter(parseFilter(expression), GROUP, 'unassigned'), ENGINES),
          () => readPatch(USER, { Operations: [{ op: 'replace', path: expression, value: 'x' }] }, 'lenient'),
          () => [ADA, ADA].sort(compareBy(sortOf(USER, expression, 'ascending')!)),
          () => projectionOf(USER, { attributes: [expression] }).of(ADA),
          () => pageOf(readQueryString(expression), { defaultPageSize: 10, maxPageSize: 20 }),
          () => requireMatch(expression, 'W/"1"'),
          () => isNotModified(expression, 'W/"1"'),
        ])
      }),
      { numRuns: rounds(500, 50_000) },
    )
  })

  it('as a bulk request has a result for each operation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json, { maxLength: 6 }), async (operations) => {
        const items = { Operations: JSON.parse(JSON.stringify(operations)) as JsonValue }
        const bulk = readBulk(items, { maxOperations: 10, maxPayloadSize: 1_000 }, 'lenient')
        const execute = ({ bulkId }: { bulkId: string | undefined }) =>
          Promise.resolve({ status: 200, id: bulkId ?? 'x' })
        const { Operations } = await runBulk(bulk, execute, () => 'x')
        expect(Operations).toHaveLength(operations.length)
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PRISTINE)
      }),
      { numRuns: rounds(200, 10_000) },
    )
  })
})
