import { lookup as resolveHost } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { callbackify, promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import ipaddr from 'ipaddr.js'
import { Agent, type Dispatcher } from 'undici'
import { Exchange, type WholeAnswer } from './exchange'
import { WholeResponse } from './whole-response'

/** A request to an address that a tenant gave. The answer is whole: at most 512 KiB, never a redirect. */
export type SafeFetch = (url: string | URL, init?: SafeRequest) => Promise<Response>

/** What may be asked. */
export interface SafeRequest {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | URLSearchParams | Uint8Array | null
  readonly signal?: AbortSignal | null
}

/** A request that was not sent, or whose answer is not taken. */
export class SafeFetchError extends Error {
  constructor(
    readonly reason: 'ADDRESS' | 'UNREACHABLE' | 'TIMEOUT' | 'REDIRECT' | 'TOO_LARGE',
    host: string,
    cause?: unknown,
  ) {
    super(`${host} ${MESSAGES[reason] ?? 'could not be reached'}.`, { cause })
  }
}

// Beyond these whoever asks learns nothing about what stands at an address: it must not serve as a port scanner. How long
// an answer took they know themselves.
const MESSAGES: Readonly<Record<string, string>> = {
  ADDRESS: 'is not an address of the public internet',
  TIMEOUT: 'did not answer in time',
}

/** How strict the fetch is. */
export interface SafeFetchOptions {
  /** Also plain http and loopback, any port: for development and tests. Everything else stays refused. */
  readonly allowsLoopback: boolean
  /** Resolves a host name; the operating system's resolver by default. */
  readonly resolve?: (host: string) => Promise<readonly { address: string; family: number }[]>
}

const MILLISECONDS = 5_000
const MAXIMUM_BYTES = 512 * 1024
const MAXIMUM_HEADER_BYTES = 16 * 1024
const FORM = 'application/x-www-form-urlencoded;charset=UTF-8'
const DECODERS: Readonly<
  Record<string, (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer<ArrayBuffer>>>
> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}
const INTERNAL_NAMES = /(^|\.)(localhost|local|internal|intranet|home|lan|corp|arpa)$/

/**
 * Makes the one fetch for addresses that tenants give: discovery, keys, metadata, tokens, logout
 * (docs/adr/0014-single-sign-on.md; OWASP SSRF Prevention). Only https on port 443 to public addresses; a name is
 * resolved once and the socket goes to exactly the address that was checked, so that a name cannot point elsewhere in
 * between; no redirect is followed; five seconds in all; 512 KiB after decompression.
 */
export function createSafeFetch({ allowsLoopback, resolve = resolveAll }: SafeFetchOptions): SafeFetch {
  const isAllowed = (address: string) => isPublic(address) || (allowsLoopback && isLoopback(address))
  const agent = new Agent({
    connect: { lookup: checkedLookup(resolve, isAllowed), timeout: MILLISECONDS },
    headersTimeout: MILLISECONDS,
    bodyTimeout: MILLISECONDS,
    maxHeaderSize: MAXIMUM_HEADER_BYTES,
    keepAliveTimeout: 1_000,
  })
  return async (address, init = {}) => {
    const url = checkedUrl(address, allowsLoopback, isAllowed)
    try {
      return await responseOf(await exchanged(agent, url, init), url.host)
    } catch (error) {
      throw error instanceof SafeFetchError ? error : new SafeFetchError('UNREACHABLE', url.host, error)
    }
  }
}

/** The answer of five seconds, or of as long as the caller waits. */
async function exchanged(agent: Agent, url: URL, { signal = null, ...message }: SafeRequest): Promise<WholeAnswer> {
  const { host, origin, pathname, search } = url
  const exchange = new Exchange({
    checkStatus: (status) => refuseRedirect(status, host),
    maximum: MAXIMUM_BYTES,
    tooLarge: () => new SafeFetchError('TOO_LARGE', host),
  })
  const timer = setTimeout(() => exchange.giveUp(new SafeFetchError('TIMEOUT', host)), MILLISECONDS)
  const giveUp = (): void => exchange.giveUp(new SafeFetchError(isLate(signal) ? 'TIMEOUT' : 'UNREACHABLE', host))
  signal?.addEventListener('abort', giveUp)
  try {
    if (signal?.aborted) giveUp()
    else agent.dispatch({ origin, path: pathname + search, ...messageOf(message) }, exchange)
    return await exchange.answer
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
  }
}

/** The patience of the caller counts as well as ours. */
function isLate(signal: AbortSignal | null): boolean {
  return (signal?.reason as { name?: unknown } | undefined)?.name === 'TimeoutError'
}

// RFC 9110 §15.4
function refuseRedirect(status: number, host: string): void {
  if (status >= 300 && status < 400) throw new SafeFetchError('REDIRECT', host)
}

function checkedUrl(address: string | URL, allowsLoopback: boolean, isAllowed: (address: string) => boolean): URL {
  const url = URL.canParse(String(address)) ? new URL(String(address)) : null
  if (!url) throw new SafeFetchError('ADDRESS', 'This')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isLiteral = isIP(host) !== 0
  // A literal never reaches the resolver; the URL parser has turned octal, hexadecimal and short forms into plain ones.
  const isFine = isLiteral ? isAllowed(host) : allowsLoopback || isPublicName(host)
  const isEncrypted = url.protocol === 'https:' && (url.port === '' || allowsLoopback)
  const isLocal =
    allowsLoopback && url.protocol === 'http:' && (host === 'localhost' || (isLiteral && isLoopback(host)))
  if (!isFine || !(isEncrypted || isLocal) || url.username || url.password)
    throw new SafeFetchError('ADDRESS', url.host)
  return url
}

function isPublicName(host: string): boolean {
  return host.includes('.') && !INTERNAL_NAMES.test(host.replace(/\.$/, ''))
}

function isPublic(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.process(address).range() === 'unicast'
}

function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.process(address).range() === 'loopback'
}

