import fc from 'fast-check'
import { types } from 'pg'
import { readTimestamp } from '../../src/platform/database/type-parsers'
import { rounds } from '../support/soak'

const parse = types.getTypeParser(types.builtins.TIMESTAMPTZ, 'text') as (text: string) => unknown

describe('Instants from PostgreSQL', () => {
  it('are read as pg reads them, with a fraction of any length', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
        fc.constantFrom('', '.7', '.78', '.789', '.78901', '.789012', '.050', '.001'),
        fc.constantFrom('+00', '+02', '-03:30'),
        (date, fraction, zone) => {
          const text = `${date.toISOString().slice(0, 19).replace('T', ' ')}${fraction}${zone}`
          expect(readTimestamp(text)).toEqual(parse(text))
        },
      ),
      { numRuns: rounds(1_000, 100_000) },
    )
  })

  it.each([
    'infinity',
    '-infinity',
    '0044-03-15 12:00:00+00 BC',
    '20260-01-31 12:34:56+00',
    '20260-01-31 12:34:56.7+00',
  ])('are left to pg when they are unusual: %s', (text) => {
    expect(readTimestamp(text)).toEqual(parse(text))
  })
})
