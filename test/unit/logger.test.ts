import Fastify from 'fastify'
import { emptyAttributes } from '../../scim/protocol'
import { createLogger } from '../../src/platform/logger'
import { redactUrl } from '../../src/platform/redaction'

const CANARY = 'c4n4ry'.repeat(8)

function capture(environment: 'development' | 'production' = 'production') {
  const lines: string[] = []
  const write = (line: string): void => {
    lines.push(line)
  }
  return { logger: createLogger({ environment, logLevel: 'info' }, { write }), text: () => lines.join('') }
}

describe('the log', () => {
  it.each(
    'authorization Cookie set-cookie password newPassword code token accessToken refresh_token client_secret SAMLResponse RelayState state tokens'.split(
      ' ',
    ),
  )('never shows a field named %s, at any depth', (name) => {
    const { logger, text } = capture()
    logger.info({ [name]: CANARY }, 'top')
    logger.info({ a: { b: [{ [name]: CANARY }] } }, 'deep')
    logger.info({ user: Object.assign(emptyAttributes(), { [name]: CANARY }) }, 'attributes of SCIM')
    logger.info({ user: Object.assign(Object.create(null), { [name]: CANARY }) }, 'bare')
    logger.child({ headers: { [name]: CANARY } }).info('child')
    expect(text()).not.toContain(CANARY)
    expect(text()).toContain('[redacted]')
  })

  it('keeps a field that is called like what objects inherit from', () => {
    const { logger, text } = capture()
    logger.info({ sent: JSON.parse(`{"__proto__":{"password":"${CANARY}","kept":1}}`) }, 'hostile')
    expect(text()).toContain('"__proto__":{"password":"[redacted]","kept":1}')
    expect(text()).not.toContain(CANARY)
  })

  it.each([
    `gop_${CANARY}`,
    `giv_${CANARY}`,
    `scim_${CANARY}`,
    `Bearer ${CANARY}`,
    `eyJhbGciOiJub25lIn0.${CANARY}.${CANARY}`,
    `http://localhost:4000/invitations/${CANARY}?x=1`,
    `postgres://gatehouse:${CANARY}@db/gatehouse`,
    `https://idp.example/cb?code=${CANARY}&state=${CANARY}`,
  ])('recognises a secret in text: %s', (secret) => {
    const { logger, text } = capture()
    logger.info(`told ${secret} to nobody`)
    logger.info({ note: `told ${secret} to nobody` })
    logger.error(new Error('failed', { cause: new Error(`told ${secret} to nobody`) }))
    expect(text()).not.toContain(CANARY)
  })

  it('keeps ids, codes of errors and names of constraints', () => {
    const { logger, text } = capture()
    const error = Object.assign(new Error('duplicate'), {
      code: '23505',
      constraint: 'slug_taken',
      parameters: [CANARY],
    })
    logger.error({ err: error, organizationId: 'org_01h455vb4pex5vsknk084sn02q' })
    expect(JSON.parse(text())).toMatchObject({
      level: 'error',
      organizationId: 'org_01h455vb4pex5vsknk084sn02q',
      err: { type: 'Error', code: '23505', constraint: 'slug_taken' },
    })
    expect(text()).not.toContain(CANARY)
  })

  it('writes requests with their id and without their secrets', async () => {
    const { logger, text } = capture()
    const app = Fastify({ loggerInstance: logger })
    app.get('/invitations/:token', () => 'ok')
    await app.inject({ url: `/invitations/${CANARY}?code=${CANARY}`, headers: { authorization: CANARY } })
    await app.close()
    const [request] = text().split('\n')
    expect(JSON.parse(request ?? '')).toMatchObject({
      reqId: expect.any(String),
      req: { method: 'GET', url: '/invitations/[redacted]?code=[redacted]' },
    })
    expect(text()).not.toContain(CANARY)
  })

  it('is a readable line in development, with the stack below', () => {
    const { logger, text } = capture('development')
    logger.info({ port: 4000, token: CANARY }, 'listening')
    logger.error(new Error('broken'))
    expect(text()).toMatch(/^\d\d:\d\d:\d\d {2}info {3}listening {2}port=4000 {2}token=\[redacted\]\n/)
    expect(text()).toMatch(/error {2}broken\nError: broken\n {4}at /)
  })
})

describe('redactUrl', () => {
  it.each([
    ['/invitations/abc', '/invitations/[redacted]'],
    ['/invitations/abc/accept?x=1', '/invitations/[redacted]/accept?x=[redacted]'],
    ['/sso/oidc/p1/callback?code=a&state=b?c', '/sso/oidc/p1/callback?code=[redacted]&state=[redacted]'],
    ['/login?a&b=', '/login?a=[redacted]&b=[redacted]'],
    ['/login?#secret', '/login?=[redacted]'],
    ['/graphql', '/graphql'],
    ['', ''],
  ])('%s becomes %s', (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted)
  })
})
