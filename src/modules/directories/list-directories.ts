import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { type DirectoryRow, listDirectoryRows } from './directory.store'
import { directoryObject } from './directory-access'
import { countRecentErrors } from './directory-errors.store'
import { tokenObject } from './revoke-scim-token'
import { findScimTokens, type ScimTokenRow } from './scim-token.store'

/** The directories of an organization, oldest first. */
export const listDirectories = readUseCase({
  name: 'listDirectories',
  requires: 'directory.read',
  organization: (input: { organizationId: string }) => input.organizationId,
  run: ({ tx, organizationId }): Promise<DirectoryRow[]> => listDirectoryRows(tx, organizationId),
})

/** Directories of the caller's organization by id; unknown ids are missing from the answer. */
export const getDirectories = readUseCase({
  name: 'getDirectories',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, DirectoryRow>> {
    const rows = await listDirectoryRows(tx, organizationId)
    return new Map(rows.filter(({ id }) => ids.includes(id)).map((row) => [row.id, row]))
  },
})

/** One directory of the caller's organization. @throws NOT_FOUND */
export const getDirectory = readUseCase({
  name: 'getDirectory',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { directoryId: string }) => directoryObject(context, input.directoryId),
  run: async (_context, _input, { directory }): Promise<DirectoryRow> => directory,
})

/** The tokens of directories that are not revoked, oldest first, by directory. */
export const getScimTokens = readUseCase({
  name: 'getScimTokens',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  async run(
    { tx, organizationId },
    { directoryIds }: { directoryIds: readonly string[] },
  ): Promise<Map<string, ScimTokenRow[]>> {
    const byDirectory = new Map<string, ScimTokenRow[]>()
    for (const token of await findScimTokens(tx, organizationId, directoryIds))
      byDirectory.set(token.directoryId, [...(byDirectory.get(token.directoryId) ?? []), token])
    return byDirectory
  },
})

/** One token of the caller's organization that is not revoked. @throws NOT_FOUND */
export const getScimToken = readUseCase({
  name: 'getScimToken',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { tokenId: string }) => tokenObject(context, input.tokenId),
  run: async (_context, _input, { token }): Promise<ScimTokenRow> => token,
})

/** How many requests of directories were refused or failed within the last 24 hours; counting stops at 10,000. */
export const getRecentErrors = readUseCase({
  name: 'getRecentErrors',
  requires: 'directory.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { directoryIds }: { directoryIds: readonly string[] }): Promise<Map<string, number>> =>
    countRecentErrors(tx, organizationId, directoryIds),
})
