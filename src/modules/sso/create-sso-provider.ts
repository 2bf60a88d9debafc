import { type Operation, readUseCase, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import type { Transaction } from '../../platform/database'
import type { Outside } from '../../platform/outside'
import { mappableRole } from '../roles'
import { findMemberRoleId, insertSsoProvider, putCertificate } from './change-sso-provider.store'
import { type ProtocolInput, type ResolvedSettings, resolveSettings } from './resolve-settings'
import { settingsDigest } from './settings-digest'
import { type IdpVendor, secretSealContext } from './sso-provider.model'
import { listSsoProviderRows, MAXIMUM_PROVIDERS } from './sso-provider.store'
import { ssoProviderAudit } from './sso-provider-access'
import { checkSsoProviderDraft, NEW_SSO_PROVIDER, type SsoProviderDraft } from './sso-provider-draft.model'

interface NewSsoProvider {
  organizationId: string
  vendor: IdpVendor
  draft: SsoProviderDraft
  /** Null for the role Member. */
  defaultRoleId: string | null
}

/**
 * Sets up a connection: asks the provider for what is not given, then stores a draft that signs nobody in yet.
 *
 * @returns  its id
 * @throws NOT_FOUND, FORBIDDEN  before anybody outside is asked
 * @throws REQUIRED, INVALID, TOO_LONG, TOO_MANY, NOT_UNIQUE  per value, with path
 * @throws LIMIT_EXCEEDED  the organization has 50 connections
 */
export async function setUpSsoProvider(
  operation: Operation,
  outside: Outside,
  { protocol, ...input }: NewSsoProvider & { protocol: ProtocolInput },
): Promise<string> {
  await operation.execute(checkSsoSetUp, input)
  await operation.release()
  const resolved = await resolveSettings(outside, input.vendor, protocol, null, ['input', 'protocol'])
  return operation.execute(createSsoProvider, { ...input, resolved })
}

/** Whether the actor may set up a connection with such values at all: asked before anybody outside is. */
const checkSsoSetUp = readUseCase({
  name: 'checkSsoSetUp',
  requires: 'sso.manage',
  organization: ({ organizationId }: NewSsoProvider) => organizationId,
  async run({ tx, organizationId }, { draft }): Promise<void> {
    checkSsoProviderDraft(draft, NEW_SSO_PROVIDER)
    await refuseTooMany(tx, organizationId)
  },
})

/** Stores a connection whose settings are resolved; see {@link setUpSsoProvider}. */
export const createSsoProvider = writeUseCase({
  name: 'createSsoProvider',
  requires: 'sso.manage',
  organization: (input: NewSsoProvider & { resolved: ResolvedSettings }) => input.organizationId,
  locks: 'update',
  async run(context, { vendor, draft, defaultRoleId, resolved }): Promise<string> {
    const { tx, organizationId, sealer } = context
    const checked = checkSsoProviderDraft(draft, NEW_SSO_PROVIDER)
    await refuseTooMany(tx, organizationId)
    const role = await mappableRole(context, defaultRoleId ?? (await findMemberRoleId(tx, organizationId)), [
      'input',
      'defaultRoleId',
    ])
    const id = newId()
    const { settings, clientSecret, certificates } = resolved
    const sealedSecret = clientSecret && sealer.seal(clientSecret, secretSealContext(organizationId, id))
    const stored = { ...checked, id, vendor, settings, sealedSecret: sealedSecret || null, defaultRoleId: role.id }
    const fingerprints = (certificates ?? []).map(({ fingerprint }) => fingerprint)
    await insertSsoProvider(tx, organizationId, {
      ...stored,
      status: 'DRAFT',
      pendingSettings: null,
      pendingSealedSecret: null,
      settingsDigest: settingsDigest({ ...stored, fingerprints }),
      testedDigest: null,
    })
    for (const certificate of certificates ?? []) await putCertificate(tx, organizationId, id, certificate, 'ACTIVE')
    context.audit(
      ssoProviderAudit('sso_provider.created', { id, name: checked.name }, [
        { field: 'protocol', before: null, after: settings.protocol },
        { field: 'vendor', before: null, after: vendor },
        {
          field: 'provider',
          before: null,
          after: settings.protocol === 'OIDC' ? settings.issuer : settings.idpEntityId,
        },
        { field: 'defaultRole', before: null, after: role.name },
      ]),
    )
    return id
  },
})

async function refuseTooMany(tx: Transaction, organizationId: string): Promise<void> {
  if ((await listSsoProviderRows(tx, organizationId)).length >= MAXIMUM_PROVIDERS)
    throw new AppError('LIMIT_EXCEEDED', `An organization has at most ${MAXIMUM_PROVIDERS} connections; delete one.`)
}
