import { DEVELOPMENT_SERVICE_KEY } from '../../src/platform/config'
import type { Answer } from './graphql-client'

/** A service of the platform, asking over HTTP. */
export class ServiceClient {
  constructor(
    readonly url: string,
    private readonly key: string | null = DEVELOPMENT_SERVICE_KEY,
  ) {}

  async introspect(token: string): Promise<{ status: number; headers: Headers; body: Answer }> {
    return this.#send('/oauth/introspect', 'application/x-www-form-urlencoded', `token=${encodeURIComponent(token)}`)
  }

  async post(path: string, body: unknown): Promise<{ status: number; headers: Headers; body: Answer }> {
    return this.#send(path, 'application/json', typeof body === 'string' ? body : JSON.stringify(body))
  }

  /** One check. @returns the decision and the kinds of its reasons */
  async check(
    subject: { type: string; id: string },
    permission: string,
    resource: { type: string; id: string; properties?: object },
    organizationId?: string,
  ): Promise<[boolean, ...string[]]> {
    const context = organizationId ? { organizationId } : undefined
    const answer = await this.post('/access/v1/evaluation', {
      subject,
      action: { name: permission },
      resource,
      context,
    })
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
    return [answer.body.decision, ...answer.body.context.reasons.map(({ kind }: { kind: string }) => kind)]
  }

  async #send(path: string, contentType: string, body: string) {
    const authorization: Record<string, string> = this.key === null ? {} : { authorization: `Bearer ${this.key}` }
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': contentType, ...authorization },
      body,
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer }
  }
}
