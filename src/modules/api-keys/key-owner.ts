import { type AccessObject, notFound, type Permission, type ReadContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { type ProjectObject, type ProjectRow, projectObject } from '../projects'
import { serviceAccountObject } from '../service-accounts'
import type { ApiKeyOwner } from './api-key-change.store'

/** Whom a new key is to act for. */
export type KeyOwnerInput = { organizationId: string } | { projectId: string } | { serviceAccountId: string }

/** The owner of a key as decisions about it need it. */
export interface KeyOwnerObject extends AccessObject {
  organizationId: string
  owner: ApiKeyOwner
  /** Where the key works; null for a personal key that works in all projects. */
  project: ProjectRow | null
  /** What the actor holds where the key works, besides the organization role. */
  held: ReadonlySet<string>
  /** The role of the service account; null for other owners. */
  roleId: string | null
  /** Out of use; only service accounts can be. */
  isDisabled: boolean
}

/** What everybody may do with personal keys of their own. */
const OWN: ReadonlySet<Permission> = new Set(['api_key.read', 'api_key.create', 'api_key.revoke'])

/**
 * Loads whom a new key is to act for. A personal one is made by the person, who needs no permission for it.
 *
 * @param limit  the project to which a personal key is cut down
 * @throws FORBIDDEN  the actor is a key, or the operator asks for a personal one
 * @throws NOT_FOUND  project or service account do not exist, or the actor cannot see them
 */
export async function ownerOfNewKey(
  context: ReadContext,
  input: KeyOwnerInput,
  limit: string | null,
): Promise<KeyOwnerObject> {
  refuseKeys(context)
  if ('organizationId' in input) return personalOwner(context, input.organizationId, limit)
  if (limit)
    throw new AppError('INVALID', 'Only a personal key is cut down to a project; others work in one anyway.', {
      path: ['input', 'projectId'],
    })
  if ('projectId' in input)
    return inProject(await projectObject(context, context.organizationId, { id: input.projectId }), null)
  const object = await serviceAccountObject(context, input)
  return inProject(object, object.account)
}

/** Keys never make keys: a stolen one must not be able to outlive its end. @throws FORBIDDEN */
export function refuseKeys({ actor }: ReadContext): void {
  if (actor.kind !== 'key') return
  throw new AppError('FORBIDDEN', 'API keys cannot make, rotate or change keys; sign in and do it as a person.')
}

/** @throws FORBIDDEN  somebody else than the person it acts for wants to make or change a personal key */
export function refuseOthers({ actor }: ReadContext, memberId: string): void {
  if (actor.kind === 'member' && actor.memberId === memberId) return
  throw new AppError(
    'FORBIDDEN',
    'Only the person for whom a personal key acts makes or changes it; you may revoke it.',
  )
}

/** The owner of a key that works in one project. */
export function inProject(
  object: ProjectObject,
  account: { id: string; status: 'ACTIVE' | 'DISABLED'; role: { id: string } } | null,
): KeyOwnerObject {
  const { organizationId, project, permissionsHere } = object
  return {
    organizationId,
    permissionsHere,
    owner: {
      kind: account ? 'SERVICE_ACCOUNT' : 'PROJECT',
      memberId: null,
      serviceAccountId: account?.id ?? null,
      projectId: project.id,
    },
    project,
    held: permissionsHere ?? NOTHING,
    roleId: account?.role.id ?? null,
    isDisabled: account?.status === 'DISABLED',
  }
}

/** The member who acts, as the owner of a personal key. @throws NOT_FOUND  the project */
export async function personalOwner(
  context: ReadContext,
  organizationId: string,
  projectId: string | null,
): Promise<KeyOwnerObject> {
  const { actor } = context
  if (actor.kind !== 'member') {
    if (actor.kind === 'operator')
      throw new AppError('FORBIDDEN', 'A personal key is made by the person for whom it acts, signed in.')
    throw notFound('The organization')
  }
  const limit = projectId ? await projectObject(context, organizationId, { id: projectId }) : null
  return {
    organizationId,
    permissionsHere: OWN,
    owner: { kind: 'MEMBER', memberId: actor.memberId, serviceAccountId: null, projectId },
    project: limit?.project ?? null,
    held: limit?.permissionsHere ?? NOTHING,
    roleId: null,
    isDisabled: false,
  }
}

const NOTHING: ReadonlySet<string> = new Set()
