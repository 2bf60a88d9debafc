import { Agent, request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { type RawAnswer, sendRaw, sendUntilAnswered } from '../support/raw-http'
import { newGroup, newUser, pushTo, type TestDirectory } from '../support/scim'
import { rounds } from '../support/soak'

/*
 * What is thrown at the endpoint by somebody who holds a token: never a 5xx, nothing of the process is changed by it, and
 * no error says more than it should. The server is part of this process, so its prototypes are these.
 */

/** Requests of one run of a property: 4,000 of the sample, 300,000 in full, in three kinds. */
const AT_ONCE = 20
const PRISTINE = Object.getOwnPropertyNames(Object.prototype)
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

let gatehouse: Gatehouse
let directories: TestDirectory[]
let userId: string
let groupId: string
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })

beforeAll(async () => {
  gatehouse = await startGatehouse({}, { scimRateLimit: { perSecond: 1_000_000, burst: 1_000_000 } })
  directories = [await pushTo(gatehouse), await pushTo(gatehouse, { isStrict: true })]
  const { scim } = directories[0]!
  userId = (await scim.post('/Users', newUser())).body.id
  groupId = (await scim.post('/Groups', newGroup({ members: [{ value: userId }] }))).body.id
})
afterAll(async () => {
  agent.destroy()
  await gatehouse.close()
})

/** Sends a request with a token. @param path  as it goes over the wire */
function send(
  method: string,
  path: string,
  { body, headers = {}, to = directories[0]! }: { body?: string | Buffer; headers?: object; to?: TestDirectory } = {},
): Promise<RawAnswer> {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = httpRequest(gatehouse.url, {
      method,
      agent,
      path: `/scim/v2/${to.id}${path}`,
      headers: { authorization: `Bearer ${to.token}`, ...length, ...headers },
    })
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => void (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** What an answer may be: a success, or a refusal that says what is wrong and nothing about us. */
function expectHarmless(asked: unknown, { status, body }: RawAnswer): void {
  const isRefusal = status >= 400
  const error = isRefusal ? (JSON.parse(body) as { status?: string; detail?: string; schemas?: string[] }) : null
  const { detail = '' } = error ?? {}
  const told = {
    asked,
    isServerFault: status >= 500 && status !== 501,
    status: error ? error.status : String(status),
    isLong: detail.length > 600,
    says: /SELECT|INSERT|\$\d+::|node_modules|\.ts:|\bat [A-Z]\w*\.|TypeError|RangeError/.exec(detail)?.[0],
  }
  expect(told).toEqual({ asked, isServerFault: false, status: String(status), isLong: false, says: undefined })
}

function expectPristine(): void {
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PRISTINE)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
}

const words = (text: string) => text.split(/\s+/)
const NAMES = [
  ...words(
    'userName USERNAME name name.givenName emails members value type primary $ref active schemas id meta groups externalId',
  ),
  ...words('password manager op path Operations filter attributes count startIndex cursor sortBy method bulkId data'),
  ...words(
    'displayName failOnErrors version urn: x __proto__ constructor prototype toString __proto__.polluted emails[',
  ),
  ...['', ENTERPRISE, `${ENTERPRISE}:manager`, 'emails[type eq "work"]', 'members[value eq "x"]'],
]
const TEXTS = [
  ...words('add Remove REPLACE True false work u1 emails.value POST PATCH DELETE /Users /Groups/g1 /../x bulkId:a a'),
  ...words('2025-01-31T08:00:00Z \0 \ud800 " ＡＤＡ __proto__ constructor İ ß 😀 \u202e \\ %00 %s ${x} {{x}} NaN'),
  ...['', ' ', ENTERPRISE, 'userName eq "ada"', 'emails[type eq "home"].value', "'; DROP TABLE members; --"],
]
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  fc
    .tuple(fc.constantFrom('a', '\\', '😀', '((('), fc.integer({ min: 500, max: 9_000 }))
    .map(([one, n]) => one.repeat(n)),
)
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(1e308, -0, 2 ** 53, 5e-324))
const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(text, fc.boolean(), fc.constant(null), number),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 6 }).map(ownEntries),
  ),
})).value

