import * as client from 'openid-client'
import {
  isLocalIdentityProviderInstalled,
  type LocalIdentityProvider,
  startLocalIdentityProvider,
} from '../../src/dev/local-identity-provider'
import { pickPerson } from '../support/sign-in-at-identity-provider'

const redirectUri = 'http://localhost:4000/auth/callback'
const people = [
  { name: 'Ada Lovelace', email: 'Ada@example.com' },
  { name: 'Grace "Amazing" <Hopper>', email: 'grace@example.com' },
]
const start = () => startLocalIdentityProvider({ port: 0, redirectUris: [redirectUri], people: async () => people })

let identityProvider: LocalIdentityProvider
let configuration: client.Configuration
const printed: unknown[][] = []

beforeAll(async () => {
  const print = (...line: unknown[]) => void printed.push(line)
  for (const method of ['debug', 'error', 'info', 'log', 'warn'] as const)
    jest.spyOn(console, method).mockImplementation(print)
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => printed.push([text]) > 0)
  }
  identityProvider = await start()
  configuration = await discover(identityProvider)
})

afterAll(async () => {
  await identityProvider?.close()
  jest.restoreAllMocks()
})

test('is installed where the tests run', () => {
  expect(isLocalIdentityProviderInstalled()).toBe(true)
})

test('a person picked from the list signs in with name, verified address and issuer', async () => {
  const request = await begin({ scope: 'openid profile email' })
  const callback = await pickPerson(request.url, 'Ada@example.com')
  expect(callback).toMatch(`${redirectUri}?code=`)
  expect(new URL(callback).searchParams.get('iss')).toBe(identityProvider.issuer)

  const tokens = await request.finish(callback)
  const ada = { name: 'Ada Lovelace', email: 'Ada@example.com', email_verified: true }
  const claims = tokens.claims()
  expect(claims).toMatchObject({ ...ada, iss: identityProvider.issuer, aud: identityProvider.clientId })
  const userInfo = await client.fetchUserInfo(configuration, tokens.access_token, claims?.sub ?? '')
  expect(userInfo).toEqual({ ...ada, sub: claims?.sub })
})

test('a typed address signs in with the typed name, or the part before the @ without one', async () => {
  const named = await signIn('katherine@example.org', 'Katherine Johnson')
  expect(named).toMatchObject({ email: 'katherine@example.org', name: 'Katherine Johnson', email_verified: true })
  expect(await signIn('dorothy@example.org')).toMatchObject({ email: 'dorothy@example.org', name: 'dorothy' })
})

test('the same address gives the same subject, in any case and after a restart; another one does not', async () => {
  const ada = await signIn('Ada@example.com')
  expect((await signIn('ada@EXAMPLE.com')).sub).toBe(ada.sub)
  expect((await signIn('grace@example.com')).sub).not.toBe(ada.sub)

  const second = await start()
  try {
    expect(second.clientSecret).not.toBe(identityProvider.clientSecret)
    expect((await signIn('ada@example.com', '', await discover(second))).sub).toBe(ada.sub)
  } finally {
    await second.close()
  }
})

test('the client secret is accepted in the Authorization header as well', async () => {
  const { clientId, clientSecret } = identityProvider
  const basic = await discover(identityProvider, client.ClientSecretBasic(clientSecret))
  expect(await signIn('ada@example.com', '', basic)).toMatchObject({ aud: clientId })
})