/** Resolves once, refuses the name when any of its addresses is refused, and hands over exactly what was checked. */
function checkedLookup(
  resolve: NonNullable<SafeFetchOptions['resolve']>,
  isAllowed: (address: string) => boolean,
): LookupFunction {
  const check = callbackify(async (host: string) => {
    const addresses = await resolve(host)
    if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address)))
      throw new SafeFetchError('ADDRESS', host)
    return addresses.map(({ address, family }) => ({ address, family }))
  })
  return (host, options, callback) =>
    check(host, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || !first) return callback(error, '', 0)
      if (options.all) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
}

async function resolveAll(host: string): Promise<{ address: string; family: number }[]> {
  return resolveHost(host, { all: true })
}

// The client below fetch, at a fifth of its price; what fetch would do for a form is done here.
function messageOf({
  method = 'GET',
  headers,
  body = null,
}: SafeRequest): Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'> {
  const isForm = body instanceof URLSearchParams
  return {
    method: method as Dispatcher.HttpMethod,
    headers: { ...(isForm && { 'content-type': FORM }), ...headers, 'accept-encoding': 'identity' },
    body: isForm ? body.toString() : body,
  }
}

async function responseOf({ status, headers, body }: WholeAnswer, host: string): Promise<Response> {
  const { 'content-encoding': encodings = [], ...others } = headers
  const content = await decoded(body, [encodings].flat(), host)
  const lines = Object.entries(others).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  )
  const init = { status, headers: lines }
  return isBodiless(status) ? new Response(null, init) : new WholeResponse(content, init)
}

/** Some servers compress although nobody asked for it. */
async function decoded(
  body: Uint8Array<ArrayBuffer>,
  encodings: readonly string[],
  host: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = encodings.join().toLowerCase() || 'identity'
  if (encoding === 'identity') return body
  const decode = DECODERS[encoding]
  if (!decode) throw new Error(`Content-Encoding ${encoding}`)
  try {
    return await decode(body, { maxOutputLength: MAXIMUM_BYTES })
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw isTooLarge ? new SafeFetchError('TOO_LARGE', host) : error
  }
}

// RFC 9110 §6.4.1
function isBodiless(status: number): boolean {
  return status === 204 || status === 205
}
