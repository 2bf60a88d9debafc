import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { runInNewContext } from 'node:vm'
import { fromTypeId, newId } from '../../src/kernel/ids'
import { makeToken, TOKEN_PATTERNS, TOKEN_PREFIXES, type TokenKind } from '../../src/platform/crypto'
import { arrangeKey } from '../support/api-keys'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { RACES } from '../support/soak'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

const DOCUMENT = readFileSync(joinPath(__dirname, '../../docs/api-keys.md'), 'utf8')

describe('POST /api-keys/leaks', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let member: OrganizationMember
  let project: string

  beforeAll(async () => {
    // Reports are counted by address; behind a proxy each of these tests comes from another one.
    gatehouse = await startGatehouse({ GATEHOUSE_TRUSTED_PROXIES: '127.0.0.1' })
    acme = await found(gatehouse, 'Acme')
    member = await join(gatehouse, acme)
    const { data } = await acme.admin.organization.send(
      'query ($id: ID!) { organization(by: { id: $id }) { defaultProject { id } } }',
      { id: acme.id },
    )
    project = data.organization.defaultProject.id
  })
  afterAll(() => gatehouse.close())

  let address = 0
  beforeEach(() => {
    address += 1
  })
  async function report(body: unknown, contentType = 'application/json') {
    const response = await fetch(`${gatehouse.url}/api-keys/leaks`, {
      method: 'POST',
      headers: { 'content-type': contentType, 'x-forwarded-for': `192.0.2.${address}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as never as Answer }
  }
  // eslint-disable-next-line typescript/no-explicit-any -- tests read exactly what they asked for
  type Answer = any
  const labels = async (tokens: string[]) =>
    (await report(tokens.map((token) => ({ token })))).body.map(({ label }: { label: string }) => label)
  const isAlive = async (token: string) =>
    (await gatehouse.client(token).send('{ currentApiKey { id } }')).data.currentApiKey !== null
  const [yes, no] = ['true_positive', 'false_positive']

  it('revokes a live key, writes down where it was found, and tells the person and the Admins', async () => {
    const key = await arrangeKey(gatehouse, acme, { member })
    const url = `https://code.example.com/blob/1?key=${key.token}#L1`
    const { status, body } = await report([{ token: key.token, type: 'gatehouse_api_key', url, source: 'commit' }])
    expect([status, body]).toEqual([
      200,
      [
        {
          token_hash: createHash('sha256').update(key.token).digest('hex'),
          token_type: 'gatehouse_api_key',
          label: yes,
        },
      ],
    ])
    expect(await isAlive(key.token)).toBe(false)
    const [row] = await gatehouse.superuser.rows('SELECT revocation_reason FROM api_keys WHERE id = $1', [
      fromTypeId('ApiKey', key.id),
    ])
    expect(row).toEqual({ revocation_reason: 'LEAKED' })
    const [audit] = await gatehouse.superuser.rows(
      `SELECT actor_kind, details->'changes' AS changes, details->>'ip' AS ip FROM audit_events
       WHERE action = 'api_key.leaked' AND $1 = ANY (target_ids)`,
      [key.id],
    )
    expect(audit).toEqual({
      actor_kind: 'anonymous',
      changes: [
        { field: 'status', before: 'ACTIVE', after: 'REVOKED' },
        {
          field: 'foundAt',
          before: null,
          after: expect.stringMatching(/^https:\/\/code\.example\.com\/blob\/1\?key=.*redacted/),
        },
        { field: 'foundIn', before: null, after: 'commit' },
      ],
      ip: `192.0.2.${address}`,
    })
    const mails = await gatehouse.superuser.rows<{ destination: string; payload: object }>(
      `SELECT destination, payload FROM outbox_messages WHERE kind = 'mail.api-key-leaked' ORDER BY destination`,
    )
    expect(mails.map(({ destination }) => destination)).toEqual([acme.admin.email, member.email].sort())
    expect(mails[0]!.payload).toEqual({
      organizationName: 'Acme',
      keyName: 'Arranged',
      preview: `${key.token.slice(0, 8)}…${key.token.slice(-4)}`,
      ownerName: member.name,
    })
  })

  it('tells whoever made the key of a project, and nobody twice', async () => {
    const key = await arrangeKey(gatehouse, acme, { project })
    await gatehouse.superuser.rows('UPDATE api_keys SET created_by_id = $2 WHERE id = $1', [
      fromTypeId('ApiKey', key.id),
      acme.admin.userId,
    ])
    await gatehouse.superuser.rows('DELETE FROM outbox_messages')
    expect(await labels([key.token])).toEqual([yes])
    const mails = await gatehouse.superuser.rows(`SELECT destination FROM outbox_messages`)
    expect(mails).toEqual([{ destination: acme.admin.email }])
  })

  it('says no more of any other token than a try would', async () => {
    const [live, revoked, expired] = [
      await arrangeKey(gatehouse, acme, { member }),
      await arrangeKey(gatehouse, acme, { member }),
      await arrangeKey(gatehouse, acme, { member }),
    ]
    await gatehouse.superuser.rows(
      `UPDATE api_keys SET revoked_at = now(), revocation_reason = 'REVOKED' WHERE id = $1`,
      [fromTypeId('ApiKey', revoked.id)],
    )
    await gatehouse.superuser.rows('UPDATE api_keys SET expires_at = now() WHERE id = $1', [
      fromTypeId('ApiKey', expired.id),
    ])
    const others = [
      revoked.token,
      expired.token,
      makeToken('apiKey', acme.uuid).token,
      makeToken('apiKey', newId()).token,
      member.organizationToken,
      member.accountToken,
      live.token.slice(0, -1),
      '',
      'x'.repeat(5_000),
    ]
    expect(await labels(others)).toEqual(others.map(() => no))
    expect([
      await isAlive(live.token),
      (await member.organization.send('{ viewer { user { id } } }')).data.viewer,
    ]).toEqual([true, expect.anything()])
    // The same token twice is one key, and a report repeated is answered as before.
    expect(await labels([live.token, live.token])).toEqual([yes, yes])
    expect(await labels([live.token])).toEqual([yes])
    const audits = await gatehouse.superuser.rows(
      `SELECT id FROM audit_events WHERE action = 'api_key.leaked' AND $1 = ANY (target_ids)`,
      [live.id],
    )
    expect(audits).toHaveLength(1)
  })

  it('revokes also what only waits for its organization to come back', async () => {
    const doomed = await found(gatehouse, 'Doomed')
    const key = await arrangeKey(gatehouse, doomed, { member: doomed.admin })
    await gatehouse.superuser.rows(
      `UPDATE organizations SET status = 'PENDING_DELETION', deletion_requested_at = now(), deletion_scheduled_for = now() + interval '30 days'
       WHERE organization_id = $1`,
      [doomed.uuid],
    )
    await labels([key.token])
    const [row] = await gatehouse.superuser.rows('SELECT revocation_reason FROM api_keys WHERE id = $1', [
      fromTypeId('ApiKey', key.id),
    ])
    expect(row).toEqual({ revocation_reason: 'LEAKED' })
  })

  it('ignores who asks: cookies and bearer tokens change nothing', async () => {
    const key = await arrangeKey(gatehouse, acme, { member })
    const response = await fetch(`${gatehouse.url}/api-keys/leaks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': `192.0.2.${address}`,
        authorization: `Bearer ${acme.admin.organizationToken}`,
      },
      body: JSON.stringify([{ token: key.token }]),
    })
    expect(response.status).toBe(200)
    const [audit] = await gatehouse.superuser.rows(
      `SELECT actor_kind FROM audit_events WHERE action = 'api_key.leaked' AND $1 = ANY (target_ids)`,
      [key.id],
    )
    expect(audit).toEqual({ actor_kind: 'anonymous' })
  })

  it.each([
    ['an object', { token: 'x' }, 400, 'INVALID'],
    ['a list of texts', ['x'], 400, 'INVALID'],
    ['null in the list', [null], 400, 'INVALID'],
    ['a token that is a number', [{ token: 7 }], 400, 'INVALID'],
    ['more than 100 tokens', Array.from({ length: 101 }, () => ({ token: 'x' })), 400, 'TOO_MANY'],
    ['no JSON', '{', 400, 'INVALID'],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await report(body)
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
  })

  it('refuses another content type', async () => {
    expect((await report('[]', 'text/plain')).status).toBe(415)
  })

  it('takes 60 reports a minute from one address', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 61; n += 1) statuses.push((await report([])).status)
    expect(statuses).toEqual([...Array<number>(60).fill(200), 429])
    const { headers, body } = await report([])
    expect([Number(headers.get('retry-after')) > 0, body.error.code]).toEqual([true, 'RATE_LIMITED'])
  })

  it(`revokes once when several report the same key at once, in ${RACES} races`, async () => {
    for (let round = 0; round < RACES; round += 1) {
      address += round % 10 === 0 ? 1 : 0
      const key = await arrangeKey(gatehouse, acme, { member })
      const answers = await Promise.all([1, 2, 3].map(() => labels([key.token])))
      expect(answers).toEqual([[yes], [yes], [yes]])
      expect(await isAlive(key.token)).toBe(false)
      const audits = await gatehouse.superuser.rows(
        `SELECT id FROM audit_events WHERE action = 'api_key.leaked' AND $1 = ANY (target_ids)`,
        [key.id],
      )
      expect(audits).toHaveLength(1)
    }
  })

  it('leaves no token in the log', () => {
    expect(gatehouse.logs.join('')).not.toMatch(new RegExp(TOKEN_PATTERNS.apiKey))
  })
})

describe('TOKEN_PATTERNS', () => {
  const KINDS = Object.keys(TOKEN_PREFIXES) as TokenKind[]

  it('match 10,000 tokens of each kind, and none of another', () => {
    for (const kind of KINDS) {
      const patterns = KINDS.map((one) => [one, new RegExp(`^${TOKEN_PATTERNS[one]}$`)] as const)
      for (let n = 0; n < 10_000; n += 1) {
        const { token } = makeToken(kind, kind === 'accountSession' ? null : newId())
        const matching = patterns.filter(([, pattern]) => pattern.test(token)).map(([one]) => one)
        if (matching.join() !== kind)
          throw new Error(`${token} is taken for ${matching.join() || 'nothing'}, not ${kind}`)
      }
    }
  })

  it('are the ones that docs/api-keys.md tells scanners', () => {
    const rows = [...DOCUMENT.matchAll(/`\\b(\w{3,4}_\[0-9A-Za-z\]\{\d+\})\\b`/g)].map(([, pattern]) => pattern)
    expect(new Set(rows)).toEqual(new Set(Object.values(TOKEN_PATTERNS)))
  })

  it('are followed by the checksum that docs/api-keys.md describes', () => {
    const [, code] = /```js\n([\s\S]+?)```/.exec(DOCUMENT)!
    const isGatehouseSecret = runInNewContext(`${code}; isGatehouseSecret`) as (text: string) => boolean
    for (let n = 0; n < 1_000; n += 1) {
      const { token } = makeToken('apiKey', newId())
      const changed = token.slice(0, 20) + (token[20] === 'x' ? 'y' : 'x') + token.slice(21)
      expect([isGatehouseSecret(token), isGatehouseSecret(changed)]).toEqual([true, false])
    }
  })
})
