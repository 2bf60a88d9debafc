import fc from 'fast-check'
import {
  type Attribute,
  bindFilter,
  caseKey,
  type Filter,
  GROUP,
  joinFilters,
  type Literal,
  matches,
  type Operator,
  parseFilter,
  printFilter,
  type Resource,
  type ResourceType,
  USER,
} from '../../../scim/protocol'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { pushTo, type ScimClient } from '../../support/scim'
import { rounds } from '../../support/soak'
import { means } from '../reference-filter'

/*
 * Who a filter finds, said three times over the same people and groups: by PostgreSQL, behind GET /Users and /Groups; by
 * the evaluator in memory, which PATCH and the rehearsals use; by the reference, which is written for reading.
 */

/** Directories, each with people and groups of its own. */
const CROWDS = rounds(1, 20)
/** Filters of one run of the property: 1,500 of the sample, 200,000 in full. */
const AT_ONCE = 20
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

// Of every kind that has been wrong somewhere: folding, characters beyond U+FFFF and what stands before them in UTF-16,
// quoting of SCIM, JSON, LIKE and SQL.
const WORDS = [
  ...[
    '',
    ' ',
    'a',
    'A',
    'ab',
    'aB',
    'b',
    'work',
    'Home',
    'true',
    'null',
    '0',
    '%_',
    '%',
    '\\',
    '\\"',
    '"',
    "'",
    '$1',
    '\t',
  ],
  ...[
    'ß',
    'ẞ',
    'ss',
    'SS',
    'İ',
    'i\u0307',
    'I',
    'ı',
    'Σ',
    'σ',
    'ς',
    'ΑΣ',
    'ας',
    'é',
    'e\u0301',
    'É',
    'ΐ',
    'ŉ',
    'ǅ',
    '\u212a',
    'Å',
  ],
  ...[
    'ＡＤＡ',
    'ada',
    'ｶﾞ',
    'ガ',
    '\u3000',
    'ﬀ',
    '가',
    '\u1100\u1161',
    '\u200d',
    '\uFFFD',
    '\uE000',
    '\uFFFF',
    '😀',
    '😁',
    '𐐀',
    '𐐨',
    '\u{10FFFF}',
  ],
  ...['\u0001', '\n', '\u007f', '\\u0061', "');--", 'a@work.example', 'A@WORK.EXAMPLE', 'ӐӐ'],
] as const
const MOMENTS = [
  '2025-01-01T00:00:00Z',
  '2099-12-31T23:59:59.999+14:00',
  '0001-01-01T00:00:00-13:59',
  '2025-01-01T00:00:00',
] as const

const word = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map(([one, other]) => one + other),
)
const json = <T extends Record<string, unknown>>(shape: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) =>
  fc.record(shape, { requiredKeys: [] })
