import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createSafeFetch, SafeFetchError } from '../../src/platform/safe-fetch'

/** What an attacker with a name server of their own can make a name point to. */
const NAMES: Record<string, string[]> = {
  'metadata.example.com': ['169.254.169.254'],
  'private.example.com': ['10.0.0.7'],
  'mixed.example.com': ['93.184.216.34', '127.0.0.1'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'nat64.example.com': ['64:ff9b::7f00:1'],
  'ula.example.com': ['fd00::1'],
  'cgnat.example.com': ['100.64.0.1'],
  'nowhere.example.com': [],
}

const FINE = Buffer.from('{"fine":true}')
const ENCODED = {
  gzip: gzipSync(FINE),
  br: brotliCompressSync(FINE),
  deflate: deflateSync(FINE),
  zstd: FINE,
  broken: FINE,
}

const resolve = async (host: string) =>
  (NAMES[host] ?? ['127.0.0.1']).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

async function reasonOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'answered',
    (error: unknown) => (error instanceof SafeFetchError ? error.reason : String(error)),
  )
}

describe('the fetch for addresses of tenants', () => {
  const strict = createSafeFetch({ allowsLoopback: false, resolve })
  const lenient = createSafeFetch({ allowsLoopback: true, resolve })
  let server: Server
  let origin: string
  let requests: string[]
  const answers: Record<string, RequestListener> = {
    '/plain': (_request, response) => response.end('{"fine":true}'),
    '/redirect': (_request, response) => response.writeHead(302, { location: '/plain' }).end(),
    '/large': (_request, response) => response.end(Buffer.alloc(513 * 1024)),
    '/bomb': (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50 * 1024 * 1024))),
    '/headers': (_request, response) => response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end(),
    '/two': (_request, response) => response.writeHead(200, { 'x-two': ['a', 'b'] }).end(),
    '/echo': (request, response) => request.pipe(response.setHeader('x-type', request.headers['content-type']!)),
    ...Object.fromEntries(
      Object.entries(ENCODED).map(([encoding, body]): [string, RequestListener] => [
        `/encoded/${encoding}`,
        (_request, response) =>
          response.writeHead(200, { 'content-encoding': encoding.replace('broken', 'gzip') }).end(body),
      ]),
    ),
    '/hang': () => {},
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(request.url!)
      answers[request.url!]!(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  beforeEach(() => {
    requests = []
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://198.18.0.1/',
    'https://192.0.2.1/',
    'http://idp.example.org/',
    'https://idp.example.org:8443/',
    'https://user:secret@idp.example.org/',
    'ftp://idp.example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'gopher://idp.example.org/',
    'not a url',
    'https://localhost/',
    'https://localhost./',
    'https://intranet/',
    'https://db.internal/',
    'https://printer.local/',
    'https://a.localhost/',
    'https://metadata.example.com/',
    'https://private.example.com/',
    'https://mixed.example.com/',
    'https://mapped.example.com/',
    'https://nat64.example.com/',
    'https://ula.example.com/',
    'https://cgnat.example.com/',
    'https://nowhere.example.com/',
    'https://rebound.example.com/',
  ])('does not go to %s', async (url) => {
    expect(await reasonOf(strict(url))).toBe('ADDRESS')
    expect(requests).toEqual([])
  })

  it('goes to loopback in development, and still to no private network', async () => {
    expect(await (await lenient(`${origin}/plain`)).json()).toEqual({ fine: true })
    for (const url of [
      'http://10.0.0.7/',
      'https://private.example.com/',
      'http://idp.example.org/',
      'https://mixed-private.test@10.0.0.1/',
    ])
      expect(await reasonOf(lenient(url))).toBe('ADDRESS')
  })

  it('resolves a name once, and connects to what it checked', async () => {
    let asked = 0
    const rebinding = createSafeFetch({
      allowsLoopback: true,
      resolve: async () => {
        asked += 1
        return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.7', family: 4 }]
      },
    })
    const url = `${origin.replace('127.0.0.1', 'localhost')}/plain`
    expect((await rebinding(url)).status).toBe(200)
    expect(asked).toBe(1)
  })

  it.each([
    ['/redirect', 'REDIRECT'],
    ['/large', 'TOO_LARGE'],
    ['/bomb', 'TOO_LARGE'],
    ['/headers', 'UNREACHABLE'],
  ])('does not take the answer of %s', async (path, reason) => {
    expect(await reasonOf(lenient(origin + path))).toBe(reason)
    expect(requests).toEqual([path])
  })

  it('gives up when the caller does', async () => {
    const signal = AbortSignal.timeout(200)
    expect(await reasonOf(lenient(`${origin}/hang`, { signal }))).toBe('TIMEOUT')
    const cancelled = new AbortController()
    setTimeout(() => cancelled.abort(), 100)
    expect(await reasonOf(lenient(`${origin}/hang`, { signal: cancelled.signal }))).toBe('UNREACHABLE')
  })

  it('gives up after five seconds', async () => {
    const began = performance.now()
    await expect(lenient(`${origin}/hang`)).rejects.toThrow('did not answer in time')
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  it('says the same of everything that stands at an address', async () => {
    const messages = await Promise.all(
      ['/redirect', '/large', '/headers'].map((path) => lenient(origin + path).catch((error: Error) => error.message)),
    )
    expect(new Set(messages).size).toBe(1)
    expect(messages[0]).not.toMatch(/302|large|header/i)
  })

  it.each(['gzip', 'br', 'deflate'])(
    'reads an answer that comes as %s, although nobody asked for it',
    async (encoding) => {
      const answer = await lenient(`${origin}/encoded/${encoding}`)
      expect(await answer.json()).toEqual({ fine: true })
      expect(answer.headers.get('content-encoding')).toBeNull()
    },
  )

  it('does not take an answer in an encoding it does not know, or in none', async () => {
    expect(await reasonOf(lenient(`${origin}/encoded/zstd`))).toBe('UNREACHABLE')
    expect(await reasonOf(lenient(`${origin}/encoded/broken`))).toBe('UNREACHABLE')
  })

  it('hands over a body that is read once, or as often as it is cloned', async () => {
    const answer = await lenient(`${origin}/plain`)
    const copy = answer.clone()
    expect([answer.bodyUsed, await answer.text(), answer.bodyUsed]).toEqual([false, '{"fine":true}', true])
    await expect(answer.json()).rejects.toThrow('read already')
    expect(() => answer.clone()).toThrow('read already')
    expect([copy.status, Buffer.from(await copy.arrayBuffer()).toString()]).toEqual([200, '{"fine":true}'])
  })

  it('hands over every header of an answer', async () => {
    const { headers } = await lenient(`${origin}/two`)
    expect(headers.get('x-two')).toBe('a, b')
  })

  it('sends what it is given', async () => {
    const answer = await lenient(`${origin}/echo`, { method: 'POST', body: new URLSearchParams({ code: 'a&b' }) })
    expect(await answer.text()).toBe('code=a%26b')
    expect(answer.headers.get('x-type')).toBe('application/x-www-form-urlencoded;charset=UTF-8')
    const plain = await lenient(`${origin}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: '<a/>',
    })
    expect([await plain.text(), plain.headers.get('x-type')]).toEqual(['<a/>', 'text/xml'])
  })
})
