import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { Sealer } from '../../platform/crypto'
import { SIGNING_ALGORITHM } from './signing-key.model'
import { type NewSigningKey, signingKeySealContext } from './signing-key.store'

/** Makes a key pair; the private part leaves this function sealed. */
export async function makeSigningKey(sealer: Sealer): Promise<NewSigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const id = await calculateJwkThumbprint(jwk)
  return {
    id,
    publicKey: { ...jwk, kid: id, use: 'sig', alg: SIGNING_ALGORITHM },
    sealedPrivate: sealer.seal(JSON.stringify(await exportJWK(privateKey)), signingKeySealContext(id)),
  }
}
