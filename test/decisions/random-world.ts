import fc from 'fast-check'
import { PERMISSIONS, SYSTEM_ROLES } from '../../src/access'
import { newId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { AccessFixtures } from '../support/access-fixtures'
import type { Gatehouse } from '../support/gatehouse'
import type {
  ModelAccount,
  ModelGrant,
  ModelKey,
  ModelMember,
  ModelPermission,
  ModelProject,
  ModelRole,
  ModelTeam,
  ModelWorld,
} from './reference-evaluator'

/** The platform's permissions in all worlds. */
export const PLATFORM: readonly ModelPermission[] = [
  { key: 'thing.use', scope: 'RESOURCE', forMembers: true, retired: false },
  { key: 'thing.change', scope: 'RESOURCE', forMembers: false, retired: false },
  { key: 'desk.see', scope: 'PROJECT', forMembers: true, retired: false },
  { key: 'desk.move', scope: 'PROJECT', forMembers: false, retired: false },
  { key: 'bill.see', scope: 'ORGANIZATION', forMembers: true, retired: false },
  { key: 'bill.pay', scope: 'ORGANIZATION', forMembers: false, retired: false },
  { key: 'old.thing', scope: 'RESOURCE', forMembers: true, retired: true },
]

const OWN = [
  'organization.read',
  'member.remove',
  'audit.read',
  'project.read',
  'project.update',
  'project.member.read',
]

/** What is asked about: what roles and keys list, and one that nobody has heard of. */
export const ASKED = [...OWN, ...PLATFORM.map(({ key }) => key), 'no.such']

const listed = fc.subarray([...OWN, ...PLATFORM.map(({ key }) => key)])
const index = fc.nat({ max: 11 })

/** A world in outline; numbers point into lists, modulo their length. */
export const worldOutline = fc.record({
  organizationRoles: fc.array(listed, { maxLength: 2 }),
  projectRoles: fc.array(listed, { maxLength: 2 }),
  members: fc.array(
    fc.record({
      role: index,
      isSuspended: fc.nat({ max: 5 }).map((n) => n === 0),
      isDisabled: fc.nat({ max: 7 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  teams: fc.array(fc.record({ above: fc.option(index), members: fc.array(index, { maxLength: 3 }) }), { maxLength: 4 }),
  projects: fc.array(fc.boolean(), { maxLength: 3 }),
  grants: fc.array(
    fc.record({ project: index, to: index, role: index, hasEnded: fc.nat({ max: 3 }).map((n) => n === 0) }),
    {
      maxLength: 6,
    },
  ),
  accounts: fc.array(fc.record({ project: index, role: index, isDisabled: fc.nat({ max: 4 }).map((n) => n === 0) }), {
    maxLength: 2,
  }),
  keys: fc.array(
    fc.record({
      owner: index,
      project: fc.option(index),
      permissions: fc.option(listed),
      hasEnded: fc.nat({ max: 5 }).map((n) => n === 0),
    }),
    { maxLength: 4 },
  ),
})

export type WorldOutline = typeof worldOutline extends fc.Arbitrary<infer Outline> ? Outline : never

/** A world as it stands in the database, with what its inhabitants present. */
export interface BuiltWorld {
  model: ModelWorld
  organizationId: string
  /** A joined Admin, who is one of the members. */
  admin: ModelMember
  /** Secrets by id of the member or key. */
  tokens: ReadonlyMap<string, string>
}

/** Writes a world into the database, as a new organization. */
export async function buildWorld(gatehouse: Gatehouse, outline: WorldOutline): Promise<BuiltWorld> {
  const organizationId = newId()
  const fixtures = new AccessFixtures(gatehouse, organizationId)
  const tokens = new Map<string, string>()
  const rows = (sql: string, values: unknown[]) => gatehouse.superuser.rows(sql, [organizationId, ...values])

  await rows(
    `WITH counted AS (INSERT INTO organization_counters (organization_id, admins) VALUES ($1, 1))
     INSERT INTO organizations (organization_id, slug, name, billing_email) VALUES ($1, $1, 'World', 'a@example.com')`,
    [],
  )
  const builtIn: ModelRole[] = []
  for (const { scope, key, name } of Object.values(SYSTEM_ROLES)) {
    const id = newId()
    await rows(
      'INSERT INTO roles (organization_id, id, scope, key, name, is_system) VALUES ($1, $2, $3, $4, $5, true)',
      [id, scope, key, name],
    )
    builtIn.push({ id, scope, builtIn: key, permissions: [] })
  }
  const custom = async (scope: ModelRole['scope'], lists: readonly string[][]): Promise<ModelRole[]> => {
    const read = scope === 'ORGANIZATION' ? 'organization.read' : 'project.read'
    return inTurn(lists, async (permissions) => ({
      id: await fixtures.role(scope, permissions),
      scope,
      builtIn: null,
      permissions: [read, ...permissions],
    }))
  }
  const roles = {
    ORGANIZATION: [
      ...builtIn.filter(({ scope }) => scope === 'ORGANIZATION'),
      ...(await custom('ORGANIZATION', outline.organizationRoles)),
    ],
    PROJECT: [
      ...builtIn.filter(({ scope }) => scope === 'PROJECT'),
      ...(await custom('PROJECT', outline.projectRoles)),
    ],
  }

  const projects = await inTurn([false, ...outline.projects], async (isArchived, n): Promise<ModelProject> => {
    const id = await fixtures.project(isArchived ? 'ARCHIVED' : 'ACTIVE')
    if (n === 0) await rows('UPDATE projects SET is_default = true WHERE organization_id = $1 AND id = $2', [id])
    return { id, isDefault: n === 0, isArchived }
  })

  const founder = { role: 0, isSuspended: false, isDisabled: false }
  const members = await inTurn([founder, ...outline.members], async (drawn): Promise<ModelMember> => {
    const role = pick(roles.ORGANIZATION, drawn.role)
    const [id, userId] = [newId(), newId()]
    await rows(
      `WITH account AS (
         INSERT INTO users (id, name, email, disabled_at) VALUES ($3::uuid, 'Somebody', $3::uuid::text || '@example.com', CASE WHEN $6 THEN now() END))
       INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at, suspended_at)
       VALUES ($1, $2, $3::uuid, $3::uuid::text || '@example.com', 'Somebody', $5, 'INVITATION', $4, now(), CASE WHEN $5 = 'SUSPENDED' THEN now() END)`,
      [id, userId, role.id, drawn.isSuspended ? 'SUSPENDED' : 'JOINED', drawn.isDisabled],
    )
    const { token, hash } = makeToken('organizationSession', organizationId)
    // Whoever suspends or disables ends the sessions in the same transaction.
    await rows(
      `INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, provider, expires_at, revoked_at)
       VALUES ($1, $2, $3, $4, 1, $5, 'EMAIL', now() + interval '1 hour', CASE WHEN $6 THEN now() END)`,
      [newId(), hash, id, userId, drawn.isSuspended || drawn.isDisabled],
    )
    tokens.set(id, token)
    return { id, status: drawn.isSuspended ? 'SUSPENDED' : 'JOINED', role, isDisabled: drawn.isDisabled }
  })

  const teams: ModelTeam[] = []
  const paths = new Map<string, string[]>()
  for (const drawn of outline.teams) {
    const above = drawn.above !== null && teams.length > 0 ? pick(teams, drawn.above) : null
    const inside = [...new Set(drawn.members.map((n) => pick(members, n)))]
    const path = above ? paths.get(above.id)! : []
    const id = await fixtures.team(
      'Team',
      inside.map((member) => member.id),
      path,
    )
    paths.set(id, [...path, id])
    teams.push({ id, above, members: inside })
  }

  const grants: ModelGrant[] = []
  for (const { project: p, to: t, role: r, hasEnded } of outline.grants) {
    const [project, to, role] = [
      pick(projects, p),
      pick<ModelMember | ModelTeam>([...members, ...teams], t),
      pick(roles.PROJECT, r),
    ]
    if (grants.some((grant) => grant.project === project && grant.to === to)) continue
    const holder = 'members' in to ? { team: to.id } : { member: to.id }
    await fixtures.grant(project.id, holder, role.id, hasEnded ? -1 : 3600)
    grants.push({ project, to, role, hasEnded })
  }

  const accounts = await inTurn(outline.accounts, async (drawn): Promise<ModelAccount> => {
    const [project, role] = [pick(projects, drawn.project), pick(roles.PROJECT, drawn.role)]
    const id = await fixtures.serviceAccount(project.id, role.id, drawn.isDisabled ? 'DISABLED' : 'ACTIVE')
    return { id, project, role, isDisabled: drawn.isDisabled }
  })

  const keys = await inTurn(outline.keys, async (drawn): Promise<ModelKey> => {
    const owner = pick<ModelKey['owner']>([...members, ...accounts, ...projects], drawn.owner)
    const options = { seconds: drawn.hasEnded ? -1 : 3600 }
    const add = async (
      whose: Parameters<AccessFixtures['key']>[0],
      project: ModelProject | null,
      permissions: readonly string[] | null,
    ): Promise<ModelKey> => {
      const { id, token } = await fixtures.key(whose, { ...options, permissions })
      tokens.set(id, token)
      return { id, owner, project, permissions, hasEnded: drawn.hasEnded }
    }
    if ('status' in owner) {
      const project = drawn.project === null ? null : pick(projects, drawn.project)
      return add({ member: owner.id, ...(project && { project: project.id }) }, project, drawn.permissions)
    }
    if ('role' in owner)
      return add({ serviceAccount: owner.id, project: owner.project.id }, owner.project, drawn.permissions)
    return add({ project: owner.id }, owner, drawn.permissions ?? [])
  })

  const own = new Map(Object.entries(PERMISSIONS).map(([key, { scope }]) => [key, scope]))
  const model = { permissions: PLATFORM, own, members, teams, projects, grants, accounts, keys }
  return { model, organizationId, admin: members[0]!, tokens }
}

function pick<T>(all: readonly T[], number: number): T {
  return all[number % all.length]!
}

async function inTurn<From, To>(all: readonly From[], make: (from: From, n: number) => Promise<To>): Promise<To[]> {
  const made: To[] = []
  for (const [n, from] of all.entries()) made.push(await make(from, n))
  return made
}
