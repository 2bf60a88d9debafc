import type { Spine } from '../../access'
import { toTypeId } from '../../kernel/ids'
import {
  createDirectory,
  createScimToken,
  getScimTokens,
  listDirectories,
  revokeScimToken,
  scimBaseUrl,
} from '../../modules/directories'
import { act, type Secrets } from './demo-callers'

/** A directory of the demonstration, ready to be pushed to. */
export interface SeededDirectory {
  /** TypeID */
  readonly id: string
  readonly baseUrl: string
  /** `scim_…`; the one of the last time has ended, since nobody is shown a secret twice. */
  readonly token: string
}

const NAME = 'Demonstration'

/** Makes the directory of an organization in SSO mode, or a new token of the one that was made before. */
export async function makeDemoDirectory(
  spine: Spine,
  { organizationId, admin, publicUrl }: { organizationId: string; admin: Secrets; publicUrl: string },
): Promise<SeededDirectory> {
  const directories = await act(spine, admin, listDirectories, { organizationId })
  const existing = directories.find(({ name }) => name === NAME)
  const { directoryId, secret } = existing
    ? { directoryId: existing.id, secret: await renewToken(spine, admin, existing.id) }
    : await act(spine, admin, createDirectory, {
        organizationId,
        draft: { name: NAME, vendor: 'DEMO' },
        defaultRoleId: null,
      })
  return { id: toTypeId('Directory', directoryId), baseUrl: scimBaseUrl(publicUrl, directoryId), token: secret }
}

async function renewToken(spine: Spine, admin: Secrets, directoryId: string): Promise<string> {
  const tokens = await act(spine, admin, getScimTokens, { directoryIds: [directoryId] })
  for (const { id } of tokens.get(directoryId) ?? []) await act(spine, admin, revokeScimToken, { tokenId: id })
  return (await act(spine, admin, createScimToken, { directoryId, expiresAt: null })).secret
}
