import {
  type BulkOperation,
  type BulkOutcome,
  type BulkResponse,
  locationOf,
  readBulk,
  refusal,
  requirePayloadSize,
  runBulk,
} from '../../../scim/protocol'
import { BASE, body, refusalOf } from './support'

const LIMITS = { maxOperations: 10, maxPayloadSize: 1_000 }
const SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

/** A provider that makes ids of bulkIds and remembers what it was asked to do. */
class Provider {
  readonly done: BulkOperation[] = []

  execute = (operation: BulkOperation): Promise<BulkOutcome> => {
    const { method, type, bulkId } = operation
    if (JSON.stringify(operation.data).includes('taken')) return Promise.reject(refusal('uniqueness', 'Taken.'))
    if (JSON.stringify(operation.data).includes('broken')) return Promise.reject(new Error('SELECT secret'))
    this.done.push(operation)
    if (method === 'DELETE') return Promise.resolve({ status: 204 })
    if (method !== 'POST') return Promise.resolve({ status: 200, version: 'W/"2"' })
    const id = `id-of-${bulkId}`
    return Promise.resolve({ status: 201, id, version: 'W/"1"', location: locationOf(type, id, BASE) })
  }
}

async function run(operations: unknown, more: object = {}): Promise<BulkResponse & { done: BulkOperation[] }> {
  const provider = new Provider()
  const request = readBulk(
    body({ schemas: [SCHEMA], Operations: operations, ...more }),
    { ...LIMITS, maxOperations: 9_999 },
    'lenient',
  )
  const response = await runBulk(request, provider.execute, ({ type, id }) => locationOf(type, id ?? '', BASE))
  return { ...response, done: provider.done }
}

const user = (bulkId: string, data: object = {}) => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: { userName: bulkId, ...data },
})
const group = (bulkId: string, ...members: string[]) => ({
  method: 'post',
  path: '/Groups',
  bulkId,
  data: { displayName: bulkId, members: members.map((value) => ({ value })) },
})

