import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { loadConfig } from '../../src/platform/config'
import { SETTING_NAMES } from '../../src/platform/settings'

const root = join(__dirname, '../..')
const example = readFileSync(join(root, '.env.example'), 'utf8')
const README_MARKER = '<!-- settings -->'

/** The example as it reads when every setting in it is switched on. */
const switchedOn = parseEnv(example.replace(/^#(?=[A-Z_]+=)/gm, ''))

describe('the list of settings', () => {
  it('.env.example names exactly the settings that the code reads', () => {
    expect(Object.keys(switchedOn).sort()).toEqual([...SETTING_NAMES].sort())
  })

  it('.env.example shows the true defaults', () => {
    expect(loadConfig(switchedOn)).toEqual(loadConfig({}))
  })

  it('.env.example changes nothing when it is copied as it is', () => {
    expect(parseEnv(example)).toEqual({})
  })

  it("the README's table names exactly the settings that the code reads", () => {
    const file = join(root, 'README.md')
    const readme = existsSync(file) ? readFileSync(file, 'utf8') : ''
    if (!readme.includes(README_MARKER)) return
    const table =
      readme
        .slice(readme.indexOf(README_MARKER) + README_MARKER.length)
        .trimStart()
        .split(/\n(?!\|)/)[0] ?? ''
    const names = [...table.matchAll(/^\|\s*`([A-Z_]+)`/gm)].map(([, name = '']) => name)
    expect(names.sort()).toEqual([...SETTING_NAMES].sort())
  })
})
