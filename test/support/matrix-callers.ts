import { PERMISSIONS } from '../../src/access'
import { toTypeId } from '../../src/kernel/ids'
import { DEVELOPMENT_SERVICE_KEY } from '../../src/platform/config'
import { makeToken } from '../../src/platform/crypto'
import { arrangeAccess } from './access'
import { AccessFixtures } from './access-fixtures'
import { arrangeKey } from './api-keys'
import { type Gatehouse, TEST_OPERATOR_KEY } from './gatehouse'
import { Targets } from './operations'
import { found, join, type OrganizationMember, signUp, type TestOrganization } from './world'

/** Everybody who calls in the authorization matrix, by the head of their column. */
export const CALLERS = {
  nobody: 'presents no secret',
  forged: 'presents a token that nobody was given',
  suspend: 'suspended member, with a session from before',
  removed: 'removed member, with a session from before',
  other: 'Admin of another organization',
  stranger: 'signed in, in no organization',
  account: 'an Admin, signed in, before the organization is chosen',
  member: 'Member, without a grant',
  manager: 'Member who manages the team',
  custom: 'member with a role that the organization made: manages people, teams and roles',
  team: 'Member in a team that is Project admin of the project',
  project: 'Member with a grant of a role that the organization made in the project: rename it, give access, make keys',
  admin: 'Admin',
  keyAdm: 'personal key of an Admin',
  keySvc: 'key of a service account that is Project admin of the project',
  keyPrj: 'key of the project itself, with every permission in it',
  operator: 'operator key',
  service: 'service key',
} as const

export type CallerName = keyof typeof CALLERS

export const CALLER_NAMES = Object.keys(CALLERS) as CallerName[]

// Each stands in the texts of one organization only.
const OURS = 'Quokka'
const THEIRS = 'Numbat'

/** Which texts a caller must never be shown. */
export function forbiddenTo(caller: CallerName): RegExp {
  if (caller === 'operator' || caller === 'service') return /(?!)/
  if (caller === 'other') return new RegExp(OURS, 'i')
  const isOutside = ['nobody', 'forged', 'suspend', 'removed', 'stranger'].includes(caller)
  return isOutside ? new RegExp(`${OURS}|${THEIRS}`, 'i') : new RegExp(THEIRS, 'i')
}

const PEOPLE_ROLE = [
  ...['member.read', 'member.role.update', 'member.suspend', 'member.remove', 'role.manage'],
  ...['invitation.read', 'invitation.create', 'invitation.revoke'],
  ...['team.read', 'team.create', 'team.update', 'team.member.manage'],
]
const PROJECT_ROLE = ['project.member.read', 'project.update', 'project.grant', 'api_key.read', 'api_key.create']
const EVERYTHING_IN_PROJECTS = Object.entries(PERMISSIONS).flatMap(([key, { scope }]) =>
  scope === 'PROJECT' ? [key] : [],
)

/** An organization that is called upon, and those who call. */
export class MatrixWorld {
  /** Makes what is asked about; the callers that have something in projects and teams have it there. */
  readonly targets: Targets
  readonly #access: AccessFixtures
  /** The project that was made last for the call that is being prepared. */
  #project: string | null = null

  private constructor(
    gatehouse: Gatehouse,
    readonly ours: TestOrganization,
    private readonly tokens: Partial<Record<CallerName, string>>,
    places: { teamId: string; projectMemberId: string; managerId: string },
    roles: { projectAdmin: string; project: string },
  ) {
    this.#access = new AccessFixtures(gatehouse, ours.uuid)
    const arranger = arrangeAccess(gatehouse, ours)
    this.targets = new Targets(gatehouse, ours, OURS, {
      project: async (id) => {
        this.#project = id
        await this.#access.grant(id, { team: places.teamId }, roles.projectAdmin)
        await this.#access.grant(id, { member: places.projectMemberId }, roles.project)
      },
      team: (uuid) => arranger.putIn({ uuid, id: toTypeId('Team', uuid) }, { memberId: places.managerId }, 'MANAGER'),
    })
  }

