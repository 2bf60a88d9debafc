import fc from 'fast-check'
import { emailDomain, normalizeEmail } from '../../src/kernel/email-address'
import { fromTypeId, isUuid, newId, parseTypeId, toTypeId } from '../../src/kernel/ids'
import { cursorOf, pageOf, readPage } from '../../src/kernel/page'
import { isSlug, slugFrom } from '../../src/kernel/slug'
import { rounds } from '../support/soak'

describe('ids', () => {
  it('are UUIDv7 that sort in the order in which they were made, also within a millisecond', () => {
    const ids = Array.from({ length: rounds(10_000, 1_000_000) }, newId)
    expect(ids.every((id) => isUuid(id) && id[14] === '7' && /[89ab]/.test(id[19]!))).toBe(true)
    expect([...ids].sort((a, b) => (a < b ? -1 : 1))).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('carry the present time', () => {
    const milliseconds = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16)
    expect(Math.abs(milliseconds - Date.now())).toBeLessThan(2_000)
  })

  it('survive the way out and back for every UUID', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(fromTypeId('Member', toTypeId('Member', uuid))).toBe(uuid)
      }),
      { numRuns: rounds(1_000, 100_000) },
    )
  })

  it('match the published example of the TypeID specification', () => {
    expect(toTypeId('User', '01890a5d-ac96-774b-bcce-b302099a8057')).toBe('usr_01h455vb4pex5vsknk084sn02q')
  })

  it('of another type, another prefix or another length are none', () => {
    const id = toTypeId('Member', newId())
    expect(fromTypeId('User', id)).toBeNull()
    for (const text of [
      '',
      'mem_',
      id.slice(0, -1),
      `${id}0`,
      id.toUpperCase(),
      id.replace('mem', 'xyz'),
      `mem_8${id.slice(5)}`,
    ])
      expect(parseTypeId(text)).toBeNull()
  })
})

describe('slugs', () => {
  it.each(['a', 'acme', 'acme-2', '0', 'x'.repeat(48)])('%s is one', (text) => expect(isSlug(text)).toBe(true))
  it.each(['', '-a', 'a-', 'A', 'a b', 'ä', 'a_b', 'x'.repeat(49), 'a\n'])('%j is none', (text) =>
    expect(isSlug(text)).toBe(false),
  )

  it('are made from a name, or come out empty when nothing of it can stay', () => {
    expect(slugFrom('  Ada & Söhne GmbH ')).toBe('ada-sohne-gmbh')
    expect(slugFrom('日本')).toBe('')
  })

  it('made from any name are valid or empty', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        (name) => slugFrom(name) === '' || isSlug(slugFrom(name)),
      ),
      { numRuns: rounds(1_000, 100_000) },
    )
  })
})

describe('e-mail addresses', () => {
  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    [' a.b+tag@sub.example.org ', 'a.b+tag@sub.example.org'],
    ["o'hara@example.com", "o'hara@example.com"],
    ['jürgen@münchen.de', 'jürgen@münchen.de'],
  ])('%s becomes %s', (text, email) => expect(normalizeEmail(text)).toBe(email))

  it.each([
    '',
    'ada',
    '@example.com',
    'ada@',
    'ada@localhost',
    'a..b@example.com',
    '.a@example.com',
    'a b@example.com',
    'ada@-x.com',
    'a@b@example.com',
    'ada@example.com\u0000',
    'ada@example.com\nBcc: x@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'x.'.repeat(130)}com`,
  ])('%j is none', (text) => expect(normalizeEmail(text)).toBeNull())

  it('are read in linear time, whatever comes', () => {
    const started = performance.now()
    for (const text of [
      'a'.repeat(100_000),
      `${'a.'.repeat(50_000)}@x`,
      `a@${'a-'.repeat(50_000)}`,
      '@'.repeat(100_000),
    ])
      normalizeEmail(text)
    expect(performance.now() - started).toBeLessThan(200)
  })

  it('have a domain', () => expect(emailDomain('ada@example.com')).toBe('example.com'))
})

describe('pages', () => {
  it('walk forwards with 25 rows when nothing is said', () => {
    expect(readPage({}, 'list')).toEqual({ size: 25, direction: 'forwards', cursor: null })
  })

  it('continue after a cursor of the same list, and refuse one of another', () => {
    const cursor = cursorOf(['2026-01-01', 'id'], 'list')
    expect(readPage({ first: 2, after: cursor }, 'list').cursor).toEqual(['2026-01-01', 'id'])
    expect(() => readPage({ after: cursor }, 'other')).toThrow(
      expect.objectContaining({ code: 'INVALID', details: { path: ['after'] } }),
    )
  })

  it.each([
    { first: 0 },
    { first: 101 },
    { first: -1 },
    { last: 0 },
    { first: 1, last: 1 },
    { first: 1, before: 'x' },
    { after: '%%%' },
  ])('refuse %j', (page) => expect(() => readPage(page, 'list')).toThrow(expect.objectContaining({ code: 'INVALID' })))

  it('cut the row too many and tell whether the list goes on', () => {
    const forwards = readPage({ first: 2 }, 'list')
    expect(pageOf([1, 2, 3], forwards)).toEqual({ rows: [1, 2], hasNextPage: true, hasPreviousPage: false })
    const backwards = readPage({ last: 2, before: cursorOf(['9'], 'list') }, 'list')
    expect(pageOf([8, 7, 6], backwards)).toEqual({ rows: [7, 8], hasNextPage: true, hasPreviousPage: true })
  })
})
