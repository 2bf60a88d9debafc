// `npm run dev`: the production compiler watching the sources, and the server restarted whenever its output changes.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfStale, root } from './build.mjs'

const settings = join(root, '.env')
if (existsSync(settings)) process.loadEnvFile(settings)
buildIfStale()

const run = (file, ...args) => spawn(file, args, { cwd: root, stdio: 'inherit' })
const compiler = run('node_modules/.bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput')
const server = run(
  process.execPath,
  '--enable-source-maps',
  '--watch-path=dist',
  '--watch-preserve-output',
  'dist/src/main.js',
)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    compiler.kill(signal)
    server.kill(signal)
  })
}
await Promise.all([compiler, server].map((child) => new Promise((resolve) => child.once('exit', resolve))))
