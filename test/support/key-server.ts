import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose'

/** An address at which a provider's keys are published, over real HTTP. */
export interface KeyServer {
  readonly url: string
  readonly key: CryptoKey
  /** How it answers: with its keys, with something else, or after the patience of everybody. */
  condition: 'up' | 'garbage' | 'slow'
  /** Requests so far. */
  readonly asked: () => number
  close(): Promise<void>
}

/** Starts one with an RS256 key called `one`. */
export async function startKeyServer(): Promise<KeyServer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  let asked = 0
  const keys: KeyServer = {
    url: '',
    key: privateKey,
    condition: 'up',
    asked: () => asked,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((_request, response) => {
    asked += 1
    if (keys.condition === 'slow') return
    response.setHeader('content-type', 'application/json')
    response.end(keys.condition === 'up' ? JSON.stringify({ keys: [jwk] }) : '<html>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(keys, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys` })
}
