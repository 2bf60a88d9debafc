import { Operation, type Spine, systemCaller, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { deleteOrganizationRows, findDueForPurge, isDueForPurge } from './deletion.store'
import { organizationAudit } from './organization-audit'

const MOST_PER_RUN = 100

/**
 * Deletes everything of one organization whose grace period is over. Its audit rows stay, sealed, under its id; the
 * accounts of its people are untouched, and its slug is free again.
 * @throws WRONG_STATE  when it does not wait for its deletion any more, or not long enough
 */
export const purgeOrganization = writeUseCase({
  name: 'purgeOrganization',
  requires: 'operator',
  organization: (input: { organizationId: string }) => input.organizationId,
  locks: 'update',
  takesLong: true,
  whilePendingDeletion: true,
  async run(context, { organizationId }): Promise<void> {
    // Under the lock: it may have been brought back, or deleted anew, since the list was read.
    if (!(await isDueForPurge(context.tx, organizationId)))
      throw new AppError('WRONG_STATE', 'Only an organization whose grace period is over can be purged.')
    await deleteOrganizationRows(context.tx, organizationId)
    context.audit(organizationAudit('organization.purged', context.locked!))
  },
})

/** Purges organizations that are due, at most 100 in one run. @returns how many */
export async function purgeDueOrganizations(spine: Spine): Promise<number> {
  const due = await spine.database.write({ kind: 'installation' }, (tx) => findDueForPurge(tx, MOST_PER_RUN))
  for (const organizationId of due) {
    await new Operation(spine, systemCaller('purge'))
      .execute(purgeOrganization, { organizationId })
      .catch(ignoreRevived)
  }
  return due.length
}

/** Somebody brought the organization back, or another process purged it, since the list was read. */
function ignoreRevived(error: unknown): void {
  if (!(error instanceof AppError) || (error.code !== 'WRONG_STATE' && error.code !== 'NOT_FOUND')) throw error
}
