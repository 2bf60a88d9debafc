import { serverAudits } from 'graphql-http'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'

// Queries by GET are optional and not offered: a link must not be able to ask with somebody's cookies.
const DECLINED = new Set(['5A70', 'D6D5', '6A70'])

describe('GraphQL over HTTP', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  const post = async (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) => {
    const response = await fetch(`${gatehouse.url}/graphql`, { method: 'POST', body, headers })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
  const refused = (code: string) => ({
    errors: [{ message: expect.any(String), extensions: { code } }],
    extensions: { requestId: expect.stringMatching(/^req_/) },
  })

  for (const audit of serverAudits({ url: () => `${gatehouse.url}/graphql` }))
    it(`${audit.id}: ${audit.name}`, async () => {
      const result = await audit.fn()
      const reason = 'reason' in result ? result.reason : undefined
      expect({ status: result.status, reason }).toEqual(
        DECLINED.has(audit.id) ? { status: 'notice', reason: expect.any(String) } : { status: 'ok' },
      )
    })

  it('answers a body that is not JSON with a GraphQL error', async () => {
    for (const body of ['{ "not a JSON', ''])
      expect(await post(body)).toEqual({ status: 400, body: refused('BAD_USER_INPUT') })
  })

  it('answers a body of another type with 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/graphql', 'text/xml'])
      expect(await post('{ __typename }', { 'content-type': type, 'apollo-require-preflight': '1' })).toEqual({
        status: 415,
        body: refused('BAD_USER_INPUT'),
      })
  })

  it('answers more than 256 KB with 413', async () => {
    const query = `{ __typename } #${'x'.repeat(256 * 1024)}`
    expect(await post(JSON.stringify({ query }))).toEqual({ status: 413, body: refused('COST_EXCEEDED') })
  })

  it('takes one request at a time, never a batch', async () => {
    const { status, body } = await post(JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]))
    expect([status, body.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT'])
  })

  it('runs the operation that is named, and none when the name is missing or wrong', async () => {
    const query = 'query One { one: __typename } query Two { two: __typename }'
    expect((await post(JSON.stringify({ query, operationName: 'Two' }))).body.data).toEqual({ two: 'Query' })
    for (const operationName of [null, 'Three']) {
      const { body } = await post(JSON.stringify({ query, operationName }))
      expect([body.data, body.errors[0].extensions.code]).toEqual([undefined, 'BAD_USER_INPUT'])
    }
  })
})
