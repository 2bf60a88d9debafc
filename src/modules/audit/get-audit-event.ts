import { notFound, OWN_ORGANIZATION, readUseCase } from '../../access'
import { type AuditEventRow, findAuditEvent } from './audit-event.store'

/**
 * One event of the caller's organization.
 * @throws NOT_FOUND  when there is none with this id in it
 */
export const getAuditEvent = readUseCase({
  name: 'getAuditEvent',
  requires: 'audit.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { id }: { id: string }): Promise<AuditEventRow> {
    const event = await findAuditEvent(tx, organizationId, id)
    if (!event) throw notFound('The event')
    return event
  },
})
