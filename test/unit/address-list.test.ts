import fc from 'fast-check'
import { readAddressList } from '../../src/modules/invitations/address-list.model'
import { rounds } from '../support/soak'

const emailsIn = (...texts: string[]) => readAddressList(texts).map(({ email }) => email)

describe('an address list', () => {
  it.each([
    ['one address', 'ada@example.com', ['ada@example.com']],
    ['commas', 'a@x.org,b@x.org, c@x.org', ['a@x.org', 'b@x.org', 'c@x.org']],
    ['semicolons', 'a@x.org;b@x.org ;c@x.org;', ['a@x.org', 'b@x.org', 'c@x.org']],
    ['lines of any system', 'a@x.org\nb@x.org\r\nc@x.org\rd@x.org', ['a@x.org', 'b@x.org', 'c@x.org', 'd@x.org']],
    ['spaces and tabs', 'a@x.org b@x.org\tc@x.org', ['a@x.org', 'b@x.org', 'c@x.org']],
    ['a name in front', 'Ada Lovelace <ada@x.org>', ['ada@x.org']],
    ['a quoted name with a comma', '"Lovelace, Ada" <ada@x.org>, bo@x.org', ['ada@x.org', 'bo@x.org']],
    ['a name that is the address', '"ada@x.org" <ada@x.org>', ['ada@x.org']],
    ['brackets alone', '<a@x.org> <b@x.org>', ['a@x.org', 'b@x.org']],
    ['quoted addresses of a table', '"a@x.org","b@x.org"', ['a@x.org', 'b@x.org']],
    ['an address before a named one, without separator', 'a@x.org Bo <b@x.org>', ['a@x.org', 'b@x.org']],
    ['a bracket that is never closed', 'a@x.org, <b@x.org', ['a@x.org', 'b@x.org']],
    ['other scripts', 'josé@exämple.org', ['josé@exämple.org']],
    ['nothing', ' ,;\n ', []],
  ])('understands %s', (_what, text, emails) => {
    expect(emailsIn(text)).toEqual(emails)
  })

  it('counts the same address once, whatever its case and wherever it stands', () => {
    expect(readAddressList(['Ada@X.org, ada@x.org', 'Ada <ADA@x.org>', 'bo@x.org'])).toEqual([
      { index: 0, input: 'Ada@X.org', email: 'ada@x.org' },
      { index: 2, input: 'bo@x.org', email: 'bo@x.org' },
    ])
  })

  it('keeps what it cannot read, shortened, so that somebody can correct it', () => {
    expect(readAddressList(['ada@x.org, bo@, @x.org', 'y'.repeat(5_000)])).toEqual([
      { index: 0, input: 'ada@x.org', email: 'ada@x.org' },
      { index: 0, input: 'bo@', email: null },
      { index: 0, input: '@x.org', email: null },
      { index: 1, input: 'y'.repeat(320), email: null },
    ])
  })

  it('never throws, and finds every address between any separators', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,12}$/)
    const address = fc.tuple(word, word).map(([local, domain]) => `${local}@${domain}.org`)
    const separator = fc.constantFrom(',', ';', ' ', '\n', ', ', ' ;\r\n')
    fc.assert(
      fc.property(fc.array(fc.tuple(address, separator), { maxLength: 30 }), (pairs) => {
        const text = pairs.map(([email, between]) => email + between).join('')
        expect(emailsIn(text)).toEqual([...new Set(pairs.map(([email]) => email))])
      }),
      { numRuns: rounds(500, 20_000) },
    )
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 5 }), (texts) => {
        for (const { index, input } of readAddressList(texts)) {
          expect(index).toBeLessThan(texts.length)
          expect(input.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: rounds(500, 20_000) },
    )
  })

  it.each([
    ['quotes', '"'],
    ['brackets', '<'],
    ['pairs of brackets', '<>'],
    ['at signs', '@'],
    ['dots', 'a.'],
    ['separators', ', ;'],
    ['half addresses', 'a@b '],
    ['quotes and lines', '"\n'],
    ['one word', 'a'],
    ['addresses', 'a@b.org,'],
  ])('reads 100 kB of %s in no time', (_what, unit) => {
    const text = unit.repeat(Math.ceil(100_000 / unit.length))
    const started = performance.now()
    readAddressList([text])
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
