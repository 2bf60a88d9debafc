import { readUseCase, type WriteContext, writeUseCase } from '../../access'
import { selfSignedCertificate } from '../../platform/crypto'
import type { Statement, Transaction } from '../../platform/database'

/** The key with which this installation signs SAML requests. */
export interface SamlRequestKey {
  /** DER in base64. */
  readonly certificate: string
  /** PKCS #8, PEM; sealed for {@link requestKeySealContext}. */
  readonly sealedPrivate: Buffer
}

/** What the private key is sealed for. */
export function requestKeySealContext(): string {
  return `saml_request_keys/${ONLY}`
}

const ONLY = '1'

/** The key, if one was needed already. */
export const findSamlRequestKey = readUseCase({
  name: 'findSamlRequestKey',
  requires: 'anyone',
  organization: () => null,
  run: ({ tx }, _input: Record<string, never>): Promise<SamlRequestKey | null> => findKey(tx),
})

/** Makes the key when it is needed for the first time. Of two processes that do so, one makes it and both get that one. */
export const makeSamlRequestKey = writeUseCase({
  name: 'makeSamlRequestKey',
  requires: 'anyone',
  organization: () => null,
  locks: 'none',
  unaudited: true,
  async run({ tx, sealer }: WriteContext, _input: Record<string, never>): Promise<SamlRequestKey> {
    const { certificate, privateKey } = selfSignedCertificate('Gatehouse')
    await tx.execute(INSERT, [ONLY, certificate, sealer.seal(privateKey, requestKeySealContext())])
    return (await findKey(tx))!
  },
})

async function findKey(tx: Transaction): Promise<SamlRequestKey | null> {
  const [key] = await tx.query<SamlRequestKey>(FIND, [ONLY])
  return key ?? null
}

const FIND: Statement = {
  name: 'find-saml-request-key',
  text: 'SELECT certificate, sealed_private AS "sealedPrivate" FROM saml_request_keys WHERE id = $1',
}
const INSERT: Statement = {
  name: 'insert-saml-request-key',
  text: 'INSERT INTO saml_request_keys (id, certificate, sealed_private) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
}
