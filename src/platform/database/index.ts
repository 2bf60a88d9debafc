export {
  asUnavailable,
  type Database,
  type DatabaseOptions,
  isStatementTimeout,
  openDatabase,
  type PoolSizes,
  type Reader,
  violatedConstraint,
} from './database'
export { type DumpProgress, dumpDatabase } from './dump'
export { LANE } from './lane'
export { migrate, pendingMigrations } from './migrate'
export { isEmptyDatabase, restoreDatabase } from './restore'
export { assertRoleCannotBypass } from './role-check'
export type { Scope } from './scope'
export type { Statement } from './statement'
export { storableJson } from './storable-json'
export { Transaction } from './transaction'
