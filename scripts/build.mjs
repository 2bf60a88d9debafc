// Compiles src and scim into dist: `node scripts/build.mjs`, or by import with buildIfStale().
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const SOURCE_FOLDERS = ['src', 'scim']
// Written after a compilation without errors; the compiler writes its own .tsbuildinfo after a failed one too.
const stamp = join(dist, '.built')

/** Compiles when a source is newer than the last good build, in a clone that cannot compile only when nothing is built. */
export function buildIfStale() {
  if (isStale()) build()
}

function isStale() {
  if (!existsSync(stamp)) return true
  const builtAt = statSync(stamp).mtimeMs
  const inputs = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', ...SOURCE_FOLDERS.flatMap(entriesOf)]
  return inputs.some((input) => statSync(join(root, input)).mtimeMs > builtAt)
}

/** Files and folders; a folder's time tells of removed and renamed files. */
function entriesOf(folder) {
  if (!existsSync(join(root, folder))) return []
  return [folder, ...readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name))]
}

function build() {
  const startedAt = new Date()
  console.error('Building…')
  const compiler = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace('package.json', 'bin/tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    // Standard output belongs to the command that is built for, such as `npm run seed -- --json`.
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) process.exit(status ?? 1)
  SOURCE_FOLDERS.forEach(removeLeftovers)
  writeFileSync(stamp, `${startedAt.toISOString()}\n`)
}

/** Output of a source that is gone, such as a renamed migration, would still be found by whoever lists a folder. */
function removeLeftovers(folder) {
  const compiled = join(dist, folder)
  if (!existsSync(compiled)) return
  for (const name of readdirSync(compiled, { recursive: true })) {
    if (!/\.js(\.map)?$/.test(name)) continue
    const source = join(root, relative(dist, join(compiled, name))).replace(/\.js(\.map)?$/, '')
    if (!existsSync(`${source}.ts`) && !existsSync(`${source}.tsx`)) rmSync(join(compiled, name))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build()
