/** Audit: what happened, chained so that changes to the record show, and readable by Admins. */
export type { AuditEventRow, AuditFilter } from './audit-event.store'
export { getAuditEvent } from './get-audit-event'
export { listAuditEvents } from './list-audit-events'
export { sealAudit } from './seal-audit'
export { type ChainReport, verifyAudit } from './verify-audit'
