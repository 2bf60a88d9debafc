import type { Statement, Transaction } from '../../platform/database'
import type { DeprovisionAction } from './directory.model'
import type { InDirectory } from './directory-user.store'

/** What a directory does with people, as far as its writes ask. */
export interface DirectorySettings {
  readonly deprovisionAction: DeprovisionAction
  readonly adoptsVerifiedDomains: boolean
  readonly defaultRole: { readonly id: string; readonly key: string }
}

/** The settings, as this transaction sees them. */
export async function findDirectorySettings(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
): Promise<DirectorySettings> {
  const [row] = await tx.query<Omit<DirectorySettings, 'defaultRole'> & { roleId: string; roleKey: string }>(FIND, [
    organizationId,
    directoryId,
  ])
  const { roleId, roleKey, ...settings } = row!
  return { ...settings, defaultRole: { id: roleId, key: roleKey } }
}

const FIND: Statement = {
  name: 'find-directory-settings',
  text: `
SELECT d.deprovision_action AS "deprovisionAction", d.adopts_verified_domains AS "adoptsVerifiedDomains",
  r.id AS "roleId", r.key AS "roleKey"
FROM directories d JOIN roles r ON r.organization_id = d.organization_id AND r.id = d.default_role_id
WHERE d.organization_id = $1 AND d.id = $2`,
}
