/** A permission as decisions know it. */
export interface AskedPermission {
  readonly key: string
  readonly scope: 'ORGANIZATION' | 'PROJECT' | 'RESOURCE'
  /** Registered by the platform; Gatehouse's own when false. */
  readonly isPlatform: boolean
}

/** A role together with everything it allows (`permissionsOfRole`). */
export interface HeldRole {
  /** Null where nobody was given it: what everybody holds in the default project, and what the key of a project lists. */
  readonly id: string | null
  readonly name: string
  readonly permissions: ReadonlySet<string>
}

/** All that decides what one principal may do in one organization or one of its projects. */
export interface Standing {
  /** What keeps the principal from doing anything at all. */
  readonly barrier: AccessBarrier | null
  /** The role in the organization; null for service accounts and projects, which have none. */
  readonly organizationRole: HeldRole | null
  /** Null when the question is about the organization as a whole; UNKNOWN when it names what is not in it. */
  readonly project: ProjectStanding | 'UNKNOWN' | null
  /** The key through which the principal acts, or null. */
  readonly key: { readonly limit: ReadonlySet<string> | null; readonly projectId: string | null } | null
}

/** How a principal stands in one project. */
export interface ProjectStanding {
  readonly id: string
  readonly isArchived: boolean
  /** What everybody in the default project holds; null in other projects and for principals that are not members. */
  readonly defaultRole: HeldRole | null
  /** What a service account or project holds in its own project. */
  readonly ownRole: HeldRole | null
  /** Live grants to the member and to the teams of the member. */
  readonly grants: readonly StandingGrant[]
}

/** A live grant that reaches the principal. */
export interface StandingGrant {
  readonly id: string
  readonly role: HeldRole
  /** The team it was given to; null when it was given to the member. */
  readonly team: { readonly id: string; readonly name: string } | null
}

/** What keeps a principal from doing anything. */
export type AccessBarrier =
  | 'ORGANIZATION_CLOSED'
  | 'ACCOUNT_DISABLED'
  | 'NOT_A_MEMBER'
  | 'SUSPENDED'
  | 'SERVICE_ACCOUNT_DISABLED'
  | 'KEY_ENDED'
  | 'SESSION_ENDED'
  | 'UNKNOWN_SUBJECT'

/** Why something is refused. */
export type AccessRefusal =
  | AccessBarrier
  | 'UNKNOWN_PERMISSION'
  | 'UNKNOWN_RESOURCE'
  | 'KEY_LIMIT'
  | 'KEY_PROJECT'
  | 'NO_GRANT'
  | 'PROJECT_ARCHIVED'
  | 'MISSING_PERMISSION'

/** One reason of a decision. Those of an allowed one all allow it; a refusal has exactly one. */
export type AccessReason =
  | { readonly kind: 'ROLE' | 'DEFAULT_PROJECT' | 'OWN_PROJECT'; readonly role: HeldRole }
  | { readonly kind: 'GRANT' | 'TEAM_GRANT'; readonly role: HeldRole; readonly grant: StandingGrant }
  | { readonly kind: AccessRefusal }

/** Outcome and reasons of one authorization question. */
export interface AccessDecision {
  readonly allowed: boolean
  readonly reasons: readonly AccessReason[]
}

/**
 * Decides one authorization question and says why (docs/adr/0011-access-model.md). Pure. What may be checked and what
 * is explained come from here alone.
 *
 * @param permission  null for a permission that is neither Gatehouse's nor registered, or was retired
 */
export function evaluate(permission: AskedPermission | null, standing: Standing): AccessDecision {
  const { barrier, organizationRole, key } = standing
  if (!permission) return refused('UNKNOWN_PERMISSION')
  if (barrier) return refused(barrier)
  if (standing.project === 'UNKNOWN') return refused('UNKNOWN_RESOURCE')
  if (key?.limit && !key.limit.has(permission.key)) return refused('KEY_LIMIT')
  // Where the question is about the organization, or the permission is, projects do not matter.
  const project = permission.scope === 'ORGANIZATION' ? null : standing.project
  if (key?.projectId && key.projectId !== project?.id) return refused('KEY_PROJECT')
  const reasons = holding(permission.key, organizationRole, 'ROLE')
  if (!project) return reasons.length > 0 ? { allowed: true, reasons } : refused('MISSING_PERMISSION')
  if (!isInside(project, organizationRole)) return refused('NO_GRANT')
  if (project.isArchived && permission.isPlatform) return refused('PROJECT_ARCHIVED')
  reasons.push(
    ...holding(permission.key, project.defaultRole, 'DEFAULT_PROJECT'),
    ...holding(permission.key, project.ownRole, 'OWN_PROJECT'),
    ...project.grants.filter(({ role }) => role.permissions.has(permission.key)).map(reasonOfGrant),
  )
  return reasons.length > 0 ? { allowed: true, reasons } : refused('MISSING_PERMISSION')
}

/** Projects are isolated: an organization role counts in those that its holder is in, or in all of them. */
function isInside(project: ProjectStanding, organizationRole: HeldRole | null): boolean {
  const seesAll = organizationRole?.permissions.has('project.read') ?? false
  return seesAll || project.defaultRole !== null || project.ownRole !== null || project.grants.length > 0
}

function holding(
  permission: string,
  role: HeldRole | null,
  kind: 'ROLE' | 'DEFAULT_PROJECT' | 'OWN_PROJECT',
): AccessReason[] {
  return role?.permissions.has(permission) ? [{ kind, role }] : []
}

function reasonOfGrant(grant: StandingGrant): AccessReason {
  return { kind: grant.team ? 'TEAM_GRANT' : 'GRANT', role: grant.role, grant }
}

function refused(kind: AccessRefusal): AccessDecision {
  return { allowed: false, reasons: [{ kind }] }
}
