import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const script = join(__dirname, '../../scripts/check-arrows.mjs')

/** What every planted tree holds: one well-behaved file per layer. */
const SOUND = {
  'src/kernel/ids.ts': 'export const id = 1',
  'src/platform/database.ts': `import { id } from '../kernel/ids'\nimport 'typeorm'\nexport const db = id`,
  'src/platform/config.ts': 'export type Config = { port: number }',
  'src/access/policy.ts': 'export const can = true',
  'src/modules/members/index.ts': `export { rank } from './member.model'`,
  'src/modules/members/member.model.ts': `import type { can } from '../../access/policy'\nexport const rank = 1`,
  'src/modules/teams/index.ts': `import { rank } from '../members'\nexport const team = rank`,
  'src/graphql/schema.ts': `import '../modules/members'\nimport type { Config } from '../platform/config'`,
  'src/sign-in/page.tsx': 'export const page = <p>{1}</p>',
  'src/dev/mailbox.ts': `import '../platform/database'`,
  'src/main.ts': `import type {} from './dev/mailbox'\nexport const dev = () => import('./dev/mailbox')`,
}

function check(planted: Record<string, string>): { status: number | null; output: string } {
  const root = mkdtempSync(join(tmpdir(), 'arrows-'))
  try {
    for (const [name, text] of Object.entries(planted)) {
      mkdirSync(join(root, dirname(name)), { recursive: true })
      writeFileSync(join(root, name), text)
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' })
    return { status, output: stdout + stderr }
  } finally {
    rmSync(root, { recursive: true })
  }
}

describe('the arrows', () => {
  it('a sound tree passes, and the number of modules read is told', () => {
    expect(check(SOUND)).toEqual({ status: 0, output: expect.stringContaining('arrows: 11 modules') })
  })

  it('an empty tree fails, since nothing was checked', () => {
    expect(check({})).toEqual({ status: 1, output: expect.stringContaining('nothing was read') })
  })

  it.each([
    ['src/kernel/ids.ts', `import '../platform/config'`, 'kernel may not import it'],
    ['src/kernel/ids.ts', `import type { Config } from '../platform/config'`, 'kernel may not import it'],
    ['src/kernel/ids.ts', `export type C = import('../platform/config').Config`, 'kernel may not import it'],
    ['src/kernel/ids.ts', `export * from '../platform/config'`, 'kernel may not import it'],
    ['src/kernel/ids.ts', `export const load = () => import('../platform/config')`, 'kernel may not import it'],
    ['src/graphql/x.ts', `import '../platform/database'`, 'graphql may not import it'],
    ['src/graphql/x.ts', `import '../modules/members/member.model'`, 'graphql may not import it'],
    ['src/sign-in/x.tsx', `import '../graphql/schema'\nexport const p = <p />`, 'sign-in may not import it'],
    ['src/graphql/x.ts', `import 'typeorm'`, 'typeorm is imported only by'],
    ['src/rest/x.ts', `import 'pg/lib/client'`, 'pg is imported only by'],
    ['src/modules/teams/x.ts', `import '../members/member.model'`, 'through its index.ts'],
    ['src/modules/members/member.model.ts', `import '../../platform/config'`, 'a model is pure'],
    ['src/modules/members/member.model.ts', `import 'node:fs'`, 'a model is pure'],
    ['src/modules/members/x.ts', `import '../teams'\nimport './index'`, 'folders in a circle'],
    ['src/kernel/a.ts', `import type {} from './a'`, 'files in a circle'],
    ['src/main.ts', `import './dev/mailbox'`, 'production never loads src/dev'],
    ['src/rest/x.ts', `export const dev = () => import('../dev/mailbox')`, 'rest may not import it'],
    ['scim/protocol/x.ts', `import '../../src/kernel/ids'`, 'scim/protocol may not import it'],
    ['scim/protocol/x.ts', `import { z } from 'zod'`, 'scim/protocol imports no package'],
    ['scim/protocol/x.ts', `import type { Buffer } from 'node:buffer'`, 'scim/protocol imports no package'],
    ['src/helpers/x.ts', `import '../kernel/ids'`, 'belongs to no layer'],
  ])('%s with %j is reported', (file, text, problem) => {
    expect(check({ ...SOUND, [file]: text })).toEqual({ status: 1, output: expect.stringContaining(problem) })
  })

  it('an import of a file that does not exist fails', () => {
    expect(check({ ...SOUND, 'src/kernel/x.ts': `import './gone'` }).output).toContain('which does not exist')
  })
})