/** An object whose own keys may be `__proto__` and the like, as JSON.parse makes them. */
function ownEntries(entries: readonly (readonly [string, unknown])[]): object {
  const object = {}
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}

const operation = fc.record(
  { op: text, path: fc.oneof(text, fc.constantFrom(...NAMES)), value: json },
  { requiredKeys: [] },
)
const bulkItem = fc.record({ method: text, path: text, bulkId: text, data: json, version: json }, { requiredKeys: [] })
const shaped = fc.oneof(
  json,
  fc.record(
    { userName: fc.oneof(text, json), emails: json, name: json, [ENTERPRISE]: json },
    { requiredKeys: ['userName'] },
  ),
  fc.record({ displayName: fc.oneof(text, json), members: json }),
  fc.array(operation, { maxLength: 4 }).map((Operations) => ({ Operations })),
  fc.array(bulkItem, { maxLength: 4 }).map((Operations) => ({ Operations })),
  fc.record(
    { filter: text, sortBy: text, attributes: json, count: json, startIndex: json, cursor: json },
    { requiredKeys: [] },
  ),
)
const broken = fc.oneof(
  fc
    .array(
      fc.oneof(
        fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '{"__proto__":', 'null', '1e999', '-', '\u2028'),
        text,
      ),
      { maxLength: 40 },
    )
    .map((pieces) => pieces.join('')),
  fc
    .tuple(fc.constantFrom('[', '{"a":', '[{"x":['), fc.integer({ min: 1, max: 5_000 }))
    .map(([one, n]) => one.repeat(n)),
  fc.tuple(json, fc.nat(40)).map(([value, cut]) => JSON.stringify(value).slice(0, cut)),
)
const body: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: shaped.map((value) => Buffer.from(JSON.stringify(value) ?? 'null')) },
  { weight: 2, arbitrary: broken.map((value) => Buffer.from(value)) },
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
)
const contentType = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('application/scim+json', 'application/json; charset=utf-8') },
  fc.constantFrom(
    'text/plain',
    'application/json; charset=utf-16',
    'application/scim+json, text/html',
    'x',
    ';',
    'a/b;'.repeat(900),
  ),
)
const target = fc.nat(1)

const several = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: AT_ONCE, maxLength: AT_ONCE })

/** Tries many, and looks at each answer and at the process behind them. */
async function tryAll<T>(
  one: fc.Arbitrary<T>,
  { numRuns }: { numRuns: number },
  ask: (input: T) => Promise<RawAnswer | null>,
) {
  const property = fc.asyncProperty(several(one), async (inputs) => {
    const answers = await Promise.all(inputs.map(ask))
    for (const [place, answer] of answers.entries()) if (answer) expectHarmless(inputs[place], answer)
    expectPristine()
  })
  await fc.assert(property, { numRuns, endOnFailure: true })
}

