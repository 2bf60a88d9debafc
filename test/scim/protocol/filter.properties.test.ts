import fc from 'fast-check'
import {
  type Filter,
  joinFilters,
  type Literal,
  type Operator,
  parseFilter,
  printFilter,
  type Resource,
  USER,
} from '../../../scim/protocol'
import { rounds } from '../../support/soak'
import { means } from '../reference-filter'
import { isMatch, stored } from './support'

// Few words, so that what is asked for is often there.
const WORDS = ['a', 'A', 'ab', 'b', 'é', 'e\u0301', '"', '\\', '', 'work', 'home', '%_', '\uFFFD', '😀'] as const
const MOMENTS = [
  '2025-01-01T00:00:00Z',
  '2025-01-01T01:00:00+01:00',
  '2025-01-01T00:00:00.5Z',
  '2024-12-31T23:59:59Z',
] as const

const word = fc.constantFrom(...WORDS)
const TEXT_OPERATORS: readonly Operator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']
const ORDER_OPERATORS: readonly Operator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le']

function comparison(
  names: readonly string[],
  operators: readonly Operator[],
  value: fc.Arbitrary<Literal>,
): fc.Arbitrary<Filter> {
  return fc.record({
    kind: fc.constant('compare' as const),
    name: fc.constantFrom(...names),
    operator: fc.constantFrom(...operators),
    value,
  })
}

function combined(leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('filter'), { minLength: 2, maxLength: 3 }))
        .map(([kind, operands]) => joinFilters(kind, operands)),
      tie('filter').map((operand): Filter => ({ kind: 'not', operand })),
    ),
  })).filter
}

const ofElement = combined(
  fc.oneof(
    comparison(['type', 'value'], TEXT_OPERATORS, word),
    comparison(['primary'], ['eq', 'ne'], fc.boolean()),
    comparison(['value', 'type'], ['eq', 'ne'], fc.constant(null)),
    fc.constantFrom('type', 'value', 'primary').map((name): Filter => ({ kind: 'present', name })),
  ),
)
const ofResource = combined(
  fc.oneof(
    comparison(
      ['userName', 'title', 'externalId', 'name.givenName', 'emails.value', 'emails.type'],
      TEXT_OPERATORS,
      word,
    ),
    comparison(['active', 'emails.primary'], ['eq', 'ne'], fc.boolean()),
    comparison(['meta.created'], ORDER_OPERATORS, fc.constantFrom(...MOMENTS)),
    comparison(['title', 'emails.type', 'active'], ['eq', 'ne'], fc.constant(null)),
    fc
      .constantFrom('title', 'name', 'emails', 'emails.type', 'active')
      .map((name): Filter => ({ kind: 'present', name })),
    ofElement.map((filter): Filter => ({ kind: 'element', name: 'emails', filter })),
  ),
)

const email = fc.record({ type: word, value: word, primary: fc.constant(false) }, { requiredKeys: [] })
const resource = fc
  .tuple(
    fc.record(
      {
        userName: word.filter((text) => text !== ''),
        title: word,
        externalId: word,
        active: fc.boolean(),
        name: fc.record({ givenName: word }, { requiredKeys: [] }),
        emails: fc.array(email, { maxLength: 3 }),
      },
      { requiredKeys: ['userName'] },
    ),
    fc.constantFrom(...MOMENTS),
  )
  .map(([json, created]): Resource => {
    const user = stored(USER, json)
    return { ...user, meta: { ...(user.meta as object), created } }
  })

describe('filters', () => {
  it('are read as what they were printed from', () => {
    fc.assert(
      fc.property(ofResource, (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual(filter)
      }),
      { numRuns: rounds(300, 20_000) },
    )
  })

  it('mean the same with more parentheses, other spaces and other case', () => {
    const noise = (text: string) =>
      text
        .replace(/ (and|or|eq|ne|pr)\b/g, (operator) => ` ${operator.toUpperCase()}`)
        .replace(/ \(/g, '   ( ')
        .replace(/^(.*)$/s, '((  $1 ))')
    fc.assert(
      fc.property(ofResource, resource, (filter, user) => {
        const text = printFilter(filter)
        fc.pre(!/"[^"]* (and|or|eq|ne|pr|\()/.test(text))
        expect(isMatch(noise(text), user)).toBe(isMatch(text, user))
      }),
      { numRuns: rounds(200, 10_000) },
    )
  })

  it('match what the simplest reading of them matches', () => {
    fc.assert(
      fc.property(ofResource, resource, (filter, user) => {
        expect(isMatch(printFilter(filter), user)).toBe(means(filter, USER, user))
      }),
      { numRuns: rounds(500, 50_000) },
    )
  })

  it('split everybody in two: a filter or its negation matches', () => {
    fc.assert(
      fc.property(ofResource, resource, (filter, user) => {
        const text = printFilter(filter)
        expect(isMatch(`not (${text})`, user)).toBe(!isMatch(text, user))
      }),
      { numRuns: rounds(200, 10_000) },
    )
  })
})
