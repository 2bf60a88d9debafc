import { Operation, type Spine, systemCaller, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findAdminAddresses } from '../members'
import { findDirectory } from './directory.store'
import { directoryAudit } from './directory-access'
import { findScimToken, findScimTokens } from './scim-token.store'
import { findExpiringTokens, markTokenWarned } from './token-expiry.store'

const STAGES = [7, 30, 60]
const MOST_PER_RUN = 100
const DAY = 86_400_000

/**
 * Tells the Admins that a token of a directory expires: once each at 60, 30 and 7 days before. Nobody is told of one that
 * has a successor in use, nor of a directory that is paused.
 */
export const warnOfScimToken = writeUseCase({
  name: 'warnOfScimToken',
  requires: 'operator',
  organization: (input: { organizationId: string; tokenId: string }) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, tokenId }): Promise<void> {
    const { tx } = context
    const token = await findScimToken(tx, organizationId, tokenId)
    const directory = token && (await findDirectory(tx, organizationId, token.directoryId))
    if (!token || !directory) return
    const days = Math.floor((token.expiresAt.getTime() - Date.now()) / DAY)
    const stage = STAGES.find((most) => days < most)
    // Under the lock: another process may have warned since the list was read.
    if (!stage || !(await markTokenWarned(tx, organizationId, tokenId, stage))) return
    const expiresAt = token.expiresAt.toISOString()
    context.audit(
      directoryAudit('directory.token_expiring', directory, [
        { field: 'token', before: null, after: token.preview },
        { field: 'expiresAt', before: null, after: expiresAt },
      ]),
    )
    const others = await findScimTokens(tx, organizationId, [directory.id])
    const hasSuccessor = others.some((other) => other.expiresAt > token.expiresAt && other.lastUsedAt !== null)
    if (directory.status === 'PAUSED' || hasSuccessor) return
    const payload = {
      organizationName: context.locked?.name ?? '',
      directoryName: directory.name,
      preview: token.preview,
      expiresAt,
    }
    for (const destination of await findAdminAddresses(tx, organizationId))
      context.send({ kind: 'mail.scim-token-expiring', destination, payload })
  },
})

/** Warns of tokens that expire. @returns how many were due */
export async function watchScimTokens(spine: Spine): Promise<number> {
  const due = await spine.database.write({ kind: 'installation' }, (tx) => findExpiringTokens(tx, MOST_PER_RUN))
  for (const token of due)
    await new Operation(spine, systemCaller('directory watch')).execute(warnOfScimToken, token).catch(ignoreGone)
  return due.length
}

/** The organization is gone, or waits for its deletion, since the list was read. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error
}
