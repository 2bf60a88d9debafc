import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a token endpoint was asked. */
export interface TokenRequest {
  readonly authorization: string | undefined
  readonly form: Record<string, string>
}

/** A token endpoint over real HTTP that answers what it is told to. */
export interface TokenServer {
  readonly url: string
  /** Status and body of the answers; null for none at all. */
  answer: { status: number; body: string } | null
  readonly requests: TokenRequest[]
  close(): Promise<void>
}

/** Starts one. */
export async function startTokenServer(): Promise<TokenServer> {
  const tokens: TokenServer = {
    url: '',
    answer: null,
    requests: [],
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const form = Object.fromEntries(new URLSearchParams(body))
      tokens.requests.push({ authorization: request.headers.authorization, form })
      if (tokens.answer) response.writeHead(tokens.answer.status).end(tokens.answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(tokens, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token` })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
