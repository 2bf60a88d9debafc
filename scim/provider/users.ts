import { AppError } from '../../src/kernel/errors'
import {
  type ChangedDirectoryUser,
  changeDirectoryUser,
  createDirectoryUser,
  type DirectoryUser,
  type DirectoryUserChanged,
  deactivateDirectoryAdmin,
  deleteDirectoryUser,
  type Recorded,
  readDirectoryUser,
} from '../../src/modules/directories'
import {
  applyPatch,
  type Changed,
  type JsonValue,
  type Projection,
  type Resource,
  readNewResource,
  readPatch,
  refusal,
  replaceResource,
  ScimError,
  USER,
} from '../protocol'
import { checkVersion, type DirectoryRequest, type Written } from './directory-request'
import { inUseCase } from './refusal'
import type { ShownResource } from './shown-resource'
import { draftOfUser, shownUser, storedUser, uuidOfUser } from './user-resource'

/** POST /Users. @throws ScimError, AppError */
export async function createUser(request: DirectoryRequest, body: JsonValue, projection: Projection): Promise<Written> {
  const { operation, place, base, mode } = request
  const draft = draftOfUser(readNewResource(USER, body, mode), true)
  const create = () => operation.execute(createDirectoryUser, { ...place, draft })
  const { output, changes } = await create().catch((error: unknown) => {
    // Somebody got the address since it was looked for: now they are found, and it is decided what that means.
    if (error instanceof AppError && error.code === 'ALREADY_MEMBER') return create()
    throw error
  })
  if (output.kind === 'conflict') throw new MemberConflict(output.memberId)
  const { user, isAdopted } = output
  return {
    outcome: isAdopted ? 'ADOPTED' : 'CREATED',
    shown: shownUser(user, base, projection),
    changes,
    userId: user.id,
    memberId: user.memberId,
  }
}

/** A member has the address of somebody who is pushed, and the directory may not take the member over by itself. */
export class MemberConflict extends ScimError {
  /** @param memberId  UUID */
  constructor(readonly memberId: string) {
    const { status, scimType, detail } = refusal(
      'uniqueness',
      'A member of the organization has the e-mail address of this user. An Admin can confirm in the list of conflicts that they are the same person; the next attempt then succeeds.',
    )
    super(status, scimType, detail)
  }
}

/** GET /Users/{id}. @throws ScimError  404 */
export async function readUser(request: DirectoryRequest, id: string, projection: Projection): Promise<ShownResource> {
  const { operation, place, base } = request
  const uuid = uuidOfUser(id)
  const withGroups = projection.wants('groups')
  const found = uuid && (await operation.execute(readDirectoryUser, { ...place, userId: uuid, withGroups }))
  if (!found) throw noSuchUser(id)
  return shownUser(found, base, projection)
}

/** PUT /Users/{id}. @param ifMatch  what the client has seen @throws ScimError, AppError */
export function replaceUser(
  request: DirectoryRequest,
  id: string,
  body: JsonValue,
  projection: Projection,
  ifMatch: string | undefined,
): Promise<Written> {
  const changeOf = (stored: Resource) => replaceResource(USER, stored, body, request.mode)
  return changeUser(request, id, projection, ifMatch, changeOf)
}

/** PATCH /Users/{id}. @param ifMatch  what the client has seen @throws ScimError, AppError */
export function patchUser(
  request: DirectoryRequest,
  id: string,
  body: JsonValue,
  projection: Projection,
  ifMatch: string | undefined,
): Promise<Written> {
  const edits = readPatch(USER, body, request.mode)
  return changeUser(request, id, projection, ifMatch, (stored) => applyPatch(USER, stored, edits, request.mode))
}

/** DELETE /Users/{id}. @param ifMatch  what the client has seen @throws ScimError, AppError */
export async function deleteUser(
  { operation, place }: DirectoryRequest,
  id: string,
  ifMatch: string | undefined,
): Promise<Written> {
  const userId = uuidOfUser(id)
  if (!userId) throw noSuchUser(id)
  const check = (stored: DirectoryUser) => checkVersion(ifMatch, stored)
  const { output, changes } = await operation.execute(deleteDirectoryUser, { ...place, userId, check })
  return { outcome: 'DELETED', changes, userId, memberId: output.memberId }
}

async function changeUser(
  request: DirectoryRequest,
  id: string,
  projection: Projection,
  ifMatch: string | undefined,
  changeOf: (stored: Resource) => Changed,
): Promise<Written> {
  const userId = uuidOfUser(id)
  if (!userId) throw noSuchUser(id)
  const change = (stored: DirectoryUser): ChangedDirectoryUser | null =>
    inUseCase(() => {
      checkVersion(ifMatch, stored)
      const { resource, changes } = changeOf(storedUser(stored))
      return changes.length > 0 ? { draft: draftOfUser(resource, stored.active), changes } : null
    })
  const { operation, place } = request
  const input = { ...place, userId, change, withGroups: projection.wants('groups') }
  const first = await operation.execute(changeDirectoryUser, input)
  const done = first.output.kind === 'admin-leaves' ? await operation.execute(deactivateDirectoryAdmin, input) : first
  return writtenOf(request, done, projection)
}

function writtenOf(
  { base }: DirectoryRequest,
  { output, changes }: Recorded<DirectoryUserChanged>,
  projection: Projection,
): Written {
  if (output.kind === 'admin-leaves') throw new Error('An Admin was not let go by whoever may do it')
  const { user, groups } = output
  return {
    outcome: outcomeOf(output),
    shown: shownUser({ ...user, groups }, base, projection),
    changes,
    userId: user.id,
    memberId: user.memberId,
  }
}

function outcomeOf({
  kind,
  user,
  wasActive,
}: Extract<DirectoryUserChanged, { user: DirectoryUser }>): Written['outcome'] {
  if (kind === 'unchanged') return 'UNCHANGED'
  if (user.active === wasActive) return 'CHANGED'
  return user.active ? 'REACTIVATED' : 'DEACTIVATED'
}

function noSuchUser(id: string): ScimError {
  return new ScimError(404, undefined, `There is no User ${JSON.stringify(id.slice(0, 80))} here.`)
}
