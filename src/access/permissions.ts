export type RoleScope = 'ORGANIZATION' | 'PROJECT'

/** What a permission allows, for the role editor and the documentation. */
export interface PermissionDescription {
  readonly title: string
  readonly scope: RoleScope
  /** Sensitive permissions change who has access, or show secrets. */
  readonly isSensitive: boolean
}

/** The permission catalogue: everything a role can allow. */
export const PERMISSIONS = {
  'organization.read': { title: 'See the organization', scope: 'ORGANIZATION', isSensitive: false },
  'organization.update': { title: 'Change name, slug and settings', scope: 'ORGANIZATION', isSensitive: false },
  'organization.delete': { title: 'Delete the organization', scope: 'ORGANIZATION', isSensitive: true },
  'organization.membership_mode.switch': {
    title: 'Switch between invitations and SSO, and hand out recovery codes',
    scope: 'ORGANIZATION',
    isSensitive: true,
  },
  'member.read': { title: 'See the members', scope: 'ORGANIZATION', isSensitive: false },
  'member.add': { title: 'Add an existing account directly', scope: 'ORGANIZATION', isSensitive: true },
  'member.role.update': { title: 'Change the roles of members', scope: 'ORGANIZATION', isSensitive: true },
  'member.suspend': { title: 'Suspend and reactivate members', scope: 'ORGANIZATION', isSensitive: true },
  'member.remove': { title: 'Remove members', scope: 'ORGANIZATION', isSensitive: true },
  'member.security.read': { title: "See members' sessions and identities", scope: 'ORGANIZATION', isSensitive: true },
  'invitation.read': { title: 'See the invitations', scope: 'ORGANIZATION', isSensitive: false },
  'invitation.create': { title: 'Invite people', scope: 'ORGANIZATION', isSensitive: true },
  'invitation.revoke': { title: 'Revoke invitations', scope: 'ORGANIZATION', isSensitive: true },
  'join_request.read': { title: 'See who asks to be let in', scope: 'ORGANIZATION', isSensitive: false },
  'join_request.decide': { title: 'Let people in who ask, or decline them', scope: 'ORGANIZATION', isSensitive: true },
  'project.create': { title: 'Create projects', scope: 'ORGANIZATION', isSensitive: false },
  'role.manage': { title: 'Create, change and delete roles', scope: 'ORGANIZATION', isSensitive: true },
  'team.read': { title: 'See the teams', scope: 'ORGANIZATION', isSensitive: false },
  'team.create': { title: 'Create teams', scope: 'ORGANIZATION', isSensitive: false },
  'team.update': { title: 'Rename and nest teams', scope: 'ORGANIZATION', isSensitive: true },
  'team.delete': { title: 'Delete teams', scope: 'ORGANIZATION', isSensitive: true },
  'team.member.manage': { title: 'Put people into teams and take them out', scope: 'ORGANIZATION', isSensitive: true },
  'domain.read': { title: 'See the domains', scope: 'ORGANIZATION', isSensitive: false },
  'domain.manage': { title: 'Claim, prove and release domains', scope: 'ORGANIZATION', isSensitive: true },
  'access.explain': { title: 'See why somebody may do something', scope: 'ORGANIZATION', isSensitive: false },
  'sso.read': {
    title: 'See the connections for signing in through the company',
    scope: 'ORGANIZATION',
    isSensitive: false,
  },
  'sso.manage': {
    title: 'Set up and change the connections, and so decide who can be whom',
    scope: 'ORGANIZATION',
    isSensitive: true,
  },
  'directory.read': {
    title: 'See the directories that provision members, their people and groups',
    scope: 'ORGANIZATION',
    isSensitive: false,
  },
  'directory.manage': {
    title: 'Set up and change the directories, and so decide who becomes a member with which role',
    scope: 'ORGANIZATION',
    isSensitive: true,
  },
  'directory.log.read': {
    title: 'Read what directories have sent and been answered',
    scope: 'ORGANIZATION',
    isSensitive: true,
  },
  'setup_link.manage': {
    title: 'Make links with which others set up SSO, directories or domains',
    scope: 'ORGANIZATION',
    isSensitive: true,
  },
  'audit.read': { title: 'Read the audit log', scope: 'ORGANIZATION', isSensitive: true },
  'project.read': { title: 'See the project', scope: 'PROJECT', isSensitive: false },
  'project.update': { title: 'Rename the project', scope: 'PROJECT', isSensitive: false },
  'project.archive': { title: 'Archive and restore the project', scope: 'PROJECT', isSensitive: false },
  'project.delete': { title: 'Delete the project', scope: 'PROJECT', isSensitive: true },
  'project.member.read': { title: 'See who has access to the project', scope: 'PROJECT', isSensitive: false },
  'project.grant': { title: 'Give and take access to the project', scope: 'PROJECT', isSensitive: true },
  'service_account.read': { title: 'See the service accounts', scope: 'PROJECT', isSensitive: false },
  'service_account.manage': {
    title: 'Create, change and delete service accounts',
    scope: 'PROJECT',
    isSensitive: true,
  },
  'api_key.read': { title: 'See the API keys', scope: 'PROJECT', isSensitive: false },
  'api_key.create': { title: 'Create and rotate API keys', scope: 'PROJECT', isSensitive: true },
  'api_key.revoke': { title: 'Revoke API keys', scope: 'PROJECT', isSensitive: true },
} as const satisfies Record<string, PermissionDescription>

