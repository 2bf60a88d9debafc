/** Decisions: who may do what and why: for services, for introspection and for people who ask. */
export { type CheckAccess, type CheckedQuestion, checkAccess } from './check-access'
export { type ExplainAccess, type ExplainedAccess, explainAccess, type Principal } from './explain-access'
export { type IntrospectToken, introspectToken, type LiveToken } from './introspect-token'
export type { PresentedSubject, Question, Subject } from './question.model'
export type { KnownSubject, SubjectCredential, SubjectOwner } from './standing.model'
export { loadWholeStanding, type WholeStanding } from './standing.store'
