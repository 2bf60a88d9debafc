import { readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { type AuditEventRow, type AuditFilter, listAuditEventRows } from './audit-event.store'

/** Which events of which organization. */
export interface ListAuditEvents {
  organizationId: string
  page: PageArguments
  filter: AuditFilter
}

const MOST_ACTIONS = 20

/**
 * What happened in an organization, newest first.
 * @throws TOO_MANY  more than 20 actions
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listAuditEvents = readUseCase({
  name: 'listAuditEvents',
  requires: 'audit.read',
  organization: (input: ListAuditEvents) => input.organizationId,
  async run({ tx }, { organizationId, page, filter }): Promise<ListPage<AuditEventRow>> {
    const actions = filter.actions && [...new Set(filter.actions)].sort()
    if (actions && actions.length > MOST_ACTIONS)
      throw new AppError('TOO_MANY', `At most ${MOST_ACTIONS} actions at once.`, { path: ['filter', 'actions'] })
    const wanted = { ...filter, actions }
    const binding = JSON.stringify(['auditEvents', organizationId, wanted])
    const checked = readPage(page, binding)
    const rows = await listAuditEventRows(tx, organizationId, wanted, checked)
    return listPage(rows, checked, binding, (row) => [row.id])
  },
})
