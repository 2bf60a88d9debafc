import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the provider is to do otherwise than it should; everything absent it does properly. */
export interface Misbehaviour {
  /** Changes of the discovery document; undefined removes a member. */
  discovery?: Record<string, unknown>
  /** Changes of the parameters with which the browser is sent back; null removes one. */
  callback?: (parameters: URLSearchParams) => void
  /** Changes of the claims of the ID token; undefined removes one. */
  claims?: Record<string, unknown>
  /** Changes of the header of the ID token. */
  header?: Record<string, unknown>
  /** Who signs the ID token: its own key, somebody else's, nobody, or whatever the function makes of the input. */
  signer?: 'own' | 'foreign' | 'nobody' | ((input: string) => string)
  /** Changes of the body of the token endpoint. */
  tokens?: Record<string, unknown>
  /** What the userinfo endpoint says beside `sub`. */
  userInfo?: Record<string, unknown>
  /** Answers instead of an endpoint: it may hang, break off or answer garbage. */
  instead?: Partial<Record<Endpoint, (response: ServerResponse, request: IncomingMessage) => void>>
}

type Endpoint = 'discovery' | 'authorize' | 'token' | 'keys' | 'userinfo'

/** An OpenID provider that does what it is told, on loopback. It asks nobody: whoever comes is signed in at once. */
export interface HostileOpenidProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The public key, PEM: for tokens that use it as a secret. */
  readonly publicKey: string
  readonly privateKey: KeyObject
  /** What it does from now on; once replaced, the old is forgotten. */
  behaviour: Misbehaviour
  /** Bodies that came to the token endpoint. */
  readonly tokenRequests: URLSearchParams[]
  close(): Promise<void>
}

const KID = 'key-1'
const LIFETIME_SECONDS = 300

/** Starts one. @param person  claims of whoever signs in; `sub` is needed */
export async function startHostileOpenidProvider(
  person: Record<string, unknown> = { sub: 'ada', email: 'ada@acme.example', name: 'Ada' },
): Promise<HostileOpenidProvider> {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<string, { nonce: string | null }>()
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider: HostileOpenidProvider = {
    issuer,
    clientId: 'gatehouse',
    clientSecret: 'hostile-but-long-enough',
    publicKey: own.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    privateKey: own.privateKey,
    behaviour: {},
    tokenRequests: [],
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  const idToken = (nonce: string | null): string => {
    const { claims, header, signer = 'own' } = provider.behaviour
    const now = Math.floor(Date.now() / 1000)
    const proper = { iss: issuer, aud: provider.clientId, iat: now, exp: now + LIFETIME_SECONDS, nonce, ...person }
    const input = `${part({ alg: 'RS256', kid: KID, ...header })}.${part({ ...proper, ...claims })}`
    if (signer === 'nobody') return `${input}.`
    if (typeof signer === 'function') return `${input}.${signer(input)}`
    const { privateKey } = signer === 'own' ? own : foreign
    return `${input}.${sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url')}`
  }
  const endpoints: Record<Endpoint, (response: ServerResponse, request: IncomingMessage) => Promise<void> | void> = {
    discovery: (response) => json(response, { ...discoveryOf(issuer), ...provider.behaviour.discovery }),
    keys: (response) => json(response, { keys: [{ ...own.publicKey.export({ format: 'jwk' }), ...JWK }] }),
    userinfo: (response) => json(response, { ...person, ...provider.behaviour.claims, ...provider.behaviour.userInfo }),
    authorize: (response, request) => {
      const asked = new URL(request.url!, issuer).searchParams
      const code = randomUUID()
      codes.set(code, { nonce: asked.get('nonce') })
      const location = new URL(asked.get('redirect_uri')!)
      const proper = new URLSearchParams({ code, state: asked.get('state') ?? '', iss: issuer })
      provider.behaviour.callback?.(proper)
      location.search = String(proper)
      response.writeHead(303, { location: location.href }).end()
    },
    token: async (response, request) => {
      const body = new URLSearchParams(await textOf(request))
      provider.tokenRequests.push(body)
      const known = codes.get(body.get('code') ?? '')
      codes.delete(body.get('code') ?? '')
      response.statusCode = known ? 200 : 400
      if (!known) return json(response, { error: 'invalid_grant' })
      const proper = { access_token: 'at', token_type: 'Bearer', expires_in: 60, id_token: idToken(known.nonce) }
      json(response, { ...proper, ...provider.behaviour.tokens })
    },
  }
  server.on('request', (request, response) => {
    const endpoint = endpointOf(new URL(request.url!, issuer).pathname)
    if (!endpoint) return response.writeHead(404).end()
    const instead = provider.behaviour.instead?.[endpoint]
    if (instead) return instead(response, request)
    return void endpoints[endpoint](response, request)
  })
  return provider
}

/** Endpoints that do not do what they are for, for {@link Misbehaviour.instead}. */
export const BROKEN = {
  hangs: () => {},
  hangsUp: (response: ServerResponse) => void response.socket?.destroy(),
  garbage: (response: ServerResponse) => void response.writeHead(200, JSON_TYPE).end('{"<html>'),
  failure: (response: ServerResponse) => void response.writeHead(500).end('Internal Server Error'),
  flood: (response: ServerResponse) => void response.writeHead(200, JSON_TYPE).end(`{"a":"${'x'.repeat(2 ** 20)}"}`),
  drips: (response: ServerResponse) => {
    response.writeHead(200, JSON_TYPE)
    const drip = setInterval(() => response.write(' '), 200)
    response.on('close', () => clearInterval(drip))
  },
} as const

const JSON_TYPE = { 'content-type': 'application/json' }
const JWK = { alg: 'RS256', use: 'sig', kid: KID }

function endpointOf(path: string): Endpoint | undefined {
  const paths: Record<string, Endpoint> = {
    '/.well-known/openid-configuration': 'discovery',
    '/authorize': 'authorize',
    '/token': 'token',
    '/keys': 'keys',
    '/userinfo': 'userinfo',
  }
  return paths[path]
}

function discoveryOf(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true,
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(body))
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function textOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}
