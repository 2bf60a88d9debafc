import type { AccessBarrier, HeldRole, ProjectStanding, RoleScope, Standing } from '../../access'
import { permissionsOfRole } from '../../access/permissions'

/** What the database says about questions, as `standing.store` reads it. */
export interface Facts {
  readonly isOpen: boolean
  /** By number of the subject; those that do not exist are missing. */
  readonly subjects: Readonly<Record<number, KnownSubject>> | null
  /** By number of the place; those whose subject or project does not exist are missing. */
  readonly places: Readonly<Record<number, PlaceFacts>> | null
  /** Scopes of those of the platform's permissions that matter. */
  readonly permissions: Readonly<Record<string, 'ORGANIZATION' | 'PROJECT' | 'RESOURCE'>> | null
}

/** Somebody who exists: whoever may act, and the key or session that was presented for them. */
export interface KnownSubject {
  readonly owner: SubjectOwner | null
  /** Of the organization for members, of the project for service accounts. */
  readonly role: RoleFacts | null
  readonly credential: SubjectCredential | null
}

/** Who may act. */
export type SubjectOwner =
  | {
      readonly kind: 'MEMBER'
      readonly id: string
      readonly userId: string | null
      readonly status: 'INVITED' | 'JOINED' | 'SUSPENDED' | 'REMOVED'
      readonly isDisabled: boolean
    }
  | {
      readonly kind: 'SERVICE_ACCOUNT'
      readonly id: string
      readonly status: 'ACTIVE' | 'DISABLED'
      readonly projectId: string
    }
  | { readonly kind: 'PROJECT'; readonly id: string }

/** What was presented, or asked about by id. */
export interface SubjectCredential {
  readonly kind: 'KEY' | 'SESSION'
  readonly id: string
  /** Of a key. */
  readonly name: string | null
  readonly limit: readonly string[] | null
  readonly projectId: string | null
  readonly isEnded: boolean
  /** Last marked used more than an hour ago, or never. */
  readonly isIdle: boolean
  /** ISO 8601. */
  readonly issuedAt: string
  readonly expiresAt: string | null
}

interface RoleFacts {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly listed: readonly string[]
}

interface PlaceFacts {
  readonly id: string
  readonly isArchived: boolean
  readonly defaultRole: RoleFacts | null
  readonly grants:
    | readonly {
        readonly id: string
        readonly role: RoleFacts
        readonly team: { readonly id: string; readonly name: string } | null
      }[]
    | null
}

/** The subject with this number; null when nobody is meant. */
export function knownSubject({ subjects }: Facts, number: number): KnownSubject | null {
  const subject = subjects?.[number]
  return subject?.owner ? subject : null
}

/**
 * How a subject stands.
 *
 * @param place  number of the project that the question names; null when it is about the organization
 */
export function standingOf(facts: Facts, subjectNumber: number, place: number | null): Standing {
  const subject = knownSubject(facts, subjectNumber)
  const barrier = barrierOf(facts, subject)
  if (!subject) return { barrier, organizationRole: null, project: null, key: null }
  const { owner, role, credential } = subject
  return {
    barrier,
    organizationRole: owner?.kind === 'MEMBER' && role ? heldRole('ORGANIZATION', role) : null,
    project: place === null ? null : projectStanding(subject, facts.places?.[place]),
    key:
      credential?.kind === 'KEY'
        ? { limit: credential.limit && new Set(credential.limit), projectId: credential.projectId }
        : null,
  }
}

/** What matters most comes first: what an administrator has to change before anything else helps. */
function barrierOf({ isOpen }: Facts, subject: KnownSubject | null): AccessBarrier | null {
  if (!isOpen) return 'ORGANIZATION_CLOSED'
  if (!subject?.owner) return 'UNKNOWN_SUBJECT'
  const { owner, credential } = subject
  if (owner.kind === 'MEMBER') {
    if (owner.isDisabled) return 'ACCOUNT_DISABLED'
    if (owner.status === 'SUSPENDED') return 'SUSPENDED'
    if (owner.status !== 'JOINED') return 'NOT_A_MEMBER'
  }
  if (owner.kind === 'SERVICE_ACCOUNT' && owner.status === 'DISABLED') return 'SERVICE_ACCOUNT_DISABLED'
  if (!credential?.isEnded) return null
  return credential.kind === 'KEY' ? 'KEY_ENDED' : 'SESSION_ENDED'
}

function projectStanding(subject: KnownSubject, place: PlaceFacts | undefined): ProjectStanding | 'UNKNOWN' {
  if (!place) return 'UNKNOWN'
  return {
    id: place.id,
    isArchived: place.isArchived,
    defaultRole: place.defaultRole && heldRole('PROJECT', place.defaultRole),
    ownRole: ownRole(subject, place.id),
    grants: (place.grants ?? []).map(({ id, role, team }) => ({ id, role: heldRole('PROJECT', role), team })),
  }
}

/** A service account holds its role in its own project; a project may do in itself whatever its key lists. */
function ownRole({ owner, role, credential }: KnownSubject, projectId: string): HeldRole | null {
  if (owner?.kind === 'SERVICE_ACCOUNT') return owner.projectId === projectId && role ? heldRole('PROJECT', role) : null
  if (owner?.kind !== 'PROJECT' || owner.id !== projectId || !credential) return null
  return { id: null, name: credential.name ?? '', permissions: new Set(credential.limit) }
}

function heldRole(scope: RoleScope, { id, name, key, listed }: RoleFacts): HeldRole {
  return { id, name, permissions: permissionsOfRole(scope, key, listed) }
}
