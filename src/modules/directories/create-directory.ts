import { SYSTEM_ROLES, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import type { IdpVendor } from '../../kernel/idp-vendor'
import { newId } from '../../kernel/ids'
import { findRoles, mappableRole } from '../roles'
import { checkDirectoryDraft, type DirectoryDraft, isAtWork, presetOf } from './directory.model'
import { directoryNeedsSso, insertDirectory, listDirectoryRows, MAXIMUM_DIRECTORIES } from './directory.store'
import { directoryAudit } from './directory-access'
import { defaultTokenExpiry } from './scim-token.model'
import { insertScimToken } from './scim-token.store'

/** A new directory. */
export interface CreateDirectory {
  organizationId: string
  draft: DirectoryDraft & { vendor: IdpVendor }
  /** Null for the role Member. */
  defaultRoleId: string | null
}

/**
 * Sets up a directory with the presets of its vendor and a first token, which is shown this once.
 *
 * @throws MEMBERSHIP_MODE  members come by invitation, and it is no rehearsal
 * @throws REQUIRED, TOO_LONG, INVALID, NOT_UNIQUE, NOT_FOUND, FORBIDDEN  per value, with path
 * @throws LIMIT_EXCEEDED  the organization has 50 directories
 */
export const createDirectory = writeUseCase({
  name: 'createDirectory',
  requires: 'directory.manage',
  organization: (input: CreateDirectory) => input.organizationId,
  locks: 'update',
  async run(context, { draft, defaultRoleId }): Promise<{ directoryId: string; secret: string }> {
    const { tx, organizationId, actor } = context
    const checked = checkDirectoryDraft(draft, presetOf(draft.vendor))
    const status = 'WAITING'
    if (isAtWork({ ...checked, status }) && context.locked?.membership_mode !== 'SSO') throw directoryNeedsSso()
    if ((await listDirectoryRows(tx, organizationId)).length >= MAXIMUM_DIRECTORIES)
      throw new AppError(
        'LIMIT_EXCEEDED',
        `An organization has at most ${MAXIMUM_DIRECTORIES} directories; delete one.`,
      )
    const role = await mappableRole(context, defaultRoleId ?? (await memberRoleId(context)), ['input', 'defaultRoleId'])
    const id = newId()
    await insertDirectory(tx, organizationId, { ...checked, id, status, defaultRoleId: role.id })
    const { secret } = await insertScimToken(tx, organizationId, id, 1, defaultTokenExpiry(new Date()), actor)
    const facts = { ...checked, defaultRole: role.name }
    const changes = Object.entries(facts).map(([field, after]) => ({ field, before: null, after }))
    context.audit(directoryAudit('directory.created', { id, name: checked.name }, changes))
    return { directoryId: id, secret }
  },
})

async function memberRoleId({ tx, organizationId }: WriteContext): Promise<string> {
  const roles = await findRoles(tx, organizationId, 'ORGANIZATION')
  return roles.find(({ key }) => key === SYSTEM_ROLES.MEMBER.key)!.id
}
