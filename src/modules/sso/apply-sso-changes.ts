import type { AuditEntry, WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { mappableRole } from '../roles'
import {
  putCertificate,
  replaceGroupMappings,
  type StoredSsoProvider,
  setCertificateStatus,
  updateSsoProviderRow,
} from './change-sso-provider.store'
import { checkGroupMappings, type GroupMappingInput } from './group-mappings'
import type { ResolvedSettings } from './resolve-settings'
import { digestOf } from './settings-digest'
import { MAXIMUM_CERTIFICATES, type SigningCertificate } from './signing-certificate'
import { type SsoSettings, secretSealContext } from './sso-provider.model'
import { findSsoProvider, type SsoProviderRow } from './sso-provider.store'
import { ssoProviderAudit } from './sso-provider-access'
import { checkSsoProviderDraft, type SsoProviderDraft } from './sso-provider-draft.model'

/** Changes to one connection; absent values stay as they are. */
export interface UpdateSsoProvider {
  providerId: string
  draft: SsoProviderDraft
  defaultRoleId: string | null
  /** All of them anew, or null to keep them. */
  groupMappings: readonly GroupMappingInput[] | null
  /** The version the changes were made from; absent to overwrite whatever is there. */
  expectedVersion?: number | null
}

/** Changes whose settings are checked already. */
export type ResolvedChanges = UpdateSsoProvider & { resolved: ResolvedSettings | null }

/**
 * Stores changes to a connection.
 * @throws VERSION_MISMATCH, WRONG_STATE, REQUIRED, INVALID, TOO_LONG, TOO_MANY, NOT_UNIQUE, NOT_FOUND, FORBIDDEN
 */
export async function applySsoChanges(
  context: WriteContext,
  { draft, defaultRoleId, groupMappings, expectedVersion, resolved }: ResolvedChanges,
  provider: SsoProviderRow,
): Promise<void> {
  const { tx, organizationId } = context
  refuseStale(provider, expectedVersion)
  const checked = checkSsoProviderDraft(draft, provider)
  const role = defaultRoleId
    ? await mappableRole(context, defaultRoleId, ['input', 'defaultRoleId'])
    : provider.defaultRole
  const mappings = groupMappings && (await checkGroupMappings(context, groupMappings))
  refuseOtherPeople(provider, resolved?.settings ?? provider.settings, checked.subjectSource)
  const certificates = resolved?.certificates
    ? await storeCertificates(context, provider, resolved.certificates)
    : provider.certificates
  const changed = withSettings(context, { ...provider, ...checked, certificates }, resolved)
  await updateSsoProviderRow(tx, organizationId, { ...changed, defaultRoleId: role.id })
  if (mappings) await replaceGroupMappings(tx, organizationId, provider.id, mappings)
  const changes = differences(provider, { ...changed, certificates }, resolved)
  if (role.id !== provider.defaultRole.id)
    changes.push({ field: 'defaultRole', before: provider.defaultRole.name, after: role.name })
  if (mappings)
    changes.push({
      field: 'groupMappings',
      before: provider.groupMappings.map(({ groupName, role, team }) => `${groupName} → ${(role ?? team)?.name}`),
      after: mappings.map(({ groupName, label }) => `${groupName} → ${label}`),
    })
  if (changes.length > 0) context.audit(ssoProviderAudit('sso_provider.updated', provider, changes))
}

/** @throws VERSION_MISMATCH */
export function refuseStale(provider: SsoProviderRow, expectedVersion: number | null | undefined): void {
  if (expectedVersion != null && expectedVersion !== provider.version)
    throw new AppError('VERSION_MISMATCH', 'Somebody else changed this connection; read it again and repeat.', {
      path: ['expectedVersion'],
    })
}

/** Who somebody is depends on these: with others, the same subject would be somebody else. */
function refuseOtherPeople(provider: SsoProviderRow, settings: SsoSettings, subjectSource: string | null): void {
  const who = (of: SsoSettings) => (of.protocol === 'OIDC' ? of.issuer : of.idpEntityId)
  const isOtherProvider = who(settings) !== who(provider.settings)
  if (provider.hasIdentities && (isOtherProvider || subjectSource !== provider.subjectSource))
    throw new AppError(
      'WRONG_STATE',
      'People have signed in by this connection, and who they are depends on its issuer, entity id and subject: set up a new connection, activate it, and disable this one.',
    )
  if (provider.status === 'ACTIVE' && subjectSource !== provider.subjectSource)
    throw new AppError('WRONG_STATE', 'Disable the connection before its subject changes, then test it again.')
}

/** Settings of a connection in use wait for their test; of any other they count at once, and undo its test. */
function withSettings(
  { sealer, organizationId }: WriteContext,
  provider: SsoProviderRow,
  resolved: ResolvedSettings | null,
): Omit<StoredSsoProvider, 'defaultRoleId'> {
  const secret = resolved?.clientSecret
  const sealed = secret ? sealer.seal(secret, secretSealContext(organizationId, provider.id)) : null
  if (provider.status === 'ACTIVE') {
    if (!resolved) return provider
    const pendingSealedSecret = sealed ?? provider.pendingSealedSecret
    const isBack =
      !pendingSealedSecret && digestOf({ ...provider, settings: resolved.settings }).equals(digestOf(provider))
    return { ...provider, pendingSettings: isBack ? null : resolved.settings, pendingSealedSecret }
  }
  const settings = resolved?.settings ?? provider.settings
  const sealedSecret = sealed ?? provider.sealedSecret
  const settingsDigest = digestOf({ ...provider, settings, sealedSecret })
  const isTested = provider.testedDigest?.equals(settingsDigest) ?? false
  const status = provider.status === 'TESTED' && !isTested ? 'DRAFT' : provider.status
  return {
    ...provider,
    settings,
    sealedSecret,
    settingsDigest,
    status,
    pendingSettings: null,
    pendingSealedSecret: null,
  }
}

/** New ones of a connection in use are trusted beside the old ones; of any other they take their place. */
async function storeCertificates(
  context: WriteContext,
  provider: SsoProviderRow,
  certificates: readonly SigningCertificate[],
): Promise<SsoProviderRow['certificates']> {
  const { tx, organizationId } = context
  const isActive = provider.status === 'ACTIVE'
  const known = new Map(provider.certificates.map((row) => [row.fingerprint, row]))
  const added = certificates.filter(({ fingerprint }) => !known.has(fingerprint))
  const kept = new Set(certificates.map(({ fingerprint }) => fingerprint))
  const gone = isActive ? [] : provider.certificates.filter(({ fingerprint }) => !kept.has(fingerprint))
  if (provider.certificates.length - gone.length + added.length > MAXIMUM_CERTIFICATES)
    throw new AppError(
      'TOO_MANY',
      `A connection has at most ${MAXIMUM_CERTIFICATES} certificates; retire one that is not used any more.`,
    )
  const ids = gone.map(({ id }) => id)
  await setCertificateStatus(tx, organizationId, ids, 'RETIRED')
  for (const certificate of added)
    await putCertificate(tx, organizationId, provider.id, certificate, isActive ? 'NEXT' : 'ACTIVE')
  if (!isActive) {
    const others = provider.certificates.filter(({ id, status }) => status === 'NEXT' && !ids.includes(id))
    await setCertificateStatus(
      tx,
      organizationId,
      others.map(({ id }) => id),
      'ACTIVE',
    )
  }
  return (await findSsoProvider(tx, organizationId, provider.id))!.certificates
}

type Compared = Omit<StoredSsoProvider, 'defaultRoleId'> & Pick<SsoProviderRow, 'certificates'>

/** What changed, for the audit log: never a secret. */
function differences(
  before: SsoProviderRow,
  after: Compared,
  resolved: ResolvedSettings | null,
): NonNullable<AuditEntry['changes']>[number][] {
  const facts = (of: Compared): Record<string, unknown> => {
    const {
      metadata,
      clientSecretPreview: _preview,
      ...settings
    } = {
      metadata: null,
      clientSecretPreview: null,
      ...(of.pendingSettings ?? of.settings),
    }
    return {
      name: of.name,
      status: of.status,
      subjectSource: of.subjectSource,
      attributeMapping: of.attributeMapping,
      justInTime: of.justInTime,
      allowsOtherDomains: of.allowsOtherDomains,
      allowsIdpInitiated: of.allowsIdpInitiated,
      rechecksAccess: of.rechecksAccess,
      sessionLifetimeMinutes: of.sessionLifetimeMinutes,
      ...settings,
      endpoints: metadata,
      certificates: of.certificates.map(({ fingerprint }) => fingerprint).sort(),
    }
  }
  const [old, now] = [facts(before), facts(after)]
  const changes = Object.keys(now)
    .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]))
    .map((field) => ({ field, before: old[field] ?? null, after: now[field] ?? null }))
  if (resolved?.clientSecret) changes.push({ field: 'clientSecret', before: 'the old one', after: 'a new one' })
  return changes
}
