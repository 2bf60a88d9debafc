import { type LocalIdentityProvider, startLocalIdentityProvider } from '../../src/dev/local-identity-provider'
import { TestBrowser } from '../support/browser'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { pickPerson } from '../support/sign-in-at-identity-provider'

const PUBLIC_URL = 'http://localhost:4000'

describe('signing in at an identity provider', () => {
  let identityProvider: LocalIdentityProvider
  let gatehouse: Gatehouse

  beforeAll(async () => {
    const redirectUris = [`${PUBLIC_URL}/login/local/callback`]
    identityProvider = await startLocalIdentityProvider({ port: 0, redirectUris, people: async () => [] })
    gatehouse = await startGatehouse({}, { localIdentityProvider: identityProvider, signInsPerMinute: 10_000 })
  })
  afterAll(async () => {
    await gatehouse.close()
    await identityProvider.close()
  })

  const open = () => new TestBrowser(gatehouse.url)
  /** The way back from the provider, not yet followed. */
  const callbackFor = async (browser: TestBrowser, email: string, query = '') => {
    const { location } = await browser.get(`/login/local/start${query}`)
    const back = new URL(await pickPerson(location!, email, 'Ada'))
    return back.pathname + back.search
  }
  const users = (email: string) => gatehouse.superuser.rows('SELECT id FROM users WHERE email = $1', [email])

  it('makes an account for an unknown person and goes on where they wanted to', async () => {
    const browser = open()
    const answer = await browser.get(await callbackFor(browser, 'ada@example.com', '?returnTo=/organizations/new'))
    expect([answer.status, answer.location]).toEqual([303, `${gatehouse.url}/organizations/new`])
    const home = await browser.get('/')
    expect(home.html).toContain('ada@example.com')
    expect(await users('ada@example.com')).toHaveLength(1)
  })

  it('finds the same account again, and ends the session the browser had before', async () => {
    const browser = open()
    await browser.get(await callbackFor(browser, 'again@example.com'))
    const before = browser.cookies.get('gatehouse_account')
    await browser.get(await callbackFor(browser, 'again@example.com'))
    expect(browser.cookies.get('gatehouse_account')).not.toBe(before)
    expect(await users('again@example.com')).toHaveLength(1)
    const sessions = await gatehouse.superuser.rows(
      'SELECT revoked_at IS NULL AS live FROM account_sessions s JOIN users u ON u.id = s.user_id WHERE u.email = $1 ORDER BY s.id',
      ['again@example.com'],
    )
    expect(sessions).toEqual([{ live: false }, { live: true }])
  })

  it('signs nobody in when the session before cannot be ended: both happen, or neither', async () => {
    const browser = open()
    await browser.get(await callbackFor(browser, 'both@example.com'))
    const before = browser.cookies.get('gatehouse_account')
    const callback = await callbackFor(browser, 'neither@example.com')
    await gatehouse.superuser.rows(
      'ALTER TABLE account_sessions ADD CONSTRAINT nothing_ends CHECK (revoked_at IS NULL) NOT VALID',
    )
    const answer = await browser.get(callback)
    await gatehouse.superuser.rows('ALTER TABLE account_sessions DROP CONSTRAINT nothing_ends')
    expect([answer.status, await users('neither@example.com')]).toEqual([500, []])
    expect(browser.cookies.get('gatehouse_account')).toBe(before)
    expect((await browser.get('/')).html).toContain('both@example.com')
  })

  it('sets cookies that scripts and other sites do not get', async () => {
    const browser = open()
    const callback = await callbackFor(browser, 'cookies@example.com')
    expect(browser.setCookies.find((line) => line.startsWith('gatehouse_browser='))).toMatch(/HttpOnly; SameSite=Lax/)
    await browser.get(callback)
    const line = browser.setCookies.find((each) => each.startsWith('gatehouse_account='))
    expect(line).toMatch(/Path=\/; .*HttpOnly; SameSite=Lax/)
    expect(line).not.toMatch(/Domain/i)
  })

  it('takes an answer once, in the browser that began, with the state that was given', async () => {
    const browser = open()
    const callback = await callbackFor(browser, 'once@example.com')
    const stranger = open()
    await stranger.get('/login')
    expect((await stranger.get(callback)).status).toBe(410)
    expect((await open().get(callback)).status).toBe(410)
    expect((await browser.get(callback.replace(/state=[^&]*/, 'state=forged'))).status).toBe(410)
    expect((await browser.get(callback)).status).toBe(303)
    expect((await browser.get(callback)).status).toBe(410)
    expect(stranger.cookies.has('gatehouse_account')).toBe(false)
  })

  it('refuses an attempt older than 10 minutes', async () => {
    const browser = open()
    const callback = await callbackFor(browser, 'late@example.com')
    await gatehouse.superuser.rows("UPDATE sign_in_attempts SET expires_at = now() - interval '1 second'")
    expect((await browser.get(callback)).status).toBe(410)
    expect(await users('late@example.com')).toEqual([])
  })

  it('refuses an ID token that was made for another sign-in', async () => {
    const browser = open()
    const callback = await callbackFor(browser, 'nonce@example.com')
    const { sealer } = gatehouse.app.spine
    const [row] = await gatehouse.superuser.rows<{ id: string; sealed: Buffer }>(
      'SELECT id, sealed FROM sign_in_attempts ORDER BY id DESC LIMIT 1',
    )
    const context = `sign_in_attempts/${row!.id}`
    const remembered = { ...(JSON.parse(sealer.open(row!.sealed, context)) as object), nonce: 'of-another-sign-in' }
    const sealed = sealer.seal(JSON.stringify(remembered), context)
    await gatehouse.superuser.rows('UPDATE sign_in_attempts SET sealed = $2 WHERE id = $1', [row!.id, sealed])
    expect((await browser.get(callback)).status).toBe(400)
    expect(await users('nonce@example.com')).toEqual([])
  })

  it('says nothing more to a disabled account than that it cannot sign in', async () => {
    const browser = open()
    await browser.get(await callbackFor(browser, 'disabled@example.com'))
    await gatehouse.superuser.rows("UPDATE users SET disabled_at = now() WHERE email = 'disabled@example.com'")
    const again = open()
    const answer = await again.get(await callbackFor(again, 'disabled@example.com'))
    expect(answer.status).toBe(401)
    expect(answer.html).not.toMatch(/disabled(?!@)/)
    expect(again.cookies.has('gatehouse_account')).toBe(false)
  })

  it('makes one account when the same person comes back many times at once', async () => {
    const browsers = Array.from({ length: 8 }, open)
    const callbacks = await Promise.all(browsers.map((browser) => callbackFor(browser, 'rush@example.com')))
    const answers = await Promise.all(browsers.map((browser, index) => browser.get(callbacks[index]!)))
    expect(answers.map(({ status }) => status)).toEqual(browsers.map(() => 303))
    expect(await users('rush@example.com')).toHaveLength(1)
  })

  it('refuses a code that the provider does not know, with the issuer of another or without any', async () => {
    for (const spoil of [/code=[^&]*/, /iss=[^&]*/]) {
      const browser = open()
      const callback = await callbackFor(browser, 'spoilt@example.com')
      const name = /^\/(\w+)=/.exec(String(spoil))?.[1]
      expect((await browser.get(callback.replace(spoil, `${name}=https%3A%2F%2Fevil.example`))).status).toBe(400)
    }
    expect(await users('spoilt@example.com')).toEqual([])
  })

  it('never goes on to another site', async () => {
    const targets = [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/\t/evil.example',
      '/.//evil.example',
      'javascript:alert(1)',
    ]
    for (const [index, target] of targets.entries()) {
      const browser = open()
      const email = `redirect-${index}@example.com`
      const answer = await browser.get(await callbackFor(browser, email, `?returnTo=${encodeURIComponent(target)}`))
      expect([target, new URL(answer.location!).origin]).toEqual([target, gatehouse.url])
    }
  })

  it('never opens an account because of its address', async () => {
    const [{ id } = { id: '' }] = await gatehouse.superuser.rows<{ id: string }>(
      "INSERT INTO users (id, name, email) VALUES (gen_random_uuid(), 'Victim', 'victim@example.com') RETURNING id",
    )
    await gatehouse.superuser.rows(
      `INSERT INTO identities (id, user_id, provider, subject, email, verified_emails)
       VALUES (gen_random_uuid(), $1, 'GOOGLE', 'g-1', 'victim@example.com', ARRAY['victim@example.com'])`,
      [id],
    )
    const browser = open()
    const answer = await browser.get(await callbackFor(browser, 'victim@example.com'))
    expect(answer.html).toContain('You may have an account already')
    expect(browser.cookies.has('gatehouse_account')).toBe(false)
    await browser.get(await callbackFor(browser, 'victim@example.com', '?separate=1'))
    expect(browser.cookies.has('gatehouse_account')).toBe(true)
    const identities = await gatehouse.superuser.rows('SELECT provider FROM identities WHERE user_id = $1', [id])
    expect(identities).toEqual([{ provider: 'GOOGLE' }])
    expect(await users('victim@example.com')).toHaveLength(2)
  })

  it('signs out: the session is over, not just forgotten', async () => {
    const browser = open()
    await browser.get(await callbackFor(browser, 'out@example.com'))
    const token = browser.cookies.get('gatehouse_account')!
    await browser.get('/')
    expect((await browser.post('/logout', { csrfToken: 'forged' })).status).toBe(403)
    await browser.get('/')
    expect((await browser.submit('/logout')).status).toBe(303)
    expect(browser.cookies.has('gatehouse_account')).toBe(false)
    browser.cookies.set('gatehouse_account', token)
    expect((await browser.get('/')).html).toContain('Welcome')
  })

  it('refuses forms of other sites', async () => {
    const browser = open()
    await browser.get(await callbackFor(browser, 'csrf@example.com'))
    const { html } = await browser.get('/')
    const csrfToken = /name="csrfToken" value="([^"]*)"/.exec(html)![1]!
    const answer = await browser.post('/logout', { csrfToken }, { origin: 'https://evil.example' })
    expect(answer.status).toBe(403)
  })

  it('links a second way to sign in, but not one that opens another account', async () => {
    const other = open()
    await other.get(await callbackFor(other, 'other@example.com'))
    const browser = open()
    await browser.get(await callbackFor(browser, 'mine@example.com'))
    const answer = await browser.get(await callbackFor(browser, 'other@example.com', '?link=1'))
    expect(answer.status).toBe(409)
    const linked = await browser.get(await callbackFor(browser, 'second@example.com', '?link=1'))
    expect(linked.location).toBe(`${gatehouse.url}/?notice=linked`)
    expect(await users('second@example.com')).toEqual([])
  })

  it('says strictly what a page may load, and keeps no copy', async () => {
    const { headers } = await open().get('/login')
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('has an icon for the tab, which every page names', async () => {
    const page = await open().get('/login')
    const [, path] = /<link rel="icon" href="([^"]+)"/.exec(page.html)!
    expect(path).toBe('/favicon.ico')
    const answer = await fetch(gatehouse.url + path!)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    expect(answer.headers.get('cache-control')).toContain('max-age=')
    expect(await answer.text()).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/)
  })
})

