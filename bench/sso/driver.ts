import { Agent, request } from 'undici'
import { type BenchIdentityProvider, startIdentityProvider } from './identity-provider'
import { type DriverMessage, type DriverOrder, EMPLOYEES, type Target } from './messages'

/*
 * Browsers and the identity provider that they sign in at, in a process of their own. A sign-in is what a browser does:
 * begin, be sent away, come back with the answer, follow redirects until there is a session.
 */

const SESSION = /^(?:gatehouse_organization|bare_session)=[^;]{20,}/

class Browser {
  readonly #cookies = new Map<string, string>()
  hasSession = false
  private readonly address = `10.${byte()}.${byte()}.${byte()}`

  constructor(
    private readonly agent: Agent,
    private readonly port: number,
  ) {}

  /** @returns  where the answer leads */
  async send(path: string, form?: Record<string, string>): Promise<string> {
    const { statusCode, headers, body } = await request(`http://127.0.0.1:${this.port}${path}`, {
      dispatcher: this.agent,
      method: form ? 'POST' : 'GET',
      // Cookies and links are those of the name that people type.
      headers: {
        host: `localhost:${this.port}`,
        // Each browser is somewhere else, as far as limits by address are concerned.
        'x-forwarded-for': this.address,
        cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; '),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: form ? new URLSearchParams(form).toString() : null,
    })
    const text = await body.text()
    for (const line of [headers['set-cookie'] ?? []].flat()) this.#keep(line)
    const { location } = headers
    if (typeof location === 'string') return location
    throw new Error(`${statusCode} at ${path}: ${text.slice(0, 500)}`)
  }

  #keep(line: string): void {
    if (SESSION.test(line)) this.hasSession = true
    const [pair = ''] = line.split(';')
    this.#cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
  }
}

function byte(): number {
  return Math.floor(Math.random() * 256)
}

async function signIn(agent: Agent, idp: BenchIdentityProvider, target: Target): Promise<void> {
  const browser = new Browser(agent, target.port)
  const employee = Math.floor(Math.random() * EMPLOYEES)
  const away = new URL(await browser.send(target.startPath))
  let next = await (target.protocol === 'saml'
    ? answerSaml(browser, idp, target, away, employee)
    : browser.send(`${target.answerPath}?${oidcAnswer(away, employee)}`))
  for (let hops = 0; !browser.hasSession && hops < 3; hops += 1) {
    const { pathname, search } = new URL(next, 'http://localhost')
    next = await browser.send(pathname + search)
  }
  if (!browser.hasSession) throw new Error(`No session at ${next}`)
}

function answerSaml(
  browser: Browser,
  idp: BenchIdentityProvider,
  target: Target,
  away: URL,
  employee: number,
): Promise<string> {
  const requestId = away.searchParams.get('RelayState')!
  const field = idp.samlResponse(target, requestId, employee)
  return browser.send(target.answerPath, { SAMLResponse: field, RelayState: requestId })
}

function oidcAnswer({ searchParams }: URL, employee: number): string {
  const code = `${employee}.${searchParams.get('nonce')}`
  return new URLSearchParams({ code, state: searchParams.get('state')! }).toString()
}

async function run(idp: BenchIdentityProvider, { target, milliseconds, lanes }: DriverOrder): Promise<DriverMessage> {
  const agent = new Agent({ connections: lanes })
  const latencies: number[] = []
  const started = performance.now()
  let firstFailure: string | null = null
  const lane = async (): Promise<void> => {
    while (performance.now() - started < milliseconds && firstFailure === null) {
      const begun = performance.now()
      await signIn(agent, idp, target).catch((error: Error) => {
        firstFailure ??= error.message
      })
      latencies.push(performance.now() - begun)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const seconds = (performance.now() - started) / 1000
  await agent.close()
  const sorted = latencies.sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return { kind: 'result', signIns: sorted.length, seconds, p50: at(0.5), p99: at(0.99), firstFailure }
}

async function main(): Promise<void> {
  const idp = await startIdentityProvider()
  const say = (message: DriverMessage): void => void process.send?.(message)
  process.on('message', (order: DriverOrder) => {
    run(idp, order).then(say, (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    })
  })
  process.once('disconnect', () => process.exit(0))
  say({ kind: 'ready', issuer: idp.issuer, certificate: idp.certificate })
}

void main()
