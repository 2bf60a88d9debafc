import { notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { type ConflictRow, decideConflictRow, findConflict } from './conflict-page.store'
import { directoryAudit, directoryObject } from './directory-access'

/**
 * Decides whether a directory may take over a member whom a pushed person matches. Confirmed, the next attempt of the
 * identity provider takes the member over; rejected, its attempts go on to be refused. Until then the decision can be
 * changed; deciding what is decided changes nothing.
 *
 * @throws NOT_FOUND
 * @throws WRONG_STATE  the member was taken over already, or another directory provides them
 */
export const adoptDirectoryUser = writeUseCase({
  name: 'adoptDirectoryUser',
  requires: 'directory.manage',
  organization: () => OWN_ORGANIZATION,
  async object(context, input: { conflictId: string; accept: boolean }) {
    const conflict = await findConflict(context.tx, context.organizationId, input.conflictId, 'lock')
    if (!conflict) throw notFound('The conflict')
    return { ...(await directoryObject(context, conflict.directoryId)), conflict }
  },
  locks: 'share',
  async run(context, { accept }, { organizationId, directory, conflict }): Promise<void> {
    const status = accept ? 'CONFIRMED' : 'REJECTED'
    if (conflict.status === status) return
    refuseUseless(conflict, accept)
    await decideConflictRow(context.tx, organizationId, conflict.id, status, context.actor)
    const audit = directoryAudit(accept ? 'directory.adoption_confirmed' : 'directory.adoption_rejected', directory, [
      { field: 'userName', before: null, after: conflict.userName },
      { field: 'decision', before: conflict.status, after: status },
    ])
    const member = { type: 'Member', id: toTypeId('Member', conflict.memberId), label: conflict.email }
    context.audit({ ...audit, targets: [...audit.targets, member] })
  },
})

function refuseUseless({ status, reason }: ConflictRow, accept: boolean): void {
  if (status === 'ADOPTED') throw new AppError('WRONG_STATE', 'The directory has taken over the member already.')
  if (accept && reason === 'OTHER_DIRECTORY')
    throw new AppError(
      'WRONG_STATE',
      'Another directory provides this member: take them out of its scope, or delete that directory, first.',
    )
}
