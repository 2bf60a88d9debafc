export {
  type AccountSession,
  type Actor,
  actorLabel,
  actorMemberId,
  actorUserId,
  type DirectoryActor,
  type KeyActor,
  type KeyOwner,
  type OrganizationSession,
  type SetupActor,
} from './actor'
export { Authenticator, type InstallationKeys, type SecretRegister } from './authentication'
export { notFound, refuse } from './authorize'
export { anonymousCaller, type Caller, type DirectoryCredential, type RequestFacts, systemCaller } from './caller'
export { canonicalJson } from './canonical-json'
export type {
  AuditEntry,
  CounterChanges,
  LockedOrganization,
  OutgoingMessage,
  ReadContext,
  WriteContext,
} from './context'
export { permissionBeyond, refuseEscalation } from './escalation'
export {
  type AccessBarrier,
  type AccessDecision,
  type AccessReason,
  type AccessRefusal,
  type AskedPermission,
  evaluate,
  type HeldRole,
  type ProjectStanding,
  type Standing,
  type StandingGrant,
} from './evaluation'
export { Operation } from './operation'
export {
  PERMISSIONS,
  type Permission,
  type PermissionDescription,
  permissionsOfRole,
  type RoleScope,
  SYSTEM_ROLES,
  type SystemRole,
} from './permissions'
export { type AccessObject, type Decision, decide, type Requirement } from './policy'
export { detailsDigest, INSTALLATION_ID, outboxSealContext } from './recorder'
export { SharedWrites } from './shared-writes'
export type { IdleActor, Spine, UseCaseReport } from './spine'
export {
  type DeclaredUseCase,
  declaredUseCases,
  OWN_ORGANIZATION,
  Pending,
  type Proven,
  type ProvingReadUseCase,
  provingReadUseCase,
  type ReadUseCase,
  readUseCase,
  type UseCase,
  type WriteUseCase,
  writeUseCase,
} from './use-case'
