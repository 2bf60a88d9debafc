import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Holds a committed text file equal to what the code makes; `UPDATE_GOLDEN=1` writes it instead. */
export function expectGolden(path: string, current: string): void {
  const file = join(__dirname, '../..', path)
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, current)
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (committed !== current)
    console.error(`${path} differs from the code. Run the test with UPDATE_GOLDEN=1, read what changed, and commit it.`)
  expect(committed).toBe(current)
}