describe('hostile input over HTTP', () => {
  it('as a body is refused or taken, and never a fault', async () => {
    const endpoint = fc.constantFrom<readonly [method: string, path: () => string]>(
      ['POST', () => '/Users'],
      ['PUT', () => `/Users/${userId}`],
      ['PATCH', () => `/Users/${userId}`],
      ['POST', () => '/Groups'],
      ['PUT', () => `/Groups/${groupId}`],
      ['PATCH', () => `/Groups/${groupId}`],
      ['POST', () => '/Bulk'],
      ['POST', () => '/.search'],
      ['POST', () => '/Users/.search'],
    )
    const ifMatch = fc.option(fc.constantFrom('*', 'W/"1"', '"', 'x,,'))
    const one = fc.record({ endpoint, body, contentType, target, ifMatch })
    await tryAll(one, { numRuns: rounds(100, 7_500) }, (input) => {
      const [method, path] = input.endpoint
      const headers = {
        'content-type': input.contentType,
        ...(input.ifMatch !== null && { 'if-match': input.ifMatch }),
      }
      return send(method, path(), { body: input.body, headers, to: directories[input.target]! })
    })
  })

  it('as a query is refused or taken, and never a fault', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        ' ',
        '.',
        '"',
        '\\',
        'not ',
        ' and ',
        ' or ',
        ' eq ',
        ' pr',
        ' co ',
        ' gt ',
        '5',
      ),
      fc.constantFrom(...NAMES),
      text,
    )
    const expression = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''))
    const parameter = fc.tuple(
      fc.constantFrom(
        'filter',
        'sortBy',
        'attributes',
        'excludedAttributes',
        'startIndex',
        'count',
        'cursor',
        'sortOrder',
        'FILTER',
        '__proto__',
        '',
      ),
      fc.oneof(expression, text, number.map(String)),
    )
    const encoded = fc
      .array(parameter, { maxLength: 4 })
      .map((pairs) => new URLSearchParams(pairs.map(([name, value]) => [name, value] as [string, string])).toString())
    const raw = fc
      .array(
        fc.constantFrom('%', '%0', '%00', '%ff', '&', '=', '+', 'filter=', 'count=', '?', '%f0%9f', 'a', ';', '/'),
        { maxLength: 30 },
      )
      .map((pieces) => pieces.join(''))
    const path = fc.constantFrom(
      '/Users',
      '/Groups',
      '/',
      '',
      '/Users/x',
      '/Schemas',
      '/ResourceTypes/User',
      '/Users/%00',
      '/Users/%',
      '/Users/..%2f..',
      '/Users/%2e%2e/Groups',
      '/__proto__',
      '/Users/constructor',
      '//Users',
      '/Users//',
      `/Users/${'a'.repeat(5_000)}`,
      '/Users;x=1',
    )
    const one = fc.record({
      path,
      query: fc.oneof({ weight: 4, arbitrary: encoded }, raw),
      target,
    })
    await tryAll(one, { numRuns: rounds(80, 6_000) }, ({ path: to, query, target: at }) =>
      // What is longer than a head may be is refused by Node, and by every proxy.
      send('GET', `${to}?${query}`.slice(0, 12_000), { to: directories[at]! }),
    )
  })

  it('as a head is refused or taken, and never a fault', async () => {
    const { id, token } = directories[0]!
    const name = fc.constantFrom(
      'Authorization',
      'Content-Type',
      'Content-Length',
      'Transfer-Encoding',
      'If-Match',
      'If-None-Match',
      'Accept',
      'Host',
      'Expect',
      'X-Forwarded-For',
      '__proto__',
      'constructor',
      'Cookie',
      '',
    )
    const value = fc.oneof(
      fc.constantFrom(
        '',
        '*',
        'Bearer',
        `Bearer ${token}`,
        `Bearer ${token} ${token}`,
        'Basic Og==',
        'chunked',
        '-1',
        '1e3',
        '99999999999999999999',
        'W/"1"',
        '"',
        ',,,',
        '100-continue',
        '\0',
        '\ud83d',
      ),
      fc.string({ unit: 'binary-ascii', maxLength: 20 }),
      fc.integer({ min: 1, max: 20_000 }).map((length) => 'x'.repeat(length)),
    )
    const one = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'get', 'G\0T', ''),
      path: fc.constantFrom(
        '/Users',
        '/Users?filter=a',
        '/ Users',
        '/Users HTTP/1.1\r\nX: y',
        '/\0',
        '/%zz',
        '*',
        '/ServiceProviderConfig',
      ),
      version: fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', ''),
      headers: fc.array(fc.tuple(name, value), { maxLength: 6 }),
      body: fc.constantFrom('', '{}', '0\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n'),
    })
    await tryAll(one, { numRuns: rounds(20, 1_500) }, async ({ method, path, version, headers, body: sent }) => {
      const lines = [
        `${method} /scim/v2/${id}${path} ${version}`,
        'Host: localhost',
        `Authorization: Bearer ${token}`,
        'Connection: close',
      ]
      const head = [...lines, ...headers.map(([key, each]) => `${key}: ${each}`)].join('\r\n')
      const answer = await sendRaw(gatehouse.url, Buffer.from(`${head}\r\n\r\n${sent}`, 'latin1'))
      // What is no HTTP is refused by Node, in its own words.
      return answer && answer.status >= 400 && !answer.body.startsWith('{"schemas"') && answer.status < 500
        ? { status: 200, body: '' }
        : answer
    })
  })
})

