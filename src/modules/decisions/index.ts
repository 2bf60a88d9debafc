/** Decisions: who may do what and why, for services and for introspection. */
export { type CheckAccess, type CheckedQuestion, checkAccess } from './check-access'
export { type IntrospectToken, introspectToken, type LiveToken } from './introspect-token'
export type { Question, Subject } from './question.model'
export type { KnownSubject, SubjectCredential, SubjectOwner } from './standing.model'
