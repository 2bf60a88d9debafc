// Ory Polis' library with the smallest HTTP server around it. Its own product puts Next.js there, which costs more.
import { createServer } from 'node:http'
import { controllers } from '@boxyhq/saml-jackson'

const { directorySyncController } = await controllers({
  externalUrl: 'http://127.0.0.1',
  samlPath: '/saml',
  // It counts a directory by loading it, up to this many: with less, totalResults would be wrong.
  db: { engine: 'sql', type: 'postgres', url: `${process.env.PEER_DATABASE_URL}?max_conns=10`, pageLimit: 1_000_000 },
  noAnalytics: true,
  logger: { info() {}, warn: console.error, error: console.error },
})
const { data: directory, error } = await directorySyncController.directories.create({
  name: 'Bench',
  tenant: 'bench',
  product: 'bench',
  type: 'generic-scim-v2',
})
if (error) throw new Error(error.message)

const server = createServer((request, response) => {
  answer(request).then(
    ({ status, data }) => {
      const body = JSON.stringify(data ?? {})
      response.writeHead(status, {
        'content-type': 'application/scim+json',
        'content-length': Buffer.byteLength(body),
      })
      response.end(body)
    },
    (failure) => {
      console.error(failure)
      response.writeHead(500).end()
    },
  )
})

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1')
  const [, directoryId, resourceType, resourceId] = pathname.split('/')
  // It answers groups without their members: what is in one is asked past SCIM.
  if (resourceType === 'member-count') return { status: 200, data: { members: await countMembers(resourceId) } }
  const handled = {
    method: request.method,
    body: await readBody(request),
    directoryId,
    resourceType,
    resourceId,
    apiSecret: request.headers.authorization?.slice('Bearer '.length) ?? null,
    query: {
      count: numberOf(searchParams.get('count')),
      startIndex: numberOf(searchParams.get('startIndex')),
      filter: searchParams.get('filter') ?? undefined,
    },
  }
  // Events go nowhere: nothing is spent on webhooks, nor on looking up whether there are any.
  return directorySyncController.requests.handle(handled, async () => {})
}

async function readBody(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined
}

function numberOf(text) {
  return text === null ? undefined : Number(text)
}

async function countMembers(groupId) {
  const { groups } = directorySyncController
  groups.setTenantAndProduct(directory.tenant, directory.product)
  let count = 0
  for (;;) {
    const { data } = await groups.getGroupMembers({ groupId, pageOffset: count, pageLimit: 100 })
    count += data.length
    if (data.length === 0) return count
  }
}

server.listen(0, '127.0.0.1', () => {
  process.send({ baseUrl: `http://127.0.0.1:${server.address().port}/${directory.id}`, token: directory.scim.secret })
})
process.once('SIGTERM', () => process.exit(0))
