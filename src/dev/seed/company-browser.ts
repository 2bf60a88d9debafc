import type { FastifyInstance } from 'fastify'

/** A page, or where a browser is sent to. */
interface Answer {
  readonly status: number
  /** Absolute; null for pages. */
  readonly location: string | null
  readonly html: string
}

const MOST_HOPS = 20

/**
 * Signs people in at the local identity provider as their browsers would: Gatehouse answers inside this process, the
 * provider over HTTP. One is one browser: it keeps its cookies.
 */
export class CompanyBrowser {
  readonly #cookies = new Map<string, Map<string, string>>()

  constructor(
    private readonly server: Pick<FastifyInstance, 'inject'>,
    private readonly publicUrl: string,
  ) {}

  /** The session of an organization that a sign-in has opened, `gos_…`; undefined before. */
  get session(): string | undefined {
    return this.#cookies.get(new URL(this.publicUrl).origin)?.get('gatehouse_organization')
  }

  /**
   * Goes where a sign-in begins and follows it to its end, choosing a person on the page of the provider.
   * @returns  the page that it ends on
   * @throws Error  it leads nowhere
   */
  async signIn(startUrl: string, email: string): Promise<Answer> {
    let address = startUrl
    let form: URLSearchParams | undefined
    for (let hops = 0; hops < MOST_HOPS; hops += 1) {
      const answer = await this.send(address, form)
      const next = answer.location ? { address: answer.location } : formIn(answer.html, address, email)
      if (!next || (this.isOurs(address) && !answer.location)) return answer
      address = next.address
      form = 'form' in next ? next.form : undefined
    }
    throw new Error(`The sign-in of ${email} goes round in circles.`)
  }

  private isOurs(address: string): boolean {
    return new URL(address).origin === new URL(this.publicUrl).origin
  }

  private async send(address: string, form: URLSearchParams | undefined): Promise<Answer> {
    const { origin, host, pathname, search } = new URL(address)
    const method = form ? ('POST' as const) : ('GET' as const)
    // A form that comes from another site brings no cookies of SameSite=Lax.
    const cookie = form && this.isOurs(address) ? '' : this.cookiesFor(origin)
    const headers = {
      accept: 'text/html',
      ...(cookie && { cookie }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    }
    if (this.isOurs(address)) {
      const path = pathname + search
      const answer = await this.server.inject({
        method,
        url: path,
        headers: { ...headers, host },
        payload: form?.toString(),
      })
      this.keep(origin, [answer.headers['set-cookie'] ?? []].flat())
      const { location } = answer.headers
      return {
        status: answer.statusCode,
        location: location ? new URL(location, address).href : null,
        html: answer.body,
      }
    }
    const answer = await fetch(address, { method, headers, body: form, redirect: 'manual' })
    this.keep(origin, answer.headers.getSetCookie())
    const location = answer.headers.get('location')
    return { status: answer.status, location: location && new URL(location, address).href, html: await answer.text() }
  }

  private cookiesFor(origin: string): string {
    return [...(this.#cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  private keep(origin: string, lines: readonly string[]): void {
    const kept = this.#cookies.get(origin) ?? new Map<string, string>()
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
      kept.set(name, value)
    }
    this.#cookies.set(origin, kept)
  }
}

/** What a page of the local identity provider asks for: a person, or to post its hidden fields on. */
function formIn(html: string, address: string, email: string): { address: string; form: URLSearchParams } | null {
  const [, action] = /<form method="post" action="([^"]*)">/.exec(html) ?? []
  if (action) {
    const fields = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
    return { address: action, form: new URLSearchParams([...fields].map(([, name = '', value = '']) => [name, value])) }
  }
  return html.includes('<form method="post"') ? { address, form: new URLSearchParams({ email }) } : null
}
