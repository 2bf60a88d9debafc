// Builds if needed, reads .env when there is one, then becomes the server, or the command named by the first argument:
//   node scripts/start.mjs                          the server
//   node scripts/start.mjs commands/seed --json     a command
// The program runs inside this process, so that signals, exit code and `kill -9` reach it directly.
import { existsSync } from 'node:fs'
import Module from 'node:module'
import { join } from 'node:path'
import { buildIfStale, root } from './build.mjs'

const [first, ...rest] = process.argv.slice(2)
const isCommand = first?.startsWith('commands/') ?? false
const entry = join(root, 'dist', 'src', `${isCommand ? first : 'main'}.js`)

const settings = join(root, '.env')
if (existsSync(settings)) process.loadEnvFile(settings)
buildIfStale()
process.setSourceMapsEnabled(true)
process.argv = [process.argv[0], entry, ...(isCommand ? rest : process.argv.slice(2))]
Module.runMain()