describe('a body over the cap', () => {
  const head = (path: string, more: string) => {
    const { id, token } = directories[0]!
    return `POST /scim/v2/${id}${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/scim+json\r\n${more}\r\n\r\n`
  }

  it.each([
    ['/Users', 8 * 1024 * 1024 + 1],
    ['/.search', 8 * 1024 * 1024 + 1],
    ['/Bulk', 1024 * 1024 + 2],
  ])('of %s is refused before any of it has come', async (path, bytes) => {
    const answer = await sendUntilAnswered(gatehouse.url, head(path, `Content-Length: ${bytes}`), Buffer.alloc(0), 1)
    expect(answer).toMatchObject({ answer: { status: 413 }, sent: 0 })
    expect(JSON.parse(answer.answer!.body)).toMatchObject({ status: '413', detail: expect.stringContaining('bytes') })
  })

  it('that does not say how long it is, is refused when the cap is reached, unread', async () => {
    const data = '['.repeat(64 * 1024)
    const chunk = Buffer.from(`${data.length.toString(16)}\r\n${data}\r\n`)
    const most = 64 * 1024 * 1024
    const { answer, sent } = await sendUntilAnswered(
      gatehouse.url,
      head('/Users', 'Transfer-Encoding: chunked'),
      chunk,
      most,
    )
    // Not 400 for what is in it; sockets hold some of what was sent.
    expect(answer?.status).toBe(413)
    expect(sent).toBeLessThan(24 * 1024 * 1024)
  })

  it('of a stranger is not waited for', async () => {
    const stranger = head('/Users', 'Content-Length: 1000').replace(/Bearer \S+/, 'Bearer nobody')
    const answer = await sendUntilAnswered(gatehouse.url, stranger, Buffer.alloc(0), 1)
    expect(answer).toMatchObject({ answer: { status: 401 }, sent: 0 })
  })
})