test('the page offers everybody, escapes their names and may load nothing', async () => {
  const { response, html } = await openPage(await begin())
  expect(html).toContain('<title>Local identity provider – development only</title>')
  expect(html).toContain('value="Ada@example.com"')
  expect(html).toContain('<b>Grace &quot;Amazing&quot; &lt;Hopper></b>')
  expect(html).not.toContain('<Hopper>')
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none';/)
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('everybody is asked again although the browser has signed in before', async () => {
  const request = await begin()
  const jar: string[] = []
  const page = await browse(request.url, jar)
  const resume = await browse(page.location, jar, new URLSearchParams({ email: 'ada@example.com' }))
  expect((await browse(resume.location, jar)).location).toMatch(redirectUri)
  expect(jar.some((cookie) => cookie.startsWith('_session='))).toBe(true)

  expect((await browse((await begin()).url, jar)).location).toContain('/interaction/')
  expect((await browse((await begin({ prompt: 'login' })).url, jar)).location).toContain('/interaction/')
  const silent = await browse((await begin({ prompt: 'none' })).url, jar)
  expect(new URL(silent.location).searchParams.get('error')).toBe('login_required')
})

test('a login hint suggests that person, or starts the form with an unknown address', async () => {
  const known = await openPage(await begin({ login_hint: 'GRACE@example.com' }))
  expect(known.html).toMatch(/value="grace@example.com" autofocus aria-describedby="suggested"/)
  expect(known.html.match(/autofocus/g)).toHaveLength(1)
  const unknown = await openPage(await begin({ login_hint: 'new@example.org' }))
  expect(unknown.html).toMatch(/<input type="email"[^>]* value="new@example.org" autofocus/)
})

test('consent is given without a screen even when the client asks for one', async () => {
  const request = await begin({ prompt: 'consent', scope: 'openid email' })
  const tokens = await request.finish(await pickPerson(request.url, 'ada@example.com'))
  expect(tokens.claims()).toMatchObject({ email: 'Ada@example.com' })
  expect(tokens.claims()).not.toHaveProperty('name')
})

test.each([
  ['nothing', ''],
  ['no domain', 'ada'],
  ['an empty domain', 'ada@'],
  ['half a domain', 'ada@example'],
  ['a blank', 'ada @example.com'],
  ['too many characters', `${'a'.repeat(250)}@example.com`],
])('a typed address of %s shows an error and issues nothing', async (_what, email) => {
  const jar: string[] = []
  const page = await browse((await begin()).url, jar)
  const answer = await browse(page.location, jar, new URLSearchParams({ email, name: 'Some <b>Body' }))
  expect(answer.status).toBe(422)
  expect(answer.location).toBe('')
  expect(answer.html).toMatch(
    /<p class="error" role="alert" id="email-problem">(Type a complete|The address is too long)/,
  )
  expect(answer.html).toContain('value="Some &lt;b>Body"')

  const resumed = await browse(page.location.replace('/interaction/', '/auth/'), jar)
  expect(resumed.location).toMatch(/^\/interaction\//)
})

test('a name that is too long is refused', async () => {
  const { url } = await begin()
  await expect(pickPerson(url, 'new@example.org', 'n'.repeat(201))).rejects.toThrow('The name is too long')
})

test('a wrong redirect URI is refused on a page, without sending the browser anywhere', async () => {
  const { url } = await begin({ redirect_uri: `${redirectUri}/other` })
  await expect(pickPerson(url, 'ada@example.com')).rejects.toThrow(/400 .*redirect_uri did not match/)
})

test('a request without PKCE is refused', async () => {
  const url = new URL((await begin()).url)
  url.searchParams.delete('code_challenge')
  url.searchParams.delete('code_challenge_method')
  const callback = new URL(await pickPerson(url.href, 'ada@example.com'))
  expect(callback.searchParams.get('error')).toBe('invalid_request')
  expect(callback.searchParams.has('code')).toBe(false)
})

test('a page of another browser, or one that has been used, is refused', async () => {
  const jar: string[] = []
  const page = await browse((await begin()).url, jar)
  const form = new URLSearchParams({ email: 'ada@example.com' })
  expect(await browse(page.location, [], form)).toMatchObject({ status: 400, location: '' })
  const { location } = await browse(page.location, jar, form)
  await browse(location, jar)
  expect(await browse(page.location, jar, form)).toMatchObject({ status: 400, location: '' })
})

test('a request under another host name is refused', async () => {
  const address = identityProvider.issuer.replace('127.0.0.1', 'localhost')
  const { createConnection } = await import('node:net')
  const socket = createConnection(Number(new URL(address).port), '127.0.0.1')
  socket.end(
    `GET /.well-known/openid-configuration HTTP/1.1\r\nHost: ${new URL(address).host}\r\nConnection: close\r\n\r\n`,
  )
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  expect(answer).toMatch(/^HTTP\/1.1 421 /)
})

test('a port that is taken is reported', async () => {
  const port = Number(new URL(identityProvider.issuer).port)
  const second = startLocalIdentityProvider({ port, redirectUris: [redirectUri], people: async () => people })
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('nothing was printed meanwhile', () => {
  expect(printed).toEqual([])
})

function discover({ issuer, clientId, clientSecret }: LocalIdentityProvider, authentication?: client.ClientAuth) {
  const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks]
  return client.discovery(new URL(issuer), clientId, clientSecret, authentication, { execute })
}

async function begin(parameters: Record<string, string> = {}, at = configuration) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(at, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...parameters,
  })
  const finish = (callback: string) =>
    client.authorizationCodeGrant(at, new URL(callback), { pkceCodeVerifier, expectedState, expectedNonce })
  return { url: url.href, finish }
}

async function signIn(email: string, name = '', at = configuration) {
  const request = await begin({}, at)
  const tokens = await request.finish(await pickPerson(request.url, email, name))
  const claims = tokens.claims()
  if (!claims) throw new Error('no ID token')
  return claims
}

/** One request without following redirects; `jar` collects the cookies, whatever their path. */
async function browse(address: string, jar: string[], body?: URLSearchParams) {
  const headers = { accept: 'text/html', cookie: jar.join('; ') }
  const url = new URL(address, identityProvider.issuer)
  const response = await fetch(url, { method: body ? 'POST' : 'GET', body, headers, redirect: 'manual' })
  jar.unshift(...response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? ''))
  const location = response.headers.get('location') ?? ''
  return { status: response.status, location, html: await response.text(), response }
}

async function openPage({ url }: { url: string }) {
  const jar: string[] = []
  return browse((await browse(url, jar)).location, jar)
}
