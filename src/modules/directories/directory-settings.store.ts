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
  const [row] = await tx.query<SettingsRow>(FIND, [organizationId, directoryId])
  return settingsOf(row!)
}

/** The same for somebody who is new, and whether the directory has a person of that name already. */
export async function findSettingsForNew(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  userNameKey: string,
): Promise<DirectorySettings & { isNameTaken: boolean }> {
  const values = [organizationId, directoryId, userNameKey]
  const [row] = await tx.query<SettingsRow & { isNameTaken: boolean }>(FIND_FOR_NEW, values)
  return { ...settingsOf(row!), isNameTaken: row!.isNameTaken }
}

type SettingsRow = Omit<DirectorySettings, 'defaultRole'> & { roleId: string; roleKey: string }

function settingsOf({ deprovisionAction, adoptsVerifiedDomains, roleId, roleKey }: SettingsRow): DirectorySettings {
  return { deprovisionAction, adoptsVerifiedDomains, defaultRole: { id: roleId, key: roleKey } }
}

const COLUMNS = `
  d.deprovision_action AS "deprovisionAction", d.adopts_verified_domains AS "adoptsVerifiedDomains", r.id AS "roleId", r.key AS "roleKey"`
const DIRECTORY = `
directories d JOIN roles r ON r.organization_id = d.organization_id AND r.id = d.default_role_id
WHERE d.organization_id = $1 AND d.id = $2`
const isNameTaken = (key: string): string => `EXISTS (
  SELECT FROM directory_users u WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.user_name_key = ${key}) AS "isNameTaken"`
const FIND: Statement = { name: 'find-directory-settings', text: `SELECT ${COLUMNS} FROM ${DIRECTORY}` }
const FIND_FOR_NEW: Statement = {
  name: 'find-directory-settings-for-new',
  text: `SELECT ${COLUMNS}, ${isNameTaken('$3')} FROM ${DIRECTORY}`,
  many: {
    name: 'find-directory-settings-for-many',
    lists: [2],
    text: `
SELECT asked.n::int AS n, ${COLUMNS}, ${isNameTaken('asked.key')}
FROM unnest($3::text[]) WITH ORDINALITY AS asked(key, n) CROSS JOIN ${DIRECTORY}`,
  },
}
