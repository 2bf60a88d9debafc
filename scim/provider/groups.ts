import {
  type ChangedDirectoryGroup,
  changeDirectoryGroup,
  changeDirectoryGroupAccess,
  createDirectoryGroup,
  type DirectoryGroup,
  deleteDirectoryGroup,
  type GroupMember,
  searchDirectoryGroups,
} from '../../src/modules/directories'
import {
  applyPatch,
  GROUP,
  groupPatch,
  type JsonValue,
  type MembershipChange,
  memberIds,
  type Projection,
  type Resource,
  readNewResource,
  readPatch,
  replaceResource,
  ScimError,
} from '../protocol'
import { checkVersion, type DirectoryRequest, type Written } from './directory-request'
import { deltaOf, draftOfGroup, groupResource, joiningOf, storedGroup, uuidOfGroup } from './group-resource'
import { inUseCase } from './refusal'
import { searchById } from './search'
import { type ShownResource, shownResource } from './shown-resource'

/** POST /Groups. @throws ScimError, AppError */
export async function createGroup(
  request: DirectoryRequest,
  body: JsonValue,
  projection: Projection,
): Promise<Written> {
  const { operation, place, mode } = request
  const resource = readNewResource(GROUP, body, mode)
  const members = joiningOf(memberIds(resource))
  const draft = draftOfGroup(resource)
  const { output, changes } = await operation.execute(createDirectoryGroup, { ...place, draft, members })
  return { outcome: 'CREATED', shown: await shown(request, output, projection), changes, groupId: output.id }
}

/** GET /Groups/{id}; members are looked at only when the answer shows them. @throws ScimError  404 */
export async function readGroup(request: DirectoryRequest, id: string, projection: Projection): Promise<ShownResource> {
  const { operation, place, base } = request
  const uuid = uuidOfGroup(id)
  const withMembers = projection.wants('members')
  const found =
    uuid && (await operation.execute(searchDirectoryGroups, { ...place, search: searchById(GROUP, uuid), withMembers }))
  const group = found && found.rows[0]
  if (!group) throw noSuchGroup(id)
  return shownResource(groupResource(group, found.members, base), projection)
}

/** PUT /Groups/{id}: who is not in the list leaves. @param ifMatch  what the client has seen @throws ScimError, AppError */
export function replaceGroup(
  request: DirectoryRequest,
  id: string,
  body: JsonValue,
  projection: Projection,
  ifMatch: string | undefined,
): Promise<Written> {
  return changeGroup(request, id, projection, ifMatch, (stored) => {
    const { resource, changes } = replaceResource(GROUP, stored, body, request.mode)
    const membership = [{ kind: 'ids' as const, isReplacement: true, added: memberIds(resource), removed: [] }]
    return { resource, changes: changes.filter((name) => name !== 'members'), membership }
  })
}

/** PATCH /Groups/{id}: costs what it changes. @param ifMatch  what the client has seen @throws ScimError, AppError */
export function patchGroup(
  request: DirectoryRequest,
  id: string,
  body: JsonValue,
  projection: Projection,
  ifMatch: string | undefined,
): Promise<Written> {
  const { edits, membership } = groupPatch(readPatch(GROUP, body, request.mode), request.mode)
  return changeGroup(request, id, projection, ifMatch, (stored) => ({
    ...applyPatch(GROUP, stored, edits, request.mode),
    membership,
  }))
}

/** DELETE /Groups/{id}. @param ifMatch  what the client has seen @throws ScimError, AppError */
export async function deleteGroup(
  { operation, place }: DirectoryRequest,
  id: string,
  ifMatch: string | undefined,
): Promise<Written> {
  const groupId = uuidOfGroup(id)
  if (!groupId) throw noSuchGroup(id)
  const check = (stored: DirectoryGroup) => checkVersion(ifMatch, stored)
  const { changes } = await operation.execute(deleteDirectoryGroup, { ...place, groupId, check })
  return { outcome: 'DELETED', changes, groupId }
}

interface GroupChange {
  readonly resource: Resource
  readonly changes: readonly string[]
  readonly membership: readonly MembershipChange[]
}

async function changeGroup(
  request: DirectoryRequest,
  id: string,
  projection: Projection,
  ifMatch: string | undefined,
  changeOf: (stored: Resource) => GroupChange,
): Promise<Written> {
  const groupId = uuidOfGroup(id)
  if (!groupId) throw noSuchGroup(id)
  const change = (stored: DirectoryGroup, members: () => Promise<readonly GroupMember[]>) =>
    inUseCase(async (): Promise<ChangedDirectoryGroup> => {
      checkVersion(ifMatch, stored)
      const { resource, changes, membership } = changeOf(storedGroup(stored))
      const deltas = await Promise.all(membership.map((one) => deltaOf(one, members, request.base)))
      return { draft: draftOfGroup(resource), changes, membership: deltas }
    })
  const { operation, place } = request
  const input = { ...place, groupId, change }
  const first = await operation.execute(changeDirectoryGroup, input)
  const { output, changes } =
    first.output.kind === 'somebody-may-lose' ? await operation.execute(changeDirectoryGroupAccess, input) : first
  if (output.kind === 'somebody-may-lose') throw new Error('A change was refused to whoever may make it')
  const outcome = output.kind === 'changed' ? 'CHANGED' : 'UNCHANGED'
  return { outcome, shown: await shown(request, output.group, projection), changes, groupId }
}

async function shown(
  { operation, place, base }: DirectoryRequest,
  group: DirectoryGroup,
  projection: Projection,
): Promise<ShownResource> {
  if (!projection.wants('members') || group.memberCount === 0)
    return shownResource(groupResource(group, undefined, base), projection)
  const search = searchById(GROUP, group.id)
  const { members } = await operation.execute(searchDirectoryGroups, { ...place, search, withMembers: true })
  return shownResource(groupResource(group, members, base), projection)
}

function noSuchGroup(id: string): ScimError {
  return new ScimError(404, undefined, `There is no Group ${JSON.stringify(id.slice(0, 80))} here.`)
}
