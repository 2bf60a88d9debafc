/** GraphiQL in the browser, served from the development dependencies: no network, no build step. */
import { createReadStream } from 'node:fs'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { renderGraphiqlPage } from './graphiql.page'
import { START_SCRIPT } from './start-script'

/** Where its files are served. */
export const GRAPHIQL_PATH = '/dev/graphiql/'

const FILES: ReadonlyMap<string, { packageName: string; file: string; type: string }> = new Map([
  ['react.js', { packageName: 'react', file: 'umd/react.production.min.js', type: 'text/javascript' }],
  ['react-dom.js', { packageName: 'react-dom', file: 'umd/react-dom.production.min.js', type: 'text/javascript' }],
  ['graphiql.js', { packageName: 'graphiql', file: 'graphiql.min.js', type: 'text/javascript' }],
  ['graphiql.css', { packageName: 'graphiql', file: 'graphiql.min.css', type: 'text/css' }],
])
const PACKAGES = [...FILES.values()].map(({ packageName }) => packageName)

// The editor writes style attributes; everything else comes from files of this server.
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Tells whether the development dependencies are there: `npm ci --omit=dev` leaves them out. */
export function isGraphiqlInstalled(): boolean {
  return PACKAGES.every((name) => folderOf(name) !== null)
}

/** The page for `GET /graphql`, with the policy its answer needs. */
export function graphiqlPage(): { html: string; policy: string } {
  return { html: renderGraphiqlPage(GRAPHIQL_PATH), policy: PAGE_POLICY }
}

/** Serves the scripts and styles of the page; to be registered when `isGraphiqlInstalled`. */
export async function graphiqlRoutes(app: FastifyInstance): Promise<void> {
  app.get(`${GRAPHIQL_PATH}start.js`, async (_request, reply) => reply.type('text/javascript').send(START_SCRIPT))
  for (const [name, { packageName, file, type }] of FILES) {
    const location = path.join(folderOf(packageName) ?? '', file)
    app.get(GRAPHIQL_PATH + name, async (_request, reply) =>
      reply.type(type).header('cache-control', 'private, max-age=3600').send(createReadStream(location)),
    )
  }
}

function folderOf(packageName: string): string | null {
  try {
    return path.dirname(require.resolve(`${packageName}/package.json`))
  } catch {
    return null
  }
}
