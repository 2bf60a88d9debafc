import type { AccessBarrier, HeldRole, ProjectStanding, RoleScope, Standing } from '../../access'
import { permissionsOfRole, SYSTEM_ROLES } from '../../access/permissions'

/** How a subject stands, as `standing.statement` reads it. */
export interface StandingRow {
  /** Place in the list of what was asked, from 1. */
  n: number | string
  is_open: boolean
  credential_id: string | null
  /** Of keys; SESSION for sessions, null where the subject was named by its id. */
  owner_kind: 'MEMBER' | 'SERVICE_ACCOUNT' | 'PROJECT' | 'SESSION' | null
  credential_name: string | null
  key_limit: string[] | null
  key_project_id: string | null
  is_ended: boolean
  /** The member was changed since. */
  is_from_before: boolean | null
  is_idle: boolean
  issued_at: Date | null
  expires_at: Date | null
  member_id: string | null
  user_id: string | null
  member_status: 'INVITED' | 'JOINED' | 'SUSPENDED' | 'REMOVED' | null
  is_disabled: boolean
  account_id: string | null
  account_status: 'ACTIVE' | 'DISABLED' | null
  account_project_id: string | null
  role_id: string | null
  role_name: string
  role_key: string
  /** What a custom role lists; null for built-in ones. */
  role_custom: string[] | null
  project_id: string | null
  is_archived: boolean
  is_default: boolean
  grants: GrantFacts[] | null
}

interface GrantFacts {
  readonly id: string
  readonly roleId: string
  readonly roleName: string
  readonly roleKey: string
  readonly custom: readonly string[] | null
  readonly teamId: string | null
  readonly teamName: string | null
}

/** Somebody who exists: whoever may act, and the key or session that was presented for them. */
export interface KnownSubject {
  readonly owner: SubjectOwner
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
  /** The project that a key is limited to. */
  readonly projectId: string | null
  readonly isEnded: boolean
  /** Last marked used more than an hour ago, or never. */
  readonly isIdle: boolean
  readonly issuedAt: Date
  readonly expiresAt: Date | null
}

/** Whom a row is about; null when nobody is meant. */
export function knownSubject(row: StandingRow | undefined): KnownSubject | null {
  const owner = row && ownerOf(row)
  if (!owner) return null
  if (!row.credential_id) return { owner, credential: null }
  const credential: SubjectCredential = {
    kind: row.owner_kind === 'SESSION' ? 'SESSION' : 'KEY',
    id: row.credential_id,
    projectId: row.key_project_id,
    isEnded: row.is_ended || row.is_from_before === true,
    isIdle: row.is_idle,
    issuedAt: row.issued_at!,
    expiresAt: row.expires_at,
  }
  return { owner, credential }
}

function ownerOf(row: StandingRow): SubjectOwner | null {
  if (row.member_id)
    return {
      kind: 'MEMBER',
      id: row.member_id,
      userId: row.user_id,
      status: row.member_status!,
      isDisabled: row.is_disabled,
    }
  if (row.account_id)
    return {
      kind: 'SERVICE_ACCOUNT',
      id: row.account_id,
      status: row.account_status!,
      projectId: row.account_project_id!,
    }
  return row.owner_kind === 'PROJECT' ? { kind: 'PROJECT', id: row.key_project_id! } : null
}

/**
 * How a subject stands.
 *
 * @param asked  the project that the question names; null when it is about the organization
 * @param registered  those of the platform's permissions that matter
 */
export function standingOf(
  row: StandingRow | undefined,
  asked: string | null,
  registered: readonly PlatformPermission[],
): Standing {
  const subject = knownSubject(row)
  if (!row || !subject)
    return {
      barrier: row?.is_open ? 'UNKNOWN_SUBJECT' : 'ORGANIZATION_CLOSED',
      organizationRole: null,
      project: null,
      key: null,
    }
  const isKey = subject.credential?.kind === 'KEY'
  return {
    barrier: row.is_open ? barrierOf(subject) : 'ORGANIZATION_CLOSED',
    organizationRole: subject.owner.kind === 'MEMBER' ? rowRole('ORGANIZATION', row, registered) : null,
    project: asked === null ? null : projectStanding(row, subject.owner, registered),
    key: isKey ? { limit: row.key_limit && new Set(row.key_limit), projectId: row.key_project_id } : null,
  }
}