describe('beginning to sign in too often', () => {
  it('is refused for a while', async () => {
    const gatehouse = await startGatehouse({}, { signInsPerMinute: 3 })
    try {
      const browser = new TestBrowser(gatehouse.url)
      const statuses: number[] = []
      for (let round = 0; round < 4; round += 1) statuses.push((await browser.get('/login')).status)
      expect(statuses).toEqual([200, 200, 200, 429])
      expect((await browser.get('/login')).headers.get('retry-after')).toMatch(/^[1-9]/)
    } finally {
      await gatehouse.close()
    }
  })
})

describe('signing in by code', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { signInsPerMinute: 10_000 })
  })
  afterAll(() => gatehouse.close())

  const ask = async (email: string) => {
    const browser = new TestBrowser(gatehouse.url)
    await browser.get('/login')
    const page = await browser.submit('/login/email', { email })
    return { browser, page, code: await codeFor(email) }
  }
  const codeFor = async (email: string): Promise<string> => {
    const [row] = await gatehouse.superuser.rows<{ organization_id: string; id: string; sealed: Buffer }>(
      `SELECT * FROM outbox_messages WHERE kind = 'mail.sign-in-code' AND destination = $1 ORDER BY id DESC LIMIT 1`,
      [email],
    )
    return gatehouse.app.spine.sealer.open(row!.sealed, `outbox_messages/${row!.organization_id}/${row!.id}`)
  }
  const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

  it('signs in with the code that was mailed, once', async () => {
    const { browser, code } = await ask('code@example.com')
    const answer = await browser.submit('/login/email/verify', { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` })
    expect(answer.status).toBe(303)
    expect((await browser.get('/')).html).toContain('code@example.com')
    const { csrfToken } = { csrfToken: /name="csrfToken" value="([^"]*)"/.exec((await browser.get('/')).html)![1]! }
    expect((await browser.post('/login/email/verify', { csrfToken, email: 'code@example.com', code })).status).toBe(400)
  })

  it('stops after 5 guesses, also for the right code', async () => {
    const { browser, code } = await ask('guess@example.com')
    for (let guess = 0; guess < 5; guess += 1)
      expect((await browser.submit('/login/email/verify', { code: wrong(code) })).status).toBe(400)
    expect((await browser.submit('/login/email/verify', { code })).status).toBe(400)
    expect(browser.cookies.has('gatehouse_account')).toBe(false)
  })

  it('takes a code in the browser that asked for it only', async () => {
    const { code } = await ask('thief@example.com')
    const thief = new TestBrowser(gatehouse.url)
    const { html } = await thief.get('/login')
    const csrfToken = /name="csrfToken" value="([^"]*)"/.exec(html)![1]!
    expect((await thief.post('/login/email/verify', { csrfToken, email: 'thief@example.com', code })).status).toBe(400)
  })

  it('refuses a code older than 10 minutes', async () => {
    const { browser, code } = await ask('old@example.com')
    await gatehouse.superuser.rows("UPDATE sign_in_codes SET expires_at = now() - interval '1 second'")
    expect((await browser.submit('/login/email/verify', { code })).status).toBe(400)
  })

  it('sends at most 5 codes to an address, whoever asks', async () => {
    for (let round = 0; round < 5; round += 1) expect((await ask('many@example.com')).page.status).toBe(200)
    expect((await ask('many@example.com')).page.status).toBe(429)
  })

  it('keeps no code that could be read or tried', async () => {
    const { code } = await ask('kept@example.com')
    expect(gatehouse.logs.join('\n')).not.toContain(code)
  })
})
