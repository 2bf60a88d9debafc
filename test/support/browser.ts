/** A page, or a redirect that was not followed. */
export interface BrowserAnswer {
  status: number
  /** Where a redirect leads, absolute; null for pages. */
  location: string | null
  html: string
  headers: Headers
}

/** A browser without scripts: keeps cookies, follows nothing by itself, posts forms of the page it has open. */
export class TestBrowser {
  readonly cookies = new Map<string, string>()
  /** `Set-Cookie` lines of the last answer. */
  setCookies: string[] = []
  #page = ''

  constructor(
    readonly origin: string,
    readonly headers: Record<string, string> = {},
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<BrowserAnswer> {
    return this.#send(path, { headers })
  }

  /** Posts fields together with the hidden ones of the form on the open page that has this action. */
  submit(action: string, fields: Record<string, string> = {}): Promise<BrowserAnswer> {
    return this.post(action, { ...this.openForm(action), ...fields })
  }

  /** The hidden fields of the form on the open page that has this action. */
  openForm(action: string): Record<string, string> {
    return hiddenFieldsOf(this.#page, action)
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<BrowserAnswer> {
    const body = new URLSearchParams(fields)
    return this.#send(path, { method: 'POST', body, headers })
  }

  async #send(path: string, init: { method?: string; body?: URLSearchParams; headers: Record<string, string> }) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', ...this.headers, ...(cookie && { cookie }), ...init.headers }
    const response = await fetch(new URL(path, this.origin), { ...init, headers, redirect: 'manual' })
    this.setCookies = response.headers.getSetCookie()
    for (const line of this.setCookies) this.#keep(line)
    const html = await response.text()
    const location = response.headers.get('location')
    if (location === null) this.#page = html
    return {
      status: response.status,
      location: location && new URL(location, this.origin).href,
      html,
      headers: response.headers,
    }
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    const name = pair.slice(0, pair.indexOf('='))
    const expires = attributes.find((each) => each.toLowerCase().startsWith('expires='))?.slice(8)
    if (expires && Date.parse(expires) < Date.now()) this.cookies.delete(name)
    else this.cookies.set(name, pair.slice(name.length + 1))
  }
}

/** The hidden fields of the form on a page that has this action. */
export function hiddenFieldsOf(page: string, action: string): Record<string, string> {
  const form = [...page.matchAll(/<form\b[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].find(
    ([, found]) => unescape(found!) === action,
  )
  if (!form) throw new Error(`The page has no form that posts to ${action}`)
  const inputs = [...form[2]!.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  return Object.fromEntries(inputs.map(([, name, value]) => [unescape(name!), unescape(value!)]))
}

function unescape(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