const plural = (more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc
    .array(json({ value: word, type: word, display: word, primary: fc.boolean(), ...more }), { maxLength: 3 })
    // One at most may be the preferred one, whichever elements turn out to be the same.
    .map((elements) => elements.map((element, place) => (place > 0 ? { ...element, primary: false } : element)))

const person = json({
  externalId: word,
  active: fc.boolean(),
  title: word,
  nickName: word,
  displayName: word,
  profileUrl: word,
  name: json({ givenName: word, familyName: word, formatted: word }),
  emails: plural(),
  phoneNumbers: plural(),
  roles: plural(),
  photos: plural(),
  addresses: fc.array(json({ locality: word, type: word, country: word }), { maxLength: 3 }),
  x509Certificates: plural({ value: fc.constantFrom('AAEC', 'aaec', '') }),
  [ENTERPRISE]: json({
    department: word,
    costCenter: word,
    manager: json({ value: word, $ref: word }),
  }),
})
const distinct = fc.uniqueArray(
  word.filter((text) => text.trim() !== ''),
  { minLength: 40, maxLength: 40, selector: caseKey },
)

/** What a client can name in a filter. */
interface Name {
  readonly text: string
  /** What is compared: the sub-attribute, or `value` of a complex one; null where there is none. */
  readonly compared: Attribute | null
  readonly attribute: Attribute
}

function namesOf(type: ResourceType): Name[] {
  return [type, ...type.extensions].flatMap(({ attributes }) =>
    [...attributes.values()].flatMap((attribute) => {
      if (attribute.returned === 'never') return []
      const compared = attribute.type === 'complex' ? (attribute.subAttributes.get('value') ?? null) : attribute
      const whole = { text: attribute.notation, compared, attribute }
      const parts = [...attribute.subAttributes.values()]
      return [whole, ...parts.map((sub) => ({ text: sub.notation, compared: sub, attribute: sub }))]
    }),
  )
}

const OPERATORS: Record<string, readonly Operator[]> = {
  boolean: ['eq', 'ne'],
  binary: ['eq', 'ne'],
  dateTime: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
  string: ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'],
}

/** Some filter about a name. @param values  those that occur, so that something is found */
function leaf(text: string, compared: Attribute | null, values: readonly unknown[]): fc.Arbitrary<Filter> {
  const name = spelled(text)
  const present = name.map((each): Filter => ({ kind: 'present', name: each }))
  if (!compared) return present
  const known = values.flatMap((value) => {
    if (typeof value !== 'string') return []
    const characters = [...value]
    return [value, characters.slice(0, 3).join(''), characters.slice(-3).join('')]
  })
  const literal: Record<string, fc.Arbitrary<Literal>> = {
    boolean: fc.constantFrom<Literal>(true, false, 'True', 'false'),
    dateTime: fc.constantFrom(...MOMENTS, ...known.filter((each) => each.length > 19)),
  }
  const texts = fc.oneof(word, fc.constantFrom('', ...known))
  const compare = (operators: readonly Operator[], value: fc.Arbitrary<Literal>) =>
    fc.record({ kind: fc.constant('compare' as const), name, operator: fc.constantFrom(...operators), value })
  return fc.oneof(
    { weight: 8, arbitrary: compare(OPERATORS[compared.type] ?? OPERATORS.string!, literal[compared.type] ?? texts) },
    compare(['eq', 'ne'], fc.constant(null)),
    present,
  )
}

/** A name in one of the ways that a client may write it. */
function spelled(text: string): fc.Arbitrary<string> {
  const bare = text.replace(`${ENTERPRISE}:`, '')
  return fc.constantFrom(text, text, text.toUpperCase(), text.toLowerCase(), ...(bare === text ? [] : [bare]))
}

function combined(leaves: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaves,
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('filter'), { minLength: 2, maxLength: 3 }))
        .map(([kind, operands]) => joinFilters(kind, operands)),
      tie('filter').map((operand): Filter => ({ kind: 'not', operand })),
    ),
  })).filter
}

/** Filters about resources of a type, many of which find some of these. */
function filtersOf(type: ResourceType, resources: readonly Resource[]): fc.Arbitrary<Filter> {
  const valuesAt = (text: string) => {
    const found: unknown[] = []
    const collect = (value: unknown, [name, ...rest]: readonly string[]): void => {
      if (Array.isArray(value)) for (const each of value) collect(each, [name!, ...rest])
      else if (name === undefined) found.push(value)
      else if (typeof value === 'object' && value !== null) collect((value as Record<string, unknown>)[name], rest)
    }
    const keys = text.startsWith(ENTERPRISE)
      ? [ENTERPRISE, ...text.slice(ENTERPRISE.length + 1).split('.')]
      : text.split('.')
    for (const resource of resources) collect(resource, keys)
    return found
  }
  const names = namesOf(type)
  const about = names.map(({ text, compared, attribute }) => {
    const isWhole = compared !== attribute && compared !== null
    return leaf(text, compared, valuesAt(isWhole ? `${text}.value` : text))
  })
  const brackets = names
    .filter(({ attribute }) => attribute.type === 'complex')
    .map(({ text, attribute }) => {
      const inside = [...attribute.subAttributes.values()].map((sub) =>
        leaf(sub.name, sub, valuesAt(`${text}.${sub.name}`)),
      )
      return fc
        .tuple(spelled(text), combined(fc.oneof(...inside)))
        .map(([name, filter]): Filter => ({ kind: 'element', name, filter }))
    })
  return combined(fc.oneof({ weight: 3, arbitrary: fc.oneof(...about) }, fc.oneof(...brackets)))
}

