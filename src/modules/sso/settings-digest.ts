import { createHash } from 'node:crypto'
import { canonicalJson } from '../../access'
import type { SsoSettings } from './sso-provider.model'
import type { SsoProviderRow } from './sso-provider.store'

/** What a passed sign-in was a test of. */
export interface TestedParts {
  readonly settings: SsoSettings
  readonly sealedSecret: Buffer | null
  readonly subjectSource: string | null
  /** Fingerprints of the certificates in use; those still to come do not count. */
  readonly fingerprints: readonly string[]
}

/** SHA-256 over everything a sign-in depends on: two connections with one digest work alike. */
export function settingsDigest({ settings, sealedSecret, subjectSource, fingerprints }: TestedParts): Buffer {
  const parts = {
    settings,
    secret: sealedSecret?.toString('base64') ?? null,
    subjectSource,
    fingerprints: [...fingerprints].sort(),
  }
  return createHash('sha256').update(canonicalJson(parts)).digest()
}

/** What a test of a connection is made with: what waits for it, or what is in use. */
export function underTest(provider: SsoProviderRow): {
  settings: SsoSettings
  sealedSecret: Buffer | null
  digest: Buffer
} {
  const settings = provider.pendingSettings ?? provider.settings
  const sealedSecret = provider.pendingSealedSecret ?? provider.sealedSecret
  return { settings, sealedSecret, digest: digestOf({ ...provider, settings, sealedSecret }) }
}

/** The digest of a connection as it would be stored. */
export function digestOf(
  provider: Pick<SsoProviderRow, 'settings' | 'sealedSecret' | 'subjectSource' | 'certificates'>,
): Buffer {
  const inUse = provider.certificates.filter(({ status }) => status === 'ACTIVE')
  return settingsDigest({ ...provider, fingerprints: inUse.map(({ fingerprint }) => fingerprint) })
}
