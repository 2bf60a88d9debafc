import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Who signs in at the fake GitHub. */
export interface FakeGitHubPerson {
  id: number
  login: string
  name: string | null
  emails: { email: string; verified: boolean; primary: boolean }[]
}

/** A GitHub on the loopback interface: its two OAuth pages and the two questions that are asked of its API. */
export interface FakeGitHub {
  readonly address: string
  person: FakeGitHubPerson
  close(): Promise<void>
}

/** Starts one. It checks PKCE, the client secret and that a code is redeemed once, as GitHub does. */
export async function startFakeGitHub(clientSecret: string): Promise<FakeGitHub> {
  const challenges = new Map<string, string>()
  const fake = { person: { id: 1, login: 'nobody', name: null, emails: [] } as FakeGitHubPerson }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://github.test')
    const json = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (url.pathname === '/login/oauth/authorize') {
      const code = `code-${challenges.size}-${fake.person.id}`
      challenges.set(code, url.searchParams.get('code_challenge')!)
      const back = new URL(url.searchParams.get('redirect_uri')!)
      back.search = new URLSearchParams({ code, state: url.searchParams.get('state')! }).toString()
      return response.writeHead(302, { location: back.href }).end()
    }
    if (url.pathname === '/login/oauth/access_token') {
      const form = new URLSearchParams(await bodyOf(request))
      const challenge = challenges.get(form.get('code') ?? '')
      challenges.delete(form.get('code') ?? '')
      const proof = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      // GitHub refuses with 200 and an error in the body.
      if (proof !== challenge || form.get('client_secret') !== clientSecret)
        return json({ error: 'bad_verification_code' })
      return json({ access_token: 'gho_test', token_type: 'bearer', scope: 'read:user,user:email' })
    }
    if (request.headers.authorization !== 'Bearer gho_test') return json({ message: 'Bad credentials' }, 401)
    const { emails, ...user } = fake.person
    return json(url.pathname === '/user/emails' ? emails : user)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(fake, {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