  static async create(gatehouse: Gatehouse): Promise<MatrixWorld> {
    const ours = await describedOrganization(gatehouse, OURS)
    const theirs = await describedOrganization(gatehouse, THEIRS)
    const access = new AccessFixtures(gatehouse, ours.uuid)
    const people = await joinAll(gatehouse, ours)
    await access.giveRole(people.custom.memberId, await access.role('ORGANIZATION', PEOPLE_ROLE, 'People'))
    const roles = {
      projectAdmin: await access.builtInRole('PROJECT', 'project_admin'),
      project: await access.role('PROJECT', PROJECT_ROLE, 'Editor'),
    }
    const teamId = await access.team('Crew', [people.team.memberId])
    const places = { teamId, projectMemberId: people.project.memberId, managerId: people.manager.memberId }
    const tokens = {
      ...Object.fromEntries(Object.entries(people).map(([name, { organizationToken }]) => [name, organizationToken])),
      forged: makeToken('organizationSession', ours.uuid).token,
      other: theirs.admin.organizationToken,
      stranger: (await signUp(gatehouse, 'Stranger')).accountToken,
      account: ours.admin.accountToken,
      admin: ours.admin.organizationToken,
      keyAdm: (await arrangeKey(gatehouse, ours, { member: ours.admin })).token,
      operator: TEST_OPERATOR_KEY,
      service: DEVELOPMENT_SERVICE_KEY,
    }
    return new MatrixWorld(gatehouse, ours, tokens, places, roles)
  }

  /** What a call is about, and the secret of who calls: keys that work in one project work in the one it is about. */
  async prepare<T>(
    caller: CallerName,
    make: (targets: Targets) => Promise<T>,
  ): Promise<{ about: T; token: string | undefined }> {
    this.#project = null
    const about = await make(this.targets)
    return { about, token: await this.#tokenOf(caller) }
  }

  async #tokenOf(caller: CallerName): Promise<string | undefined> {
    if (caller !== 'keySvc' && caller !== 'keyPrj') return this.tokens[caller]
    const project = this.#project ?? (await this.#access.defaultProject())
    if (caller === 'keyPrj') return (await this.#access.key({ project }, { permissions: EVERYTHING_IN_PROJECTS })).token
    const role = await this.#access.builtInRole('PROJECT', 'project_admin')
    const serviceAccount = await this.#access.serviceAccount(project, role)
    return (await this.#access.key({ serviceAccount, project })).token
  }
}

async function joinAll(gatehouse: Gatehouse, ours: TestOrganization) {
  const [member, manager, custom, team, project] = [
    await join(gatehouse, ours),
    await join(gatehouse, ours, 'member', await signUp(gatehouse, 'Manager')),
    await join(gatehouse, ours, 'member', await signUp(gatehouse, 'Custom')),
    await join(gatehouse, ours, 'member', await signUp(gatehouse, 'Team')),
    await join(gatehouse, ours, 'member', await signUp(gatehouse, 'Project')),
  ]
  const suspend = await join(gatehouse, ours, 'member', await signUp(gatehouse, 'Suspended'))
  const removed = await join(gatehouse, ours, 'member', await signUp(gatehouse, 'Removed'))
  await end(gatehouse, ours, suspend, "status = 'SUSPENDED', suspended_at = now()")
  await end(gatehouse, ours, removed, "status = 'REMOVED', removed_at = now()")
  return { member, manager, custom, team, project, suspend, removed }
}

/** An organization of which every text that it is free to choose holds a mark. */
async function describedOrganization(gatehouse: Gatehouse, mark: string): Promise<TestOrganization> {
  const organization = await found(gatehouse, `${mark} Works`)
  const { superuser } = gatehouse
  await superuser.rows('UPDATE organizations SET description = $2, billing_email = $3 WHERE organization_id = $1', [
    organization.uuid,
    mark,
    `${mark.toLowerCase()}@example.com`,
  ])
  await superuser.rows('UPDATE roles SET description = $2 WHERE organization_id = $1', [organization.uuid, mark])
  await superuser.rows('UPDATE projects SET description = $2 WHERE organization_id = $1', [organization.uuid, mark])
  return organization
}

/** Ends a membership and leaves its session row as it was: the session must die of the membership alone. */
async function end(
  { superuser }: Gatehouse,
  { uuid }: TestOrganization,
  member: OrganizationMember,
  change: string,
): Promise<void> {
  await superuser.rows(`UPDATE members SET ${change} WHERE organization_id = $1 AND id = $2`, [uuid, member.memberId])
  await superuser.rows('DELETE FROM user_memberships WHERE member_id = $1', [member.memberId])
  await superuser.rows('UPDATE organization_counters SET joined = joined - 1 WHERE organization_id = $1', [uuid])
}
