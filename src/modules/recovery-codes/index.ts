/** Recovery codes: the other way in that a few Admins keep while members come by SSO. */
export { type IssuedCodes, issueCodes, obstacleToBreakGlass } from './break-glass'
export { breakGlassMail } from './break-glass.mail'
export { enterByRecoveryCode, type RecoveryAttempt } from './enter-by-recovery-code'
export { listBreakGlassAdmins } from './list-break-glass-admins'
export {
  type BreakGlassAdmin,
  type BreakGlassStanding,
  findBreakGlassAdmins,
  findBreakGlassStandings,
} from './recovery-code.store'
export { replaceRecoveryCodes } from './replace-recovery-codes'
