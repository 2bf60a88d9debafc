import { newId } from '../kernel/ids'

/**
 * What a request presents: secrets that nobody has checked yet. They are proven inside the transaction of the work
 * they ask for, so that a revocation that was answered is never overtaken.
 */
export interface Caller {
  /** `gas_…`: the person's own session. */
  readonly accountToken: string | null
  /** `gos_…`: a session of one organization. */
  readonly organizationToken: string | null
  /** `gak_…`: an API key of a member, a service account or a project. */
  readonly apiKey: string | null
  /** `gsu_…`: a link with which somebody who is no member sets something up. */
  readonly setupToken: string | null
  /** `gop_…`: whoever runs the installation. */
  readonly operatorKey: string | null
  /** `gsv_…`: a service of the platform that asks for decisions. */
  readonly serviceKey: string | null
  /** What a well-formed `scim_…` says, and the directory in whose path it was presented. */
  readonly directory: DirectoryCredential | null
  /** UUID of the organization in which an operator or job acts where the input names only an object in it. */
  readonly operatorOrganizationId: string | null
  readonly request: RequestFacts
  /** The job of Gatehouse itself that acts; nothing that comes over a network ever sets it. */
  readonly job?: string
}

/** The token of a directory counts in that directory's path only. */
export interface DirectoryCredential {
  /** UUID, as the token has it. */
  readonly organizationId: string
  /** UUID */
  readonly directoryId: string
  /** SHA-256 of the token. */
  readonly tokenHash: Buffer
}

/** What audit rows and sessions record of the request. */
export interface RequestFacts {
  readonly id: string
  readonly ip: string | null
  readonly userAgent: string | null
}

/** A request without any secret. */
export function anonymousCaller(request: RequestFacts): Caller {
  return {
    accountToken: null,
    organizationToken: null,
    apiKey: null,
    setupToken: null,
    operatorKey: null,
    serviceKey: null,
    directory: null,
    operatorOrganizationId: null,
    request,
  }
}

/** Gatehouse itself, doing a job such as `purge`. */
export function systemCaller(job: string, organizationId: string | null = null): Caller {
  const anonymous = anonymousCaller({ id: `job_${newId()}`, ip: null, userAgent: null })
  return { ...anonymous, job, operatorOrganizationId: organizationId }
}
