import { createHash, randomBytes } from 'node:crypto'
import {
  arrangeSsoOrganization,
  CompanyBrowser,
  connect,
  type SsoOrganization,
  startWorld,
  type World,
} from '../support/sso-company'

const RETURN_URL = 'https://app.example.com/signed-in?tenant=1'
const SET = `mutation ($id: ID!, $urls: [String!]!) { setReturnUrls(organizationId: $id, urls: $urls) {
  organization { returnUrls } userErrors { code path } } }`

/** Where no sign-in may ever lead: other origins, however a browser is brought to read them. */
const ELSEWHERE = [
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/%09/evil.example',
  '/\n/evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https://evil.example',
  'HTTPS://EVIL.EXAMPLE',
  'http://evil.example',
  '\thttps://evil.example',
  ' https://evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  '/.//evil.example',
  '/..//evil.example',
  '/x/..//evil.example',
  '//evil.example%2f@localhost:4000',
  'https://localhost:4000@evil.example',
  'https://localhost:4000.evil.example',
  '//\u0435vil.example',
  '//xn--vil-qle.example',
  '/%5cevil.example',
  '/%2fevil.example',
  'evil.example',
  '@evil.example',
  '?x',
  '#x',
]

describe('returning after a sign-in through the company', () => {
  let world: World
  let organization: SsoOrganization
  let providerId: string

  beforeAll(async () => {
    world = await startWorld()
    organization = await arrangeSsoOrganization(world.gatehouse)
    providerId = await connect(world, organization, 'OIDC')
    await set([RETURN_URL])
  })
  afterAll(() => world.close())

  const set = (urls: string[]) => organization.admin.organization.send(SET, { id: organization.id, urls })
  const open = () => new CompanyBrowser(world.gatehouse.url)
  const pkce = () => {
    const verifier = randomBytes(32).toString('base64url')
    return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
  }
  const query = (challenge: string, returnUrl = RETURN_URL, more: Record<string, string> = {}) =>
    `?${new URLSearchParams({ returnUrl, codeChallenge: challenge, codeChallengeMethod: 'S256', state: 'st 1', ...more })}`
  const exchange = async (body: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${world.gatehouse.url}/sso/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://app.example.com', ...headers },
      body: JSON.stringify(body),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  /** Signs somebody in for the frontend. @returns where the browser is sent */
  const signInForApp = async (challenge: string, name = 'app') => {
    const browser = open()
    const answer = await browser.signIn(providerId, 'OIDC', `${name}@${organization.domain}`, {}, query(challenge))
    return { browser, location: new URL(answer.location!) }
  }

  it('is to exactly the addresses that an Admin has named', async () => {
    expect((await set([RETURN_URL])).data.setReturnUrls).toEqual({
      organization: { returnUrls: [RETURN_URL] },
      userErrors: [],
    })
    const { challenge } = pkce()
    for (const other of [
      'https://app.example.com/signed-in',
      `${RETURN_URL}&more=1`,
      `${RETURN_URL}#fragment`,
      'https://app.example.com/signed-in?tenant=2',
      'https://APP.example.com/signed-in?tenant=1',
      'https://app.example.com.evil.example/signed-in?tenant=1',
    ])
      expect((await open().get(`/sso/${providerId}/start${query(challenge, other)}`)).status).toBe(400)
  })

  it.each([
    'http://app.example.com/x',
    'https://*.example.com/x',
    'https://user@app.example.com/',
    'https://app.example.com/#x',
    'https://app.example.com/?code=1',
    'https://app.example.com/../x',
    'javascript:alert(1)',
    'app.example.com',
    '/path',
    '',
  ])('takes no return URL like %j', async (url) => {
    const before = await set([RETURN_URL])
    const { data } = await set([RETURN_URL, url])
    expect(data.setReturnUrls.userErrors).toEqual([{ code: 'INVALID', path: ['urls', '1'] }])
    expect(before.data.setReturnUrls.organization.returnUrls).toEqual([RETURN_URL])
  })

  it('takes http on the person’s own machine, and at most 20', async () => {
    const { data } = await set(['http://localhost:5173/done', RETURN_URL])
    expect(data.setReturnUrls.userErrors).toEqual([])
    const many = await set(Array.from({ length: 21 }, (_, n) => `https://app.example.com/${n}`))
    expect(many.data.setReturnUrls.userErrors).toEqual([{ code: 'TOO_MANY', path: ['urls'] }])
  })

  it.each(ELSEWHERE)('leads never to %j', async (returnTo) => {
    const browser = open()
    const start = `/sso/${providerId}/start?${new URLSearchParams({ returnTo })}`
    const back = await browser.wayBack(start, 'OIDC', `roamer@${organization.domain}`)
    browser.follow = (first) => first
    const { location } = await back()
    expect(new URL(location!).origin).toBe(world.gatehouse.url)
    expect(new URL(location!).pathname).not.toMatch(/^\/\//)
  })

  it('gives a frontend on another origin the session for a code and its verifier, and the browser nothing', async () => {
    const { verifier, challenge } = pkce()
    const { browser, location } = await signInForApp(challenge)
    expect(location.origin + location.pathname).toBe('https://app.example.com/signed-in')
    expect(location.searchParams.get('tenant')).toBe('1')
    expect(location.searchParams.get('state')).toBe('st 1')
    expect(browser.session).toBeNull()
    const code = location.searchParams.get('code')!
    const { status, body, headers } = await exchange({ code, codeVerifier: verifier, returnUrl: RETURN_URL })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    expect(body).toEqual({
      token: expect.stringMatching(/^gos_/),
      tokenType: 'Bearer',
      expiresAt: expect.any(String),
      organizationId: organization.id,
    })
    const { data } = await world.gatehouse.client(body.token).send('{ viewer { user { email } } }')
    expect(data.viewer.user.email).toBe(`app@${organization.domain}`)
    expect(world.gatehouse.logs.join('')).not.toContain(code)
  })

  it('takes a code once, with its own verifier and return URL, and for a minute', async () => {
    const used = pkce()
    const code = (await signInForApp(used.challenge)).location.searchParams.get('code')!
    const right = { code, codeVerifier: used.verifier, returnUrl: RETURN_URL }
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(right)))
    const counted = (wanted: number) => answers.filter(({ status }) => status === wanted).length
    expect([counted(200), counted(410)]).toEqual([1, 9])

    const wrong = pkce()
    const burnt = (await signInForApp(wrong.challenge)).location.searchParams.get('code')!
    const guess = { code: burnt, codeVerifier: used.verifier, returnUrl: RETURN_URL }
    expect((await exchange(guess)).status).toBe(410)
    expect((await exchange({ ...guess, codeVerifier: wrong.verifier })).status).toBe(410)

    const elsewhere = pkce()
    const other = (await signInForApp(elsewhere.challenge)).location.searchParams.get('code')!
    const misled = { code: other, codeVerifier: elsewhere.verifier, returnUrl: 'https://evil.example/' }
    expect((await exchange(misled)).status).toBe(410)

    const late = pkce()
    const old = (await signInForApp(late.challenge)).location.searchParams.get('code')!
    await world.gatehouse.superuser.rows(`UPDATE session_codes SET expires_at = now() WHERE used_at IS NULL`)
    expect((await exchange({ code: old, codeVerifier: late.verifier, returnUrl: RETURN_URL })).status).toBe(410)
    expect((await exchange({ code: 'gsc_nonsense', codeVerifier: 'x', returnUrl: RETURN_URL })).status).toBe(400)
  })

  it('begins only with a challenge of S256', async () => {
    const { challenge } = pkce()
    const browser = open()
    for (const more of [{ codeChallengeMethod: 'plain' }, { codeChallenge: 'short' }] as Record<string, string>[])
      expect((await browser.get(`/sso/${providerId}/start${query(challenge, RETURN_URL, more)}`)).status).toBe(400)
  })

  it('opens no session for somebody who was suspended meanwhile, or by a connection that was disabled', async () => {
    const { verifier, challenge } = pkce()
    const code = (await signInForApp(challenge, 'late')).location.searchParams.get('code')!
    await world.gatehouse.superuser.rows(
      `UPDATE members SET status = 'SUSPENDED', suspended_at = now(), epoch = epoch + 1 WHERE email = $1`,
      [`late@${organization.domain}`],
    )
    const answer = await exchange({ code, codeVerifier: verifier, returnUrl: RETURN_URL })
    expect(answer.status).toBe(401)
  })

  it('says to a browser what it may send from another origin', async () => {
    const response = await fetch(`${world.gatehouse.url}/sso/session`, { method: 'OPTIONS' })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })
})
