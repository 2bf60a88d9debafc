import { notFound, OWN_ORGANIZATION, type ReadContext, writeUseCase } from '../../access'
import { directoryAudit, directoryObject } from './directory-access'
import { findScimToken, revokeScimTokenRow } from './scim-token.store'

/**
 * Ends a token; the next request with it is refused.
 * @throws NOT_FOUND  there is no such token, or it was revoked already
 */
export const revokeScimToken = writeUseCase({
  name: 'revokeScimToken',
  requires: 'directory.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { tokenId: string }) => tokenObject(context, input.tokenId),
  locks: 'update',
  async run(context, _input, { organizationId, directory, token }): Promise<void> {
    await revokeScimTokenRow(context.tx, organizationId, token.id)
    const changes = [{ field: 'token', before: token.preview, after: null }]
    context.audit(directoryAudit('directory.token_revoked', directory, changes))
  },
})

/** Loads a token and its directory for a decision. @throws NOT_FOUND */
export async function tokenObject(context: ReadContext, tokenId: string) {
  const token = await findScimToken(context.tx, context.organizationId, tokenId)
  if (!token) throw notFound('The token')
  return { ...(await directoryObject(context, token.directoryId)), token }
}