export type Permission = keyof typeof PERMISSIONS

/** A role that every organization has from the start and nobody can change. */
export interface SystemRole {
  readonly scope: RoleScope
  readonly key: string
  readonly name: string
  readonly description: string
  readonly permissions: ReadonlySet<Permission>
}

const everyPermission = Object.keys(PERMISSIONS) as Permission[]

/** Built-in roles. There is no separate owner: where other products say owner, read Admin. */
export const SYSTEM_ROLES = {
  ADMIN: {
    scope: 'ORGANIZATION',
    key: 'admin',
    name: 'Admin',
    description: 'Uses resources, changes them and manages people. Inherited into every project.',
    permissions: new Set(everyPermission),
  },
  MEMBER: {
    scope: 'ORGANIZATION',
    key: 'member',
    name: 'Member',
    description: 'Uses the resources of the default project and of projects with a grant.',
    permissions: new Set<Permission>(['organization.read', 'member.read', 'team.read']),
  },
  PROJECT_ADMIN: {
    scope: 'PROJECT',
    key: 'project_admin',
    name: 'Project admin',
    description: 'Manages one project and the people in it.',
    permissions: new Set(everyPermission.filter((permission) => PERMISSIONS[permission].scope === 'PROJECT')),
  },
  PROJECT_MEMBER: {
    scope: 'PROJECT',
    key: 'project_member',
    name: 'Project member',
    description: 'Uses the resources of one project.',
    permissions: new Set<Permission>(['project.read', 'project.member.read']),
  },
} as const satisfies Record<string, SystemRole>

const BY_SCOPE_AND_KEY = new Map<string, SystemRole>(
  Object.values(SYSTEM_ROLES).map((role) => [`${role.scope}/${role.key}`, role]),
)

const NOTHING: ReadonlySet<string> = new Set()

/**
 * Everything a role allows.
 *
 * @param listed  what the database says of it (`ROLE_PERMISSIONS` in modules/roles): the permissions of a custom role,
 *                and of a built-in one those of the platform's permissions that it holds
 */
export function permissionsOfRole(scope: RoleScope, key: string, listed: readonly string[]): ReadonlySet<string> {
  const builtIn = BY_SCOPE_AND_KEY.get(`${scope}/${key}`)?.permissions ?? NOTHING
  return listed.length === 0 ? builtIn : new Set([...builtIn, ...listed])
}