describe('a bulk request', () => {
  it('B1 results are in order, with what a request by itself would answer', async () => {
    const { Operations, schemas } = await run([
      user('a'),
      { method: 'PATCH', path: '/Users/u1', version: 'W/"1"', data: { Operations: [] } },
      { method: 'DELETE', path: '/Groups/g1' },
      user('taken'),
      { method: 'PUT', path: '/Users/u2', bulkId: 'p', data: { userName: 'taken' } },
    ])
    expect(schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse'])
    expect(Operations).toEqual([
      { method: 'POST', bulkId: 'a', version: 'W/"1"', location: `${BASE}/Users/id-of-a`, status: '201' },
      { method: 'PATCH', version: 'W/"2"', location: `${BASE}/Users/u1`, status: '200' },
      { method: 'DELETE', location: `${BASE}/Groups/g1`, status: '204' },
      { method: 'POST', bulkId: 'taken', status: '409', response: expect.objectContaining({ scimType: 'uniqueness' }) },
      { method: 'PUT', bulkId: 'p', location: `${BASE}/Users/u2`, status: '409', response: expect.anything() },
    ])
  })

  it('B2 references are resolved anywhere, and what they refer to is done first', async () => {
    const { done, Operations } = await run([
      {
        method: 'PATCH',
        path: '/Groups/bulkId:g',
        data: { Operations: [{ op: 'remove', path: 'members[value eq "bulkId:b"]' }] },
      },
      group('g', 'bulkId:a', 'bulkId:b', 'u9'),
      user('a', { manager: { value: 'bulkId:b' } }),
      user('b'),
      user('c'),
    ])
    expect(done.map(({ bulkId, method }) => bulkId ?? method)).toEqual(['b', 'a', 'g', 'PATCH', 'c'])
    expect(done[1]?.data).toMatchObject({ manager: { value: 'id-of-b' } })
    expect(done[2]?.data).toMatchObject({ members: [{ value: 'id-of-a' }, { value: 'id-of-b' }, { value: 'u9' }] })
    expect(done[3]).toMatchObject({
      id: 'id-of-g',
      data: { Operations: [{ op: 'remove', path: 'members[value eq "id-of-b"]' }] },
    })
    expect(Operations.map(({ status }) => status)).toEqual(['200', '201', '201', '201', '201'])
  })

  it('B2 what refers to itself by way of others is 409, and the rest is done', async () => {
    const { Operations } = await run([
      group('x', 'bulkId:y'),
      user('a'),
      group('y', 'bulkId:x'),
      group('z', 'bulkId:z'),
    ])
    expect(Operations.map(({ status }) => status)).toEqual(['409', '201', '409', '409'])
  })

  it('B2 a reference to nothing, or to what failed, is refused', async () => {
    const { Operations } = await run([group('g', 'bulkId:nobody'), group('h', 'bulkId:taken'), user('taken')])
    expect(Operations.map(({ status, response }) => [status, (response as { scimType?: string }).scimType])).toEqual([
      ['400', 'invalidValue'],
      ['400', 'invalidValue'],
      ['409', 'uniqueness'],
    ])
  })

  it('B2 a long chain of references is no deep stack', async () => {
    const chain = Array.from({ length: 5_000 }, (_, index) => group(`g${index}`, `bulkId:g${index + 1}`))
    const { Operations } = await run([...chain, group('g5000')])
    expect(new Set(Operations.map(({ status }) => status))).toEqual(new Set(['201']))
  })

  it.each([
    ['a missing bulkId', { ...user('a'), bulkId: undefined }],
    ['an unknown method', { ...user('b'), method: 'GET' }],
    ['no data', { ...user('c'), data: undefined }],
    ['an operation that is no object', 5],
    ['a bulkId that is no text', { ...user('d'), bulkId: 5 }],
  ])('B3 %s is refused for that operation alone', async (_, operation) => {
    const { Operations } = await run([operation, user('ok')])
    expect(Operations).toMatchObject([{ status: '400', response: { scimType: 'invalidSyntax' } }, { status: '201' }])
  })

  it('B3 a bulkId is used once', async () => {
    const { Operations } = await run([user('a'), user('a')])
    expect(Operations).toMatchObject([{ status: '201' }, { status: '400', response: { scimType: 'invalidSyntax' } }])
  })

  it('B4 goes on after errors until there are too many', async () => {
    const operations = [user('taken1'), user('a'), user('taken2'), user('b'), user('taken3')]
    expect((await run(operations)).Operations).toHaveLength(5)
    const { Operations } = await run(operations, { failOnErrors: 2 })
    expect(Operations.map(({ bulkId }) => bulkId)).toEqual(['taken1', 'a', 'taken2'])
    expect(() => readBulk(body({ Operations: [], failOnErrors: 0 }), LIMITS, 'lenient')).toThrow('at least 1')
  })

  it('B5 the version is handed on as the condition of the operation', async () => {
    const { done } = await run([{ method: 'DELETE', path: '/Users/u1', version: 'W/"3"' }])
    expect(done[0]).toMatchObject({ version: 'W/"3"', id: 'u1' })
  })

  it('B6 limits are 413 and named', () => {
    const operations = Array.from({ length: 11 }, (_, index) => user(`u${index}`))
    expect(refusalOf(() => readBulk(body({ Operations: operations }), LIMITS, 'lenient'))).toMatchObject({
      status: 413,
      detail: expect.stringContaining('10 operations'),
    })
    expect(refusalOf(() => requirePayloadSize(1_001, LIMITS))).toMatchObject({
      status: 413,
      detail: expect.stringContaining('1000 bytes'),
    })
    expect(() => requirePayloadSize(1_000, LIMITS)).not.toThrow()
  })

  it.each([
    'https://evil.example/Users',
    '//evil.example/Users',
    '/Users/../Groups',
    '/../Users',
    'Users',
    '/Users/',
    '/Users?x=1',
    '/Me',
    '/Bulk',
    '/Schemas',
    '/users',
    '/Users/a/b',
    '/',
    '',
  ])('B7 a POST to %j is refused', async (path) => {
    const { Operations } = await run([{ ...user('a'), path }])
    expect(Operations).toMatchObject([{ status: '400' }])
  })

  it.each([
    '/Users',
    '/Users/',
    '/Users/..',
    '/Users/.',
    '/Users/a%2fb',
    '/Users/a?b',
    '/Users/a b',
    '/Bulk/x',
    '/Me/x',
  ])('B7 a DELETE of %j is refused', async (path) => {
    const { Operations, done } = await run([{ method: 'DELETE', path }])
    expect(Operations).toMatchObject([{ status: '400' }])
    expect(done).toEqual([])
  })

  it('a fault of the provider is not an answer', async () => {
    await expect(run([user('broken')])).rejects.toThrow('SELECT secret')
  })
})
