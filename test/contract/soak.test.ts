import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as Soak from '../support/soak'

const root = join(__dirname, '../..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

/** The counts as a process with this SOAK sees them. */
function countsUnder(soak: string | undefined): { races: number; accessRaces: number; chosen: number } {
  const before = process.env.SOAK
  if (soak === undefined) delete process.env.SOAK
  else process.env.SOAK = soak
  try {
    let counts = { races: 0, accessRaces: 0, chosen: 0 }
    jest.isolateModules(() => {
      const { ACCESS_RACES, RACES, rounds } = jest.requireActual<typeof Soak>('../support/soak')
      counts = { races: RACES, accessRaces: ACCESS_RACES, chosen: rounds(3, 7) }
    })
    return counts
  } finally {
    if (before === undefined) delete process.env.SOAK
    else process.env.SOAK = before
  }
}

const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && file !== join('contract', 'soak.test.ts'))
  .map((file) => ({ file, text: readFileSync(join(root, 'test', file), 'utf8') }))

describe('npm run soak', () => {
  it('is npm test with SOAK=1', () => {
    expect([scripts.test, scripts.soak]).toEqual(['jest', 'SOAK=1 jest'])
  })

  it('tries in full what npm test tries as a sample of at least 50 races', () => {
    expect(countsUnder(undefined)).toEqual({ races: 50, accessRaces: 200, chosen: 3 })
    expect(countsUnder('1').chosen).toBe(7)
    expect(countsUnder('1').races).toBeGreaterThanOrEqual(500)
  })

  it('reaches every race and every property', () => {
    const fixed = tests.filter(({ text }) => /\bin \d+ races|round < \d{2,};/.test(text)).map(({ file }) => file)
    const properties = tests.filter(({ text }) => text.includes('fc.assert(') && !text.includes('numRuns: rounds('))
    const outside = [...fixed, ...properties.map(({ file }) => file)]
    expect({ 'without RACES or rounds() of test/support/soak.ts': outside }).toEqual({
      'without RACES or rounds() of test/support/soak.ts': [],
    })
    expect(tests.filter(({ text }) => text.includes("from '../support/soak'")).length).toBeGreaterThanOrEqual(15)
  })
})
