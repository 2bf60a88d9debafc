/** Audit: what happened, chained so that changes to the record show, and readable by Admins. */
export { sealAudit } from './seal-audit'
export { type ChainReport, verifyAudit } from './verify-audit'
