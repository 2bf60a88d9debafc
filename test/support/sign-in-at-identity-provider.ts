import { hiddenFieldsOf } from './browser'

/**
 * Signs a person in at the local identity provider as a browser would: follows its redirects with a cookie jar and
 * posts its form. An address the page does not offer is typed, with the optional name.
 *
 * @param authorizationUrl  where the client sends the browser
 * @param fields  further ones of the form, such as `answer` of a company
 * @returns  the redirect back to the client, with `code` and `state`; it is not followed
 * @throws   Error with the status and the text of the page when the provider refuses
 */
export async function pickPerson(
  authorizationUrl: string,
  email: string,
  name = '',
  fields: Record<string, string> = {},
): Promise<string> {
  const browser = new Browser(new URL(authorizationUrl).origin)
  const page = await browser.follow(authorizationUrl)
  if (typeof page === 'string') return page
  const form = new URLSearchParams({ email, name, ...fields })
  const answer = await browser.follow(page.url, { method: 'POST', body: form })
  if (typeof answer === 'string') return answer
  throw new Error(`The identity provider refused the sign-in: ${answer.status} ${textOf(await answer.text())}`)
}

/**
 * Signs a person in by SAML at a company of the local identity provider.
 *
 * @param ssoUrl  where Gatehouse sends the browser, with SAMLRequest
 * @returns  where the browser posts the response to, and the fields; it is not posted
 * @throws   Error with the status and the text of the page when the provider refuses
 */
export async function pickPersonBySaml(
  ssoUrl: string,
  email: string,
  fields: Record<string, string> = {},
): Promise<{ address: string; fields: Record<string, string> }> {
  const body = new URLSearchParams({ email, ...fields })
  const answer = await fetch(ssoUrl, { method: 'POST', body })
  const html = await answer.text()
  if (!answer.ok) throw new Error(`The identity provider refused the sign-in: ${answer.status} ${textOf(html)}`)
  const [, address = ''] = /<form method="post" action="([^"]*)">/.exec(html) ?? []
  return { address, fields: hiddenFieldsOf(html, address) }
}

type Cookie = { name: string; value: string; path: string }

class Browser {
  private cookies: Cookie[] = []

  constructor(private readonly origin: string) {}

  /** Follows redirects inside the provider; returns its page, or the first address outside of it. */
  async follow(address: string, init: RequestInit = {}): Promise<Response | string> {
    const response = await this.send(new URL(address), init)
    const location = response.headers.get('location')
    if (location === null) {
      if (response.ok || init.method === 'POST') return response
      throw new Error(`The identity provider refused the request: ${response.status} ${textOf(await response.text())}`)
    }
    const next = new URL(location, address)
    return next.origin === this.origin ? this.follow(next.href) : next.href
  }

  private async send(url: URL, init: RequestInit): Promise<Response> {
    const sent = this.cookies.filter(({ path }) => url.pathname.startsWith(path))
    const cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', ...(cookie && { cookie }) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.keep(line)
    return response
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    const attribute = (key: string) =>
      attributes.find((each) => each.toLowerCase().startsWith(`${key}=`))?.split('=')[1]
    const name = pair.slice(0, pair.indexOf('='))
    const path = attribute('path') ?? '/'
    this.cookies = this.cookies.filter((each) => each.name !== name || each.path !== path)
    const isDeleted = Date.parse(attribute('expires') ?? '') < Date.now()
    if (!isDeleted) this.cookies.push({ name, value: pair.slice(name.length + 1), path })
  }
}

function textOf(html: string): string {
  const body = html.slice(html.indexOf('<body>'))
  return body
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
