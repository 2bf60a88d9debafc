import { findSamlRequestKey, makeSamlRequestKey, requestKeySealContext } from '../../modules/sso'
import type { Visit } from '../visit'

/** The key of this installation, opened. */
export interface RequestKey {
  /** DER in base64. */
  readonly certificate: string
  /** PKCS #8, PEM. */
  readonly privateKey: string
}

/** The key with which requests are signed; made when it is needed for the first time. */
export async function requestKeyOf(visit: Visit): Promise<RequestKey> {
  const key =
    (await visit.runOnAccountSide(findSamlRequestKey, {})) ?? (await visit.runOnAccountSide(makeSamlRequestKey, {}))
  const privateKey = visit.site.spine.sealer.open(key.sealedPrivate, requestKeySealContext())
  return { certificate: key.certificate, privateKey }
}