/** What matters most comes first: what an administrator has to change before anything else helps. */
function barrierOf({ owner, credential }: KnownSubject): AccessBarrier | null {
  if (owner.kind === 'MEMBER') {
    if (owner.isDisabled) return 'ACCOUNT_DISABLED'
    if (owner.status === 'SUSPENDED') return 'SUSPENDED'
    if (owner.status !== 'JOINED') return 'NOT_A_MEMBER'
  }
  if (owner.kind === 'SERVICE_ACCOUNT' && owner.status === 'DISABLED') return 'SERVICE_ACCOUNT_DISABLED'
  if (!credential?.isEnded) return null
  return credential.kind === 'KEY' ? 'KEY_ENDED' : 'SESSION_ENDED'
}

function projectStanding(
  row: StandingRow,
  owner: SubjectOwner,
  registered: readonly PlatformPermission[],
): ProjectStanding | 'UNKNOWN' {
  if (!row.project_id) return 'UNKNOWN'
  return {
    id: row.project_id,
    isArchived: row.is_archived,
    defaultRole: row.is_default && owner.kind === 'MEMBER' ? everybodysRole(registered) : null,
    ownRole: ownRole(row, owner, registered),
    grants: (row.grants ?? []).map((grant) => ({
      id: grant.id,
      role: {
        id: grant.roleId,
        name: grant.roleName,
        permissions: allowedBy('PROJECT', grant.roleKey, grant.custom, registered),
      },
      team: grant.teamId ? { id: grant.teamId, name: grant.teamName! } : null,
    })),
  }
}

/** Nobody was given it, so its row is not read. */
function everybodysRole(registered: readonly PlatformPermission[]): HeldRole {
  const { key, name } = SYSTEM_ROLES.PROJECT_MEMBER
  return { id: null, name, permissions: allowedBy('PROJECT', key, null, registered) }
}

/** A service account holds its role in its own project; a project may do in itself whatever its key lists. */
function ownRole(row: StandingRow, owner: SubjectOwner, registered: readonly PlatformPermission[]): HeldRole | null {
  if (owner.kind === 'SERVICE_ACCOUNT')
    return owner.projectId === row.project_id ? rowRole('PROJECT', row, registered) : null
  if (owner.kind !== 'PROJECT' || owner.id !== row.project_id) return null
  return { id: null, name: row.credential_name ?? '', permissions: new Set(row.key_limit) }
}

function rowRole(scope: RoleScope, row: StandingRow, registered: readonly PlatformPermission[]): HeldRole | null {
  if (!row.role_id) return null
  return {
    id: row.role_id,
    name: row.role_name,
    permissions: allowedBy(scope, row.role_key, row.role_custom, registered),
  }
}

function allowedBy(
  scope: RoleScope,
  key: string,
  custom: readonly string[] | null,
  registered: readonly PlatformPermission[],
): ReadonlySet<string> {
  return permissionsOfRole(scope, key, custom ?? registeredFor(scope, key, registered))
}

/** What the platform has registered, as far as it matters here. */
export interface PlatformPermission {
  readonly key: string
  readonly scope: 'ORGANIZATION' | 'PROJECT' | 'RESOURCE'
  readonly forMembers: boolean
}

/** Those of the platform's permissions that a built-in role holds: what `listedPermissions` of roles says in SQL. */
function registeredFor(scope: RoleScope, key: string, registered: readonly PlatformPermission[]): readonly string[] {
  if (registered.length === 0) return NOTHING
  const isAdmin = key === SYSTEM_ROLES.ADMIN.key || key === SYSTEM_ROLES.PROJECT_ADMIN.key
  return registered
    .filter((found) => (found.forMembers || isAdmin) && (found.scope !== 'ORGANIZATION' || scope === 'ORGANIZATION'))
    .map((found) => found.key)
}

const NOTHING: readonly string[] = []
