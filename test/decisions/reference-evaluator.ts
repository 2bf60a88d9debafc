/**
 * What ADR 0011 says about who may do what, written a second time: by sentences and by looking through everything that
 * there is, without any of the product's code. The worlds of the property test are judged by it.
 */

export interface ModelRole {
  id: string
  scope: 'ORGANIZATION' | 'PROJECT'
  /** Of a built-in one: its key; null for custom ones. */
  builtIn: 'admin' | 'member' | 'project_admin' | 'project_member' | null
  permissions: readonly string[]
}

export interface ModelPermission {
  key: string
  scope: 'ORGANIZATION' | 'PROJECT' | 'RESOURCE'
  forMembers: boolean
  retired: boolean
}

export interface ModelMember {
  id: string
  status: 'JOINED' | 'SUSPENDED'
  role: ModelRole
  isDisabled: boolean
}

export interface ModelTeam {
  id: string
  above: ModelTeam | null
  members: readonly ModelMember[]
}

export interface ModelProject {
  id: string
  isDefault: boolean
  isArchived: boolean
}

export interface ModelGrant {
  project: ModelProject
  to: ModelMember | ModelTeam
  role: ModelRole
  hasEnded: boolean
}

export interface ModelAccount {
  id: string
  project: ModelProject
  role: ModelRole
  isDisabled: boolean
}

export interface ModelKey {
  id: string
  owner: ModelMember | ModelAccount | ModelProject
  project: ModelProject | null
  permissions: readonly string[] | null
  hasEnded: boolean
}

export interface ModelWorld {
  permissions: readonly ModelPermission[]
  /** Gatehouse's own permissions with their scopes. */
  own: ReadonlyMap<string, 'ORGANIZATION' | 'PROJECT'>
  members: readonly ModelMember[]
  teams: readonly ModelTeam[]
  projects: readonly ModelProject[]
  grants: readonly ModelGrant[]
  accounts: readonly ModelAccount[]
  keys: readonly ModelKey[]
}

export type ModelSubject = ModelMember | ModelAccount | ModelKey

/** Whether somebody may do something, in a project or (null) in the organization. */
export function mayDo(
  world: ModelWorld,
  subject: ModelSubject,
  permission: string,
  project: ModelProject | null,
): boolean {
  const platform = world.permissions.find(({ key, retired }) => key === permission && !retired)
  const scope = world.own.get(permission) ?? platform?.scope
  if (!scope) return false
  const key = 'owner' in subject ? subject : null
  const owner = key ? key.owner : (subject as ModelMember | ModelAccount)
  if (key?.hasEnded) return false
  if (isMember(owner) && (owner.status !== 'JOINED' || owner.isDisabled)) return false
  if (isAccount(owner) && owner.isDisabled) return false
  if (key?.permissions && !key.permissions.includes(permission)) return false
  const where = scope === 'ORGANIZATION' ? null : project
  if (key?.project && key.project !== where) return false
  if (!where) return isMember(owner) && allows(world, owner.role, permission)
  if (!isIn(world, owner, where)) return false
  if (where.isArchived && platform) return false
  return rolesIn(world, owner, where).some((role) => allows(world, role, permission)) || owner === where
}

/** Whether somebody sees a project at all. */
export function sees(world: ModelWorld, subject: ModelSubject, project: ModelProject): boolean {
  const key = 'owner' in subject ? subject : null
  if (key?.project && key.project !== project) return false
  return isIn(world, key ? key.owner : (subject as ModelMember | ModelAccount), project)
}

type Owner = ModelMember | ModelAccount | ModelProject

function isIn(world: ModelWorld, owner: Owner, project: ModelProject): boolean {
  if (isMember(owner) && allows(world, owner.role, 'project.read')) return true
  if (isMember(owner)) return project.isDefault || grantsOf(world, owner, project).length > 0
  return isAccount(owner) ? owner.project === project : owner === project
}

/** Every role that counts in a project for somebody who is in it. */
function rolesIn(world: ModelWorld, owner: Owner, project: ModelProject): ModelRole[] {
  if (isAccount(owner)) return [owner.role]
  if (!isMember(owner)) return []
  const everybody: ModelRole = { id: '', scope: 'PROJECT', builtIn: 'project_member', permissions: [] }
  return [
    owner.role,
    ...(project.isDefault ? [everybody] : []),
    ...grantsOf(world, owner, project).map(({ role }) => role),
  ]
}

function grantsOf(world: ModelWorld, member: ModelMember, project: ModelProject): ModelGrant[] {
  return world.grants.filter(
    (grant) =>
      grant.project === project &&
      !grant.hasEnded &&
      (grant.to === member || ('members' in grant.to && isInTeam(world, member, grant.to))),
  )
}

/** Whoever is in a team is in every team above it. */
function isInTeam(world: ModelWorld, member: ModelMember, team: ModelTeam): boolean {
  if (team.members.includes(member)) return true
  return world.teams.some((below) => below.above === team && isInTeam(world, member, below))
}

const MEMBER = ['organization.read', 'member.read', 'team.read']
const PROJECT_MEMBER = ['project.read', 'project.member.read']

function allows(world: ModelWorld, { builtIn, permissions }: ModelRole, permission: string): boolean {
  if (!builtIn) return permissions.includes(permission)
  const own = world.own.get(permission)
  const platform = world.permissions.find(({ key }) => key === permission)
  switch (builtIn) {
    case 'admin':
      return true
    case 'project_admin':
      return (own ?? platform?.scope) !== 'ORGANIZATION'
    case 'member':
      return MEMBER.includes(permission) || platform?.forMembers === true
    case 'project_member':
      return PROJECT_MEMBER.includes(permission) || (platform?.forMembers === true && platform.scope !== 'ORGANIZATION')
  }
}

function isMember(owner: Owner): owner is ModelMember {
  return 'status' in owner
}

function isAccount(owner: Owner): owner is ModelAccount {
  return 'role' in owner && !('status' in owner)
}