describe('input that is twice as large', () => {
  const filter = (text: string) => ({ filter: text })
  const patch = (size: number, operation: (n: number) => object) => ({
    Operations: Array.from({ length: size }, (_, n) => operation(n)),
  })
  /** What grows, how large it is at first (twice of it is still within every cap), and how to ask for it. */
  const SHAPES: readonly (readonly [string, size: number, method: string, path: string, (size: number) => unknown])[] =
    [
      [
        'a filter with more parts',
        60,
        'POST',
        '/Users/.search',
        (n) => filter(`title pr${' or title eq "x"'.repeat(n)}`),
      ],
      ['a deeper filter', 15, 'POST', '/Users/.search', (n) => filter(`${'('.repeat(n)}title pr${')'.repeat(n)}`)],
      ['a filter of nots', 15, 'POST', '/Users/.search', (n) => filter(`${'not ('.repeat(n)}title pr${')'.repeat(n)}`)],
      ['a longer text in a filter', 4_000, 'POST', '/Users/.search', (n) => filter(`title co "${'x'.repeat(n)}"`)],
      ['a text without end in a filter', 4_000, 'POST', '/Users/.search', (n) => filter(`title co "${'\\'.repeat(n)}`)],
      ['a longer path of dots', 4_000, 'POST', '/Users/.search', (n) => filter(`${'a.'.repeat(n / 2)} pr`)],
      ['more brackets', 4_000, 'POST', '/Users/.search', (n) => filter('emails['.repeat(n / 8))],
      ['more names to show', 4_000, 'POST', '/Users/.search', (n) => ({ attributes: Array(n / 8).fill('nothing') })],
      [
        'more addresses',
        240,
        'POST',
        '/Users',
        (n) => ({ emails: Array.from({ length: n }, (_, at) => ({ value: `a${at}` })) }),
      ],
      ['more equal addresses', 240, 'POST', '/Users', (n) => ({ emails: Array(n).fill({ value: 'a', type: 'b' }) })],
      [
        'more unknown attributes',
        10_000,
        'POST',
        '/Users',
        (n) => Object.fromEntries(Array.from({ length: n }, (_, at) => [`x${at}`, at])),
      ],
      ['a longer text', 1_000_000, 'POST', '/Users', (n) => ({ title: 'x'.repeat(n) })],
      ['a longer text of escapes', 300_000, 'POST', '/Users', (n) => ({ title: '\u0001'.repeat(n) })],
      ['more lists', 100_000, 'POST', '/Users', (n) => ({ x: Array(n).fill([]) })],
      [
        'more changes of a user',
        400,
        'PATCH',
        'user',
        (n) => patch(n, (at) => ({ op: 'replace', path: at === n - 1 ? 'no' : 'title', value: `${at}` })),
      ],
      [
        'more changes of addresses',
        200,
        'PATCH',
        'user',
        (n) => patch(n, (at) => ({ op: 'add', path: at === n - 1 ? 'no' : 'emails', value: [{ value: `v${at}` }] })),
      ],
      [
        'more members who leave',
        2_000,
        'PATCH',
        'group',
        (n) => patch(n, (at) => ({ op: 'remove', path: `members[value eq "x${at}"]` })),
      ],
      [
        'more members who join',
        5_000,
        'PATCH',
        'group',
        (n) =>
          patch(1, () => ({
            op: 'add',
            path: 'members',
            value: Array.from({ length: n }, (_, at) => ({ value: `x${at}` })),
          })),
      ],
      [
        'more operations of a bulk',
        400,
        'POST',
        '/Bulk',
        (n) => ({
          Operations: Array.from({ length: n }, () => ({ method: 'POST', path: '/Users', bulkId: 'x', data: {} })),
        }),
      ],
      [
        'more references in a bulk',
        400,
        'POST',
        '/Bulk',
        (n) => ({
          Operations: Array.from({ length: n }, (_, at) => ({
            method: 'PATCH',
            path: `/Users/bulkId:${at + 1}`,
            data: {},
          })),
        }),
      ],
    ]
  const ROUNDS = rounds(6, 20)
  const LEAST_MILLISECONDS = rounds(25, 100)
  /** How often a measurement that says too much is made again, over twice the time: a pause of the process counts less. */
  const MOST_TRIES = 4

  /** CPU of this process for as many requests, in milliseconds. */
  async function costOf(ask: () => Promise<RawAnswer>, times: number): Promise<number> {
    const before = process.cpuUsage()
    for (let time = 0; time < times; time += 1) expect((await ask()).status).toBeLessThan(500)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }

  /** What each costs at least: what else the process does only adds to either. */
  async function leastCosts(single: () => Promise<RawAnswer>, double: () => Promise<RawAnswer>, times: number) {
    let [cost, costOfDouble] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let round = 0; round < ROUNDS; round += 1) {
      cost = Math.min(cost, await costOf(single, times))
      costOfDouble = Math.min(costOfDouble, await costOf(double, times))
    }
    return { cost, costOfDouble }
  }

  it.each(SHAPES)('costs at most two and a half times the CPU: %s', async (_, size, method, path, shape) => {
    const to = { user: `/Users/${userId}`, group: `/Groups/${groupId}` }[path] ?? path
    const asking = (n: number) => {
      const sent = JSON.stringify(shape(n))
      return () => send(method, to, { body: sent, headers: { 'content-type': 'application/scim+json' } })
    }
    const [single, double] = [asking(size), asking(2 * size)]
    for (let time = 0; time < ROUNDS; time += 1) await costOf(double, 1)
    // As often as it takes until the clock can tell.
    const times = Math.ceil(LEAST_MILLISECONDS / ((await costOf(double, 1)) || 1))
    let costs = await leastCosts(single, double, times)
    for (let tries = 1; tries < MOST_TRIES && costs.costOfDouble >= 2.5 * costs.cost; tries += 1) {
      costs = await leastCosts(single, double, times * 2 ** tries)
    }
    expect(costs.costOfDouble).toBeLessThan(2.5 * costs.cost)
  })
})
