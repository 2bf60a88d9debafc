import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { directoryAudit, directoryObject } from './directory-access'
import { checkTokenExpiry, MOST_LIVE_TOKENS } from './scim-token.model'
import {
  findScimToken,
  findScimTokens,
  insertScimToken,
  revokeScimTokenRow,
  type ScimTokenRow,
} from './scim-token.store'

/**
 * Makes another token of a directory, so that the identity provider can be given it while the old one still works.
 * Tokens that have expired make room.
 *
 * @returns  the token, and the secret, which is shown this once
 * @throws NOT_FOUND
 * @throws INVALID  it would end in the past, or more than two years from now
 * @throws LIMIT_EXCEEDED  two are live
 */
export const createScimToken = writeUseCase({
  name: 'createScimToken',
  requires: 'directory.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { directoryId: string; expiresAt: Date | null }) =>
    directoryObject(context, input.directoryId),
  locks: 'update',
  async run(context, { expiresAt: asked }, { organizationId, directory }) {
    const { tx, actor } = context
    const now = new Date()
    const expiresAt = checkTokenExpiry(asked, now)
    const live: ScimTokenRow[] = []
    for (const token of await findScimTokens(tx, organizationId, [directory.id])) {
      if (token.expiresAt > now) live.push(token)
      else await revokeScimTokenRow(tx, organizationId, token.id)
    }
    if (live.length >= MOST_LIVE_TOKENS)
      throw new AppError('LIMIT_EXCEEDED', 'A directory has at most two live tokens; revoke the one not in use.')
    const place = live.some((token) => token.place === 1) ? 2 : 1
    const { id, secret } = await insertScimToken(tx, organizationId, directory.id, place, expiresAt, actor)
    const token = (await findScimToken(tx, organizationId, id))!
    const changes = [
      { field: 'token', before: null, after: token.preview },
      { field: 'expiresAt', before: null, after: expiresAt.toISOString() },
    ]
    context.audit(directoryAudit('directory.token_created', directory, changes))
    return { token, secret }
  },
})
