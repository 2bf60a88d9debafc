import { notFound, refuseEscalation, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { findRole, type Role } from '../roles'
import { type Principal, principalTarget } from './principal.model'
import type { ProjectObject } from './project-access'
import { findGrantees, type Grantee, type ProjectGrantRow, upsertGrants } from './project-grant.store'

/** A role in a project for several members and teams. */
export interface GrantRole {
  /** Null stands for what is no member's or team's id. */
  principals: readonly (Principal | null)[]
  roleId: string
  /** Null: it does not end by itself. */
  expiresAt: Date | null
  /** Whether a rule of a directory gives it; nobody else changes what a rule has given. */
  byRule?: boolean
}

/** What became of each principal, in the order of the input: its grant, or why there is none. */
export type GrantItem = { grant: ProjectGrantRow; error: null } | { grant: null; error: AppError }

/**
 * Gives or changes a role in a project. Who has it already, with the same end, succeeds without a change; who does not
 * exist, is named twice or has what a rule of a directory gives fails alone.
 *
 * @throws NOT_FOUND  the role does not exist
 * @throws INVALID  the role is not one for projects, or the end is over already
 * @throws FORBIDDEN  the role allows more than the actor may do in the project
 * @throws WRONG_STATE  the project is archived
 */
export async function grantRole(
  context: WriteContext,
  object: ProjectObject,
  { principals, roleId, expiresAt, byRule = false }: GrantRole,
): Promise<GrantItem[]> {
  const { project, organizationId } = object
  if (project.status === 'ARCHIVED') throw new AppError('WRONG_STATE', 'Take the project out of the archive first.')
  if (expiresAt && expiresAt.getTime() <= Date.now())
    throw new AppError('INVALID', 'A grant ends in the future; remove it to end it now.', { path: ['expiresAt'] })
  const role = await grantableRole(context, object, roleId)
  const known = principals.flatMap((principal) => principal ?? [])
  const grantees = await findGrantees(context.tx, organizationId, project.id, known)
  const { errors, changing } = judge(principals, grantees, (grantee) => {
    if (hasIt(grantee, role, expiresAt)) return 'done'
    return grantee.isOfRule && !byRule ? 'managed' : 'changing'
  })
  const terms = { projectId: project.id, roleId: role.id, roleKey: role.key, expiresAt }
  const given =
    changing.length > 0 ? await upsertGrants(context.tx, organizationId, changing, terms, context.actor) : null
  for (const grantee of changing) auditGrant(context, object, grantee, role, expiresAt)
  return principals.map((principal, index) => {
    const error = errors[index] ?? null
    if (error) return { grant: null, error }
    return { grant: (given?.get(principal!.id) ?? grantees.get(principal!.id)!.grant)!, error }
  })
}

function hasIt({ grant }: Grantee, role: Role, expiresAt: Date | null): boolean {
  return grant?.roleId === role.id && grant.expiresAt?.getTime() === expiresAt?.getTime()
}

function judge(
  principals: readonly (Principal | null)[],
  grantees: ReadonlyMap<string, Grantee>,
  standing: (grantee: Grantee) => 'done' | 'managed' | 'changing',
): { errors: (AppError | null)[]; changing: Grantee[] } {
  const seen = new Set<string>()
  const changing: Grantee[] = []
  const errors = principals.map((principal) => {
    const grantee = principal ? grantees.get(principal.id) : undefined
    if (!grantee) return new AppError('NOT_FOUND', 'No such member or team here.')
    if (seen.has(grantee.id)) return new AppError('INVALID', 'It is named twice.')
    seen.add(grantee.id)
    const stands = standing(grantee)
    if (stands === 'changing') changing.push(grantee)
    return stands === 'managed' ? givenByRule() : null
  })
  return { errors, changing }
}

/** The refusal to change by hand what a rule of a directory gives. */
export function givenByRule(): AppError {
  return new AppError(
    'MANAGED_BY_DIRECTORY',
    'A rule of a directory gives this role. Change the rules of the directory, or pause it.',
  )
}

function auditGrant(
  context: WriteContext,
  { project }: ProjectObject,
  grantee: Grantee,
  role: Role,
  expiresAt: Date | null,
): void {
  const before = grantee.grant
  const ends = { before: before?.expiresAt?.toISOString() ?? null, after: expiresAt?.toISOString() ?? null }
  context.audit({
    action: 'project.access.granted',
    targets: [
      { type: 'Project', id: toTypeId('Project', project.id), label: project.name },
      principalTarget(grantee, grantee.label),
    ],
    changes: [
      { field: 'role', before: before?.roleKey ?? null, after: role.key },
      ...(ends.before === ends.after ? [] : [{ field: 'expiresAt', ...ends }]),
    ],
  })
}

/** Nobody hands out more than they hold. */
async function grantableRole(context: WriteContext, object: ProjectObject, roleId: string): Promise<Role> {
  const role = await findRole(context.tx, object.organizationId, roleId)
  if (!role) throw notFound('The role')
  if (role.scope !== 'PROJECT')
    throw new AppError('INVALID', `${role.name} is a role of the organization; choose one for projects.`, {
      path: ['roleId'],
    })
  refuseEscalation(context.actor, role.permissions, object, ['roleId'])
  return role
}