describe.each(Array.from({ length: CROWDS }, (_, crowd) => crowd + 1))('filters over crowd %i', (crowd) => {
  let gatehouse: Gatehouse
  let scim: ScimClient
  const seed = Date.now() + crowd

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { scimRateLimit: { perSecond: 1_000_000, burst: 1_000_000 } })
    scim = (await pushTo(gatehouse)).scim
    const userNames = fc.sample(distinct, { numRuns: 1, seed })[0]!
    const bodies = fc.sample(person, { numRuns: userNames.length, seed })
    const ids: string[] = []
    for (const [place, userName] of userNames.entries()) {
      const { status, body } = await scim.post('/Users', { ...bodies[place], userName })
      expect({ status, body }).toMatchObject({ status: 201 })
      ids.push(body.id)
    }
    await pushGroups(userNames.slice(0, 8), ids)
    for (const id of ids.slice(0, 5)) await scim.patch(`/Users/${id}`, [{ op: 'add', path: 'locale', value: 'İ' }])
  })
  afterAll(() => gatehouse.close())

  /** The later ones also hold an earlier one, and one holds nobody. */
  async function pushGroups(names: readonly string[], ids: readonly string[]): Promise<void> {
    const groups: string[] = []
    for (const [place, displayName] of names.entries()) {
      const people = ids.filter((_, n) => place > 0 && (n + place) % (place + 2) === 0)
      const below = place > 3 ? [groups[place % 3]!] : []
      const members = [...people, ...below].map((value) => ({ value }))
      const { status, body } = await scim.post('/Groups', { displayName, externalId: names[(place * 3) % 8], members })
      expect(status).toBe(201)
      groups.push(body.id)
    }
  }

  it.each([
    { type: USER, path: '/Users', shown: '', numRuns: rounds(60, 400) },
    { type: GROUP, path: '/Groups', shown: 'displayName,externalId,members,members.display', numRuns: rounds(15, 100) },
  ])('find in PostgreSQL, in memory and by the simplest reading the same $type.name resources', async (of) => {
    const { type, path, shown, numRuns } = of
    const { body } = await scim.get(`${path}?count=1000${shown && `&attributes=meta,${shown}`}`)
    const resources = body.Resources as readonly Resource[]
    expect(resources.length).toBeGreaterThanOrEqual(8)
    const check = async (filter: Filter): Promise<void> => {
      const text = printFilter(filter)
      const bound = bindFilter(parseFilter(text), type)
      const ids = (found: readonly Resource[]) =>
        found.map(({ id }) => id as string).sort((one, other) => (one < other ? -1 : 1))
      const right = ids(resources.filter((each) => means(filter, type, each)))
      const answer = await scim.post(`${path}/.search`, { filter: text, attributes: ['id'], count: 1_000 })
      const inMemory = ids(resources.filter((each) => matches(bound, each)))
      const { Resources: inPostgres = [], totalResults } = answer.body
      const about = resources.filter(({ id }) =>
        [inMemory, ids(inPostgres)].some((found) => found.includes(id as string) !== right.includes(id as string)),
      )
      expect({ text, about, status: answer.status, totalResults, inMemory, inPostgres: ids(inPostgres) }).toEqual({
        ...{ text, about, status: 200, totalResults: right.length, inMemory: right, inPostgres: right },
      })
    }
    const filters = fc.array(filtersOf(type, resources), { minLength: AT_ONCE, maxLength: AT_ONCE })
    // What fails says everything, and looking for a smaller one would take long.
    await fc.assert(
      fc.asyncProperty(filters, async (some) => void (await Promise.all(some.map(check)))),
      { numRuns, endOnFailure: true },
    )
  })
})
