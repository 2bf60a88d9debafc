import type { AuditEntry, Operation } from '../../src/access'
import type { InDirectory } from '../../src/modules/directories'
import { type Mode, requireMatch, weakETag } from '../protocol'
import { inUseCase } from './refusal'
import type { ShownResource } from './shown-resource'

/** One request of a directory that has proven who it is. */
export interface DirectoryRequest {
  readonly operation: Operation
  readonly place: InDirectory
  /** URL of the SCIM endpoint without a slash at the end. */
  readonly base: string
  readonly mode: Mode
}

/** What a request came to, for whoever looks at the log. */
export type Outcome = 'OK' | 'CREATED' | 'ADOPTED' | 'CHANGED' | 'UNCHANGED' | 'DEACTIVATED' | 'REACTIVATED' | 'DELETED'

/** What a write is answered with, and what it did. */
export interface Written {
  readonly outcome: Outcome
  /** The resource as it is now; undefined after a DELETE. */
  readonly shown?: ShownResource
  readonly changes: readonly AuditEntry[]
  /** UUIDs, where they are known. */
  readonly userId?: string
  readonly groupId?: string
  readonly memberId?: string
}

/** Refuses a version that the client has not seen. @throws AppError  VERSION_MISMATCH, with the 412 as its cause */
export function checkVersion(ifMatch: string | undefined, { version }: { version: number }): void {
  inUseCase(() => requireMatch(ifMatch, weakETag(version)))
}
